// Port of the live leg: a song that is heard while it arrives.
import type { AudioProfile } from "../core/audio-profile.ts";
import type { OpusPackets, Playback } from "../core/opus-packets.ts";

/** A file that grows at its end. */
export interface GrowingFile {
  /**
   * Reads at a position; waits while nothing is there. 0 = the file is whole and ends here, `anew` = another file
   * takes its place.
   * @throws {AppError} why it will never be whole, where its bytes end; `ABORTED`
   */
  read(into: Buffer, position: number, signal: AbortSignal): Promise<number | "anew">;
}

/** A recording on its way: one file, or several when the source begins anew. */
export interface Arrival {
  /**
   * The file to read after that one; waits for it. `undefined` = that one is the whole recording.
   * @throws {AppError} why there will be none; `ABORTED`
   */
  next(former: GrowingFile | undefined, signal: AbortSignal): Promise<GrowingFile | undefined>;
  /**
   * Resolves when all of it has been looked at and is whole. Without it a song that was cut off would seem to end.
   * @throws {AppError} why it is not; `ABORTED`
   */
  accepted(signal: AbortSignal): Promise<void>;
  /** Announced length of the recording, as far as it is known by now. */
  readonly durationMs: number | null;
  /** Loudness in LUFS of all that will be heard: measured before, told by the source, or by now measured. */
  readonly loudnessLufs: number | null;
}

export interface LiveRequest {
  readonly arrival: Arrival;
  readonly profile: AudioProfile;
  /** A free name, asked for when the first file is there: what is heard stands in a file that loses its name at once. */
  readonly tapePath: () => string;
}

/** A song that is being heard while it arrives, by any number of listeners from its beginning. */
export interface LiveSong {
  /** Resolves when about a second can be heard; stays open when nothing ever can. */
  readonly audible: Promise<void>;
  /** Packets for one listener; where they end too early, `next` throws why. */
  open(playback: Playback, signal: AbortSignal): Promise<OpusPackets>;
  /** Resolves when all of it is on tape, or it was ended, and no child is left. */
  readonly ended: Promise<void>;
  /** Nobody opens it any more; its file goes with the last packets. */
  release(): Promise<void>;
}

export interface LiveTranscoder {
  /** Decodes, levels and encodes what arrives, never far ahead of its listeners. The signal ends it at once. */
  start(request: LiveRequest, signal: AbortSignal): LiveSong;
}
