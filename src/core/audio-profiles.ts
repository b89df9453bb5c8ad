/** The profiles there are, made from what the operator wants. */
import {
  type AudioProfile,
  audioProfile,
  type Compressor,
  PIPELINE_VERSION,
  type ProfileId,
} from "./audio-profile.ts";
import { EFFECT_NAMES, type EffectName, withEffect } from "./effects.ts";

export const PROFILE_NAMES = ["standard", "quiet", "night", "raw"] as const;

export type ProfileName = (typeof PROFILE_NAMES)[number];

/** What the operator's settings say about the sound. */
export interface SoundSettings {
  /** Loudness of `standard` in LUFS; `quiet` and `night` are {@link QUIETER_LU} below it. */
  readonly loudnessTargetLufs: number;
  readonly truePeakCeilingDbtp: number;
  readonly bitrateKbps: number;
}

export type AudioProfiles = Readonly<Record<ProfileName, AudioProfile>>;

/** How a guild hears songs: a profile, and on top of it an effect if it wants one. */
export interface GuildSound {
  /** Without the effect. */
  readonly plain: AudioProfile;
  readonly effect: EffectName | undefined;
}

export interface GuildProfiles {
  /** What the guild has chosen, else the bot's. */
  soundOf(guildId: string): Promise<GuildSound>;
  /** The profile that follows from both. */
  profileOf(guildId: string): Promise<AudioProfile>;
  /** From the next song on; `undefined` = the bot's again. */
  setProfile(guildId: string, name: ProfileName | undefined): Promise<GuildSound>;
  /** From the next song on; `undefined` = none. */
  setEffect(guildId: string, name: EffectName | undefined): Promise<GuildSound>;
}

/** At the usual target of -14 LUFS this gives -20: room for music behind a conversation. */
const QUIETER_LU = 6;

/**
 * Begins to work 12 dB below the mean, so that all but the softest passages come nearer to each other. Fast enough
 * for a loud entry, slow enough not to pump: a passage that was 18 LU apart from another is 7 LU apart from it.
 */
const NIGHT_COMPRESSOR: Compressor = {
  thresholdDb: -12,
  ratio: 3,
  attackMs: 20,
  releaseMs: 500,
  kneeDb: 9,
};

/**
 * Level and dynamics of the source, in the same container. Only a song whose peaks would clip is touched: above full
 * scale (and the 1 dB below it that coding may add) its peaks pass the limiter of the other profiles.
 */
const RAW = { loudnessTargetLufs: null, truePeakCeilingDbtp: 0 };

/** All profiles by name. */
export function audioProfiles({
  loudnessTargetLufs,
  truePeakCeilingDbtp,
  bitrateKbps,
}: SoundSettings): AudioProfiles {
  const coding = { bitrateKbps, channels: 2, pipelineVersion: PIPELINE_VERSION } as const;
  const standard = { ...coding, loudnessTargetLufs, truePeakCeilingDbtp };
  const quiet = { ...standard, loudnessTargetLufs: loudnessTargetLufs - QUIETER_LU };
  return {
    standard: audioProfile("standard", standard),
    quiet: audioProfile("quiet", quiet),
    night: audioProfile("night", { ...quiet, compressor: NIGHT_COMPRESSOR }),
    raw: audioProfile("raw", { ...coding, ...RAW }),
  };
}

/** Folders of songs that may be played, without and with every effect; every other profile's folder is stale. */
export function currentProfileIds(profiles: AudioProfiles): ReadonlySet<ProfileId> {
  const plain = Object.values(profiles);
  const altered = plain.flatMap((profile) => EFFECT_NAMES.map((name) => withEffect(profile, name)));
  return new Set([...plain, ...altered].map(({ id }) => id));
}

/** `undefined` = there is no profile of that name. */
export function parseProfileName(text: string): ProfileName | undefined {
  return PROFILE_NAMES.find((name) => name === text);
}
