/** What a benchmark asks of a bot's process, and what comes back. One message for each, told apart by `id`. */
import type { SendingFacts } from "./send-watch.ts";

/** A voice channel somebody is in. */
export interface Room {
  readonly guildId: string;
  readonly channelId: string;
}

export type Ask =
  /** Plays the same file in all these rooms, as after `/play`. */
  | { readonly what: "play"; readonly rooms: readonly Room[]; readonly source: string }
  /** Plays the files in their order. */
  | { readonly what: "queue"; readonly room: Room; readonly sources: readonly string[] }
  /** Ends the songs and stays in the channels. */
  | { readonly what: "stop"; readonly rooms: readonly Room[] }
  | { readonly what: "leave"; readonly room: Room }
  /** Begins to note when voice packets are sent. */
  | { readonly what: "watch" }
  /** Ends that, and tells what was sent and what it cost. */
  | { readonly what: "unwatch" };

export interface Question {
  readonly id: number;
  readonly ask: Ask;
}

export type Answer =
  | { readonly id: number; readonly facts?: WatchFacts }
  | { readonly id: number; readonly error: string };

/** Between `watch` and `unwatch`. */
export interface WatchFacts extends SendingFacts {
  readonly elapsedMs: number;
  /** User and system time of the process itself, without its children. */
  readonly cpuMs: number;
  readonly rssBytes: number;
}
