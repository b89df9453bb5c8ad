import { createHash } from "node:crypto";
import { AppError } from "./errors.ts";
import type { CacheKey } from "./track.ts";

/**
 * Raise it whenever the same numbers would give other bytes (a changed filter chain, another encoder setting).
 * It is part of every profile's id, so files of an older pipeline are never played as if they were new.
 */
export const PIPELINE_VERSION = 1;

/** Narrows the dynamics: what is louder than the threshold is turned down by the ratio, then all is lifted again. */
export interface Compressor {
  /** Where it begins to work, counted from the loudness target: -12 = 12 dB below it. */
  readonly thresholdDb: number;
  /** 3 = what comes in 3 dB louder goes out 1 dB louder. */
  readonly ratio: number;
  readonly attackMs: number;
  readonly releaseMs: number;
  /** Width of the bend around the threshold. */
  readonly kneeDb: number;
}

/** What is done to the music itself, before its loudness is set. */
export interface Effect {
  /** ffmpeg filters with all their numbers, for stereo floats at 48 kHz; they give the same. */
  readonly chain: string;
  /** How much faster it passes: at 1.25 a song of 5 minutes lasts 4. */
  readonly tempo: number;
}

/** How a cached file sounds: every number that shaped its bytes. */
export interface AudioSettings {
  /** Target of the integrated loudness, EBU R 128, in LUFS; `null` = as loud as the source. */
  readonly loudnessTargetLufs: number | null;
  /** Ceiling of the true peak in dBTP. */
  readonly truePeakCeilingDbtp: number;
  readonly bitrateKbps: number;
  readonly channels: 2;
  /** Absent = the dynamics stay as they are. */
  readonly compressor?: Compressor;
  /** Absent = the music as it is. */
  readonly effect?: Effect;
  readonly pipelineVersion: number;
}

/** Settings under a name. The id changes with any number in them. */
export interface AudioProfile extends AudioSettings {
  readonly name: string;
  /** `name-xxxxxxxx`: folder name of the profile's files. */
  readonly id: ProfileId;
  /** The same without its effect; absent = it has none. */
  readonly plainId?: ProfileId;
}

declare const brand: unique symbol;
export type ProfileId = string & { readonly [brand]: "ProfileId" };

const PROFILE_ID = /^[a-z0-9]{1,16}-[0-9a-f]{8}$/u;

/**
 * Makes a profile; the hash covers the settings in a fixed order, so equal numbers give equal ids.
 * @throws {AppError} `INTERNAL` for a name that is not 1 to 16 small letters and digits
 */
export function audioProfile(name: string, settings: AudioSettings): AudioProfile {
  const hash = createHash("sha256")
    .update(JSON.stringify(inOrder(settings)))
    .digest("hex")
    .slice(0, 8);
  const id = parseProfileId(`${name}-${hash}`);
  if (!id) throw new AppError("INTERNAL", { detail: "a profile's name must fit into a folder's name", name });
  return Object.freeze({ ...settings, name, id });
}

/** How much faster than the recording a song in this profile passes; 1 = as it is. */
export function tempoOf({ effect }: Pick<AudioProfile, "effect">): number {
  return effect?.tempo ?? 1;
}

/** Names with their values by name, inside and out. */
function inOrder(settings: object): readonly (readonly [string, unknown])[] {
  return Object.entries(settings)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]: [string, unknown]) => [
      name,
      typeof value === "object" && value !== null ? inOrder(value) : value,
    ]);
}

/** `undefined` = not the name of a profile folder. */
export function parseProfileId(text: string): ProfileId | undefined {
  return PROFILE_ID.test(text) ? (text as ProfileId) : undefined;
}

/** Measured loudness of one recording. */
export interface Loudness {
  /** Integrated loudness in LUFS; `null` = silence, where EBU R 128 defines no value. */
  readonly integratedLufs: number | null;
  /** True peak in dBTP; `null` = silence. */
  readonly truePeakDbtp: number | null;
}

/** What the index remembers about one file. The file is the truth, the row is a note about it. */
export interface CacheEntry {
  readonly key: CacheKey;
  readonly profileId: ProfileId;
  readonly blobRef: string;
  readonly bytes: number;
  readonly durationMs: number;
  readonly sha256: string;
  /** Of the download. `null` when the file was adopted and the source is gone. */
  readonly sourceLoudness: Loudness | null;
  readonly loudness: Loudness;
  readonly createdAtMs: number;
  readonly lastPlayedAtMs: number | null;
  readonly playCount: number;
  readonly pinned: boolean;
  readonly state: "ready" | "evicting" | "evicted";
}

/**
 * False for a file that was adopted while nobody could measure it. Silence that was adopted looks the same: it is
 * measured again now and then, which does no harm.
 */
export function isMeasured({
  sourceLoudness,
  loudness,
}: Pick<CacheEntry, "sourceLoudness" | "loudness">): boolean {
  return sourceLoudness !== null || loudness.integratedLufs !== null;
}

/** Loudness of a file that is measured later. */
export const UNMEASURED: Loudness = { integratedLufs: null, truePeakDbtp: null };
