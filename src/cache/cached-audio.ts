import type { AudioProfile, CacheEntry } from "../core/audio-profile.ts";
import type { OpusPackets, Playback } from "../core/opus-packets.ts";
import type { Preparation } from "../core/preparation.ts";
import type { Asked } from "../policy/admission.ts";

export interface AudioRequest extends Asked {
  readonly profile: AudioProfile;
  readonly onProgress?: (progress: Preparation) => void;
}

export type Outcome = "hit" | "miss" | "shared";

/** An open file, before anybody is known to listen to it. */
export type OpenAudio = Omit<CachedAudio, "started">;

/** What has become of a song that was heard while it arrived. */
export type Arrived = Pick<CachedAudio, "entry" | "isStored">;

/**
 * Audio open for reading. It stays readable and is not removed until it is closed: a verified file, or a song that is
 * heard while it arrives.
 */
export interface CachedAudio {
  /** While it arrives only what is known by then: no bytes, and the length that is announced. */
  readonly entry: CacheEntry;
  readonly outcome: Outcome;
  readonly isArriving: boolean;
  /** Given while it arrives: resolves when it is stored, or when it plays this once; `undefined` = it was not accepted. */
  readonly arrived?: Promise<Arrived | undefined>;
  /** False = it plays this once only: there was no room for it, or the cache cannot be written. */
  readonly isStored: boolean;
  /** Its packets from a position on; several can be open at once. Close them first, then the audio. */
  open(playback: Playback, signal: AbortSignal): Promise<OpusPackets>;
  /** It is heard from now on: the play is counted, once. */
  started(): void;
  close(): Promise<void>;
}
