/** What each bot or library must be able to do to be measured. */
import type { Client } from "discord.js";
import type { Room } from "./protocol.ts";

export interface Engine {
  /** Joins if need be and plays a file or an address at once. */
  play(room: Room, source: string): Promise<void>;
  /** Plays one after the other, by whatever way the library has for it. */
  queue(room: Room, sources: readonly string[]): Promise<void>;
  /** Goes on elsewhere in the song that plays; missing = it cannot. */
  seek?(room: Room, positionMs: number): Promise<void>;
  /** Ends the song and stays in the channel. */
  stop(room: Room): Promise<void>;
  leave(room: Room): Promise<void>;
}

export type CreateEngine = (client: Client) => Engine | Promise<Engine>;
