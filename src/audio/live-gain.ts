// The gain of a song whose loudness is not known for certain yet: it follows, slower than one hears.

/** How fast the gain may move. Down faster than up: what is too loud disturbs more. */
export const GAIN_DOWN_DB_PER_S = 1;
export const GAIN_UP_DB_PER_S = 0.5;

/** What a song is taken for before it is heard, counting as much as so many milliseconds of measuring. */
const TYPICAL = { loudnessLufs: -14, weightMs: 1_000 };
/** Without the whole song at hand it is not lifted beyond this: what begins with silence may become loud. */
const MAX_GUESSED_GAIN_DB = 15;
/** No half second that is coming may be louder than the target by more than this. */
const HEADROOM_LU = 8;

/** What is known about a song's loudness at one moment, in LUFS. */
export type Hearing =
  /** Measured before, by the source, or by now on the whole download. */
  | { readonly status: "known"; readonly loudnessLufs: number }
  | {
      readonly status: "guessed";
      /** Gated, of what has been decoded; `null` = only silence yet. */
      readonly loudnessLufs: number | null;
      readonly measuredMs: number;
      /** The loudest 400 ms of what comes next. */
      readonly loudestAheadLufs: number;
    };

/** The gain that would be right now, in dB, before any limit of its speed. */
export function wantedGainDb(hearing: Hearing, targetLufs: number): number {
  if (hearing.status === "known") return targetLufs - hearing.loudnessLufs;
  const { loudnessLufs, measuredMs, loudestAheadLufs } = hearing;
  // What is silent so far says nothing about the song.
  const weightMs = loudnessLufs === null ? 0 : measuredMs;
  const sum = TYPICAL.loudnessLufs * TYPICAL.weightMs + (loudnessLufs ?? 0) * weightMs;
  const followed = targetLufs - sum / (TYPICAL.weightMs + weightMs);
  return Math.min(followed, MAX_GUESSED_GAIN_DB, targetLufs + HEADROOM_LU - loudestAheadLufs);
}

/** The gain from here to there, within its speed; a song's first gain is taken at once. */
export function nextGainDb(gainDb: number | undefined, wantedDb: number, durationMs: number): number {
  if (gainDb === undefined) return wantedDb;
  const down = (GAIN_DOWN_DB_PER_S * durationMs) / 1000;
  const up = (GAIN_UP_DB_PER_S * durationMs) / 1000;
  return Math.min(Math.max(wantedDb, gainDb - down), gainDb + up);
}

/** Multiplies a block of stereo samples, in place, by a gain that goes evenly from one value to the other. */
export function applyGain(block: Float32Array, fromDb: number, toDb: number): void {
  const frames = block.length / 2;
  let factor = 10 ** (fromDb / 20);
  const step = 10 ** ((toDb - fromDb) / 20 / frames);
  for (let at = 0; at < block.length; at += 2) {
    factor *= step;
    block[at] = (block[at] ?? 0) * factor;
    block[at + 1] = (block[at + 1] ?? 0) * factor;
  }
}
