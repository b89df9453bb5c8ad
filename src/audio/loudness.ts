// What ffmpeg's ebur128 filter measured, and the gain that follows from it.
import type { AudioProfile, Compressor, Loudness } from "../core/audio-profile.ts";
import { AppError } from "../core/errors.ts";

/** How one file is brought to its target. */
export interface GainPlan {
  readonly gainDb: number;
  /** Where the limiter holds the samples, in dBFS; `null` = no peak can pass the ceiling, so there is no limiter. */
  readonly limitDbfs: number | null;
}

/** How one file's dynamics are narrowed, before its loudness is set. */
export interface Compression {
  /** Brings the song to its target, so that the same compressor finds every song at the same level. */
  readonly preGainDb: number;
  readonly thresholdDbfs: number;
  readonly compressor: Compressor;
}

/** The same for a song whose loudness is followed: what brings it to its target comes before, and is not constant. */
export interface LiveCompression extends Omit<Compression, "preGainDb"> {
  /** Lifts all by what the compressor takes from music at its target. */
  readonly makeUpDb: number;
}

/** EBU R 128 counts nothing below it (absolute gate, EBU Tech 3341 §2.5); the filter prints it for silence. */
const SILENCE_LUFS = -70;
/**
 * A song that needs more is quieter than -54 LUFS at the usual target: noise, not music, and 100 times its voltage.
 * The other end only has to cover float files that are far beyond full scale.
 */
const GAIN_RANGE_DB = { min: -60, max: 40 };
/** The encoder raises peaks between samples: nearer to the ceiling than this, the limiter comes in. */
const PEAK_MARGIN_DB = 1;
/** A limiter looks at samples, and what lies between them is higher. This covers all but 2 of 40 songs measured. */
const LIMITER_MARGIN_DB = 1.5;
/** By how much the decoded peaks of noise came out higher, measured: 0.8 dB at 64 kbit/s, 1.8 at 32, none at 96. */
const CODER_MARGINS_DB = [
  { belowKbps: 64, db: 2 },
  { belowKbps: 96, db: 1 },
];
/** Where a second encoding wants the peaks to be that the first left above the ceiling, below it. */
const CORRECTED_MARGIN_DB = 0.4;
/** Larger misses than these are worth a second encoding, and a third. Each drives more into the limiter. */
const TOLERANCES_LU = [0.3, 0.5];
/** What the limiter takes from a very dynamic song is not pressed back in beyond this, or nothing is left of it. */
const MAX_CORRECTION_DB = 3;

/**
 * Reads the filter's summary, one decimal each. Anything a file could have put into the log stands before it.
 * @throws {AppError} `TRANSCODE_FAILED` when there is none, or no number in it.
 */
export function parseLoudness(log: string): Loudness {
  const summary = log.slice(log.lastIndexOf("Summary:"));
  const integrated = /^ +I: +(\S+) LUFS$/mu.exec(summary)?.[1];
  const peak = /^ +Peak: +(\S+) dBFS$/mu.exec(summary)?.[1];
  return {
    integratedLufs: level(integrated, SILENCE_LUFS),
    truePeakDbtp: level(peak, Number.NEGATIVE_INFINITY),
  };
}

/** What a constant gain makes of it: loudness and peaks move with it, in decibels. */
export function raisedBy(gainDb: number, { integratedLufs, truePeakDbtp }: Loudness): Loudness {
  const raise = (value: number | null): number | null =>
    value === null ? null : Math.round((value + gainDb) * 10) / 10;
  return { integratedLufs: raise(integratedLufs), truePeakDbtp: raise(truePeakDbtp) };
}

function level(text: string | undefined, silence: number): number | null {
  const value = text === "-inf" ? Number.NEGATIVE_INFINITY : Number(text);
  if (text === undefined || Number.isNaN(value) || value === Number.POSITIVE_INFINITY)
    throw new AppError("TRANSCODE_FAILED", { detail: `no loudness was measured: ${String(text)}` });
  return value <= silence ? null : value;
}

