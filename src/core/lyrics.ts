import type { Track } from "./track.ts";

/** Lyrics as somebody wrote them down. */
export interface KeptLyrics {
  /** `null` = none without times. */
  readonly plain: string | null;
  /** LRC: each line with its time; `null` = none with times. */
  readonly synced: string | null;
  /** There is nothing to sing. */
  readonly isInstrumental: boolean;
}

/** One line, from when on it is sung; without text nothing is sung from then on. */
export interface LyricLine {
  readonly atMs: number;
  readonly text: string;
}

/** The lyrics of a song, ready to be shown. All text is untrusted. */
export interface Lyrics {
  readonly isInstrumental: boolean;
  readonly lines: readonly string[];
  /** The same with times, in their order; empty = the times are not known. */
  readonly timed: readonly LyricLine[];
}

/** Where lyrics come from. */
export interface LyricsFinder {
  /**
   * `undefined` = nobody has written them down.
   * @throws {AppError} `SOURCE_UNREACHABLE`, `RATE_LIMITED`, `ABORTED`
   */
  find(track: Track, signal: AbortSignal): Promise<Lyrics | undefined>;
}
