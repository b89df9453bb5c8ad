import type { Cut } from "../core/cut.ts";
import type { OpusPackets, Playback } from "../core/opus-packets.ts";
import type { Preparation } from "../core/preparation.ts";
import type { QueueItem } from "./queue.ts";

/** Audio of one song, ready to be read. */
export interface PlayableAudio {
  readonly outcome: "hit" | "miss" | "shared";
  readonly bytes: number;
  /** True = it plays while it is fetched, and is stored when it is whole. */
  readonly isArriving: boolean;
  /** Given while it arrives: resolves when it is stored, or will not be; what is said here is true anew then. */
  readonly settled?: Promise<void>;
  /** True = a stream without an end: it has no length and no positions, and is kept nowhere. */
  readonly isLive?: true;
  /** False = it could not be kept and plays this once, or is not stored yet. */
  readonly isStored: boolean;
  /** Of the recording, as all positions are, however fast it passes. */
  readonly durationMs: number;
  /** How fast it passes: at 1.25, 5 minutes of the recording are heard within 4. Absent = as fast as it is. */
  readonly tempo?: number;
  /** Plays before this one. */
  readonly playCount: number;
  /** How loud it was opened last; 100 = as it is kept. */
  readonly volumePercent: number;
  /**
   * Its packets from a position of the recording on, as loud as the guild wants songs to be by then; several can be open at once. Close
   * them first, then the audio.
   */
  open(playback: Pick<Playback, "startMs">, signal: AbortSignal): Promise<OpusPackets>;
  /** It is heard from now on: the play is counted, once. */
  started(): void;
  close(): Promise<void>;
}

export interface AudioWish {
  readonly guildId: string;
  readonly item: QueueItem;
  readonly onProgress: (progress: Preparation) => void;
}

/** Where audio comes from. The signal ends the waiting. */
export type ProvideAudio = (wish: AudioWish, signal: AbortSignal) => Promise<PlayableAudio>;

/** Parts of a song to leave out, in their order and apart from each other. Nothing waits for it. */
export type FindCuts = (wish: Omit<AudioWish, "onProgress">, signal: AbortSignal) => Promise<readonly Cut[]>;

/** What can be done about songs before it is their turn. */
export interface AudioAhead {
  /** Has one fetched if that is worth it and nobody waits for another; true = it is in the cache. */
  fetch(wish: Omit<AudioWish, "onProgress">, signal: AbortSignal): Promise<boolean>;
  /** Audio of a song that is in the cache; `undefined` = it is not. No play is counted before it is started. */
  find(wish: Omit<AudioWish, "onProgress">): Promise<PlayableAudio | undefined>;
}