/** The gain from measured to wanted; silence stays as it is, and so does all when the profile has no target. */
export function planGain(source: Loudness, profile: AudioProfile): GainPlan {
  return withGain(missingLu(source, profile), source, profile);
}

/** `undefined` = the profile keeps the dynamics, or there is nothing to narrow. */
export function planCompression(source: Loudness, profile: AudioProfile): Compression | undefined {
  const { compressor, loudnessTargetLufs } = profile;
  if (!compressor || loudnessTargetLufs === null || source.integratedLufs === null) return undefined;
  return {
    preGainDb: allowedGain(missingLu(source, profile)),
    thresholdDbfs: loudnessTargetLufs + compressor.thresholdDb,
    compressor,
  };
}

/** Compressor and limiter for a song that is heard while it arrives. */
export function planLive(profile: AudioProfile): { limitDbfs: number; compression?: LiveCompression } {
  const { compressor, loudnessTargetLufs } = profile;
  const limitDbfs = ceilingBeforeCoding(profile) - LIMITER_MARGIN_DB;
  if (!compressor || loudnessTargetLufs === null) return { limitDbfs };
  const makeUpDb = -compressor.thresholdDb * (1 - 1 / compressor.ratio);
  return {
    limitDbfs,
    compression: { thresholdDbfs: loudnessTargetLufs + compressor.thresholdDb, makeUpDb, compressor },
  };
}

function missingLu({ integratedLufs }: Loudness, { loudnessTargetLufs }: AudioProfile): number {
  return integratedLufs === null || loudnessTargetLufs === null ? 0 : loudnessTargetLufs - integratedLufs;
}

interface Outcome {
  readonly result: Loudness;
  readonly profile: AudioProfile;
  /** How often the song was encoded so far. */
  readonly passes: number;
}

/**
 * A better plan when the result missed the target, as it does when the limiter had much to do, or when peaks between
 * samples passed the ceiling; `undefined` = near enough, or nothing would help.
 */
export function correctGain(
  plan: GainPlan,
  source: Loudness,
  { result, profile, passes }: Outcome,
): GainPlan | undefined {
  const toleranceLu = TOLERANCES_LU[passes - 1];
  if (toleranceLu === undefined) return undefined;
  const missLu = missingLu(result, profile);
  const excessDb = (result.truePeakDbtp ?? Number.NEGATIVE_INFINITY) - ceilingBeforeCoding(profile);
  // One decimal is what the filter prints; computing with it must not turn 0.3 into more.
  const isNear = Math.abs(missLu) < toleranceLu + 0.05 && (excessDb <= 0 || plan.limitDbfs === null);
  if (source.integratedLufs === null || isNear) return undefined;
  const correctionDb = clamp(missLu, -MAX_CORRECTION_DB, MAX_CORRECTION_DB);
  const loweringDb = Math.max(excessDb + CORRECTED_MARGIN_DB, 0);
  const better = withGain(plan.gainDb + correctionDb, source, profile, loweringDb);
  return better.gainDb === plan.gainDb && better.limitDbfs === plan.limitDbfs ? undefined : better;
}

function withGain(wantedDb: number, source: Loudness, profile: AudioProfile, loweringDb = 0): GainPlan {
  const gainDb = allowedGain(wantedDb);
  const peakDbtp = (source.truePeakDbtp ?? Number.NEGATIVE_INFINITY) + gainDb;
  const ceilingDbtp = ceilingBeforeCoding(profile);
  const isLimited = peakDbtp > ceilingDbtp - PEAK_MARGIN_DB;
  return { gainDb, limitDbfs: isLimited ? ceilingDbtp - LIMITER_MARGIN_DB - loweringDb : null };
}

function allowedGain(wantedDb: number): number {
  return Math.round(clamp(wantedDb, GAIN_RANGE_DB.min, GAIN_RANGE_DB.max) * 10) / 10;
}

function ceilingBeforeCoding({ truePeakCeilingDbtp, bitrateKbps }: AudioProfile): number {
  return truePeakCeilingDbtp - (CODER_MARGINS_DB.find(({ belowKbps }) => bitrateKbps < belowKbps)?.db ?? 0);
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
