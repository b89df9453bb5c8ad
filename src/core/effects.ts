/** Effects that a guild may put on top of its profile; people call them filters. */
import { type AudioProfile, audioProfile, type Effect } from "./audio-profile.ts";

/**
 * Another speed with the pitch that comes with it, as a record player does it. The rates are whole numbers, so that the
 * tempo is exact.
 */
const atSpeed = (tempo: number): string => `asetrate=${48_000 * tempo},aresample=48000`;
/** Another pitch at the same speed: played at that speed, then stretched back without changing the pitch. */
const atPitch = (factor: number): string => `${atSpeed(factor)},atempo=${(1 / factor).toFixed(9)}`;
/** A lively room: 15 reflections within a fifth of a second. Turned down, because the filter cuts at full scale. */
const ROOM = "aecho=0.6:0.5:23|41|59:0.25|0.2|0.16,aecho=0.8:0.7:71|97|131:0.3|0.24|0.18";
/** The same for both ears. */
const same = (left: number, right: number): string =>
  ["c0", "c1"].map((ear) => `${ear}=${left}*c0+${right}*c1`).join("|");

/**
 * All effects by the name that people type. None of them hears how loud a song is, so that each sounds alike at any
 * level; gain and limiter come behind them. A song of 3.5 minutes that takes 3.0 s of processor time without one takes
 * 3.7 s with nightcore, 4.1 with bass boost and 4.5 to 5.2 with the others: it is measured once more, and filtered twice.
 */
const EFFECTS = {
  /** Everything below 100 Hz comes 8 dB louder; the shelf ends at 200 Hz. What only shakes the cone is left out. */
  bassboost: { chain: "highpass=f=25,bass=g=8:f=100:w=0.7", tempo: 1 },
  /** Everything above 5 kHz comes 6 dB louder. */
  treble: { chain: "treble=g=6:f=5000:w=0.6", tempo: 1 },
  /** A quarter faster, and four semitones higher. */
  nightcore: { chain: atSpeed(1.25), tempo: 1.25 },
  /** A fifth slower, and four semitones lower. */
  vaporwave: { chain: atSpeed(0.8), tempo: 0.8 },
  /** An eighth slower and two semitones lower, in a lively room: slowed and reverb. */
  slowed: { chain: `${atSpeed(0.875)},${ROOM}`, tempo: 0.875 },
  /** A lively room. */
  reverb: { chain: ROOM, tempo: 1 },
  /** The music goes round the head, once in ten seconds. */
  "8d": { chain: "apulsator=mode=sine:hz=0.1:amount=0.9", tempo: 1 },
  /**
   * What is the same in both ears, such as the voice, comes 24 dB softer than the rest; the bass below 150 Hz stays. Both
   * ears get the same: each other's opposites would be silence on one loudspeaker. A song in mono stays as it is.
   */
  karaoke: {
    chain: [
      "asplit[all][low]",
      `[all]pan=stereo|${same(0.53, -0.47)},highpass=f=150[sides]`,
      `[low]pan=stereo|${same(0.5, 0.5)},lowpass=f=150[bass]`,
      "[sides][bass]amix=inputs=2:normalize=0",
    ].join(";"),
    tempo: 1,
  },
  /** Both ears hear both channels, for one earphone. */
  mono: { chain: `pan=stereo|${same(0.5, 0.5)}`, tempo: 1 },
  /** What differs between the ears comes twice as loud. */
  wide: { chain: "extrastereo=m=2:c=0", tempo: 1 },
  /** A small old radio: from 250 to 3,500 Hz. */
  lofi: { chain: "highpass=f=250,lowpass=f=3500", tempo: 1 },
  /** Swells four times a second. */
  tremolo: { chain: "tremolo=f=4:d=0.7", tempo: 1 },
  /** All comes back once, a third of a second later and 6 dB softer. */
  echo: { chain: "aecho=0.8:0.6:333:0.4", tempo: 1 },
  /** Seven semitones higher at the same speed. */
  chipmunk: { chain: atPitch(1.5), tempo: 1 },
  /** Five semitones lower at the same speed. */
  deep: { chain: atPitch(0.75), tempo: 1 },
  /** A quarter faster at the same pitch. */
  fast: { chain: "atempo=1.25", tempo: 1.25 },
} as const satisfies Readonly<Record<string, Effect>>;

export type EffectName = keyof typeof EFFECTS;

export const EFFECT_NAMES = Object.keys(EFFECTS) as readonly EffectName[];

/** A profile with an effect on top. Of those on `standard` the name is the effect's alone. */
export function withEffect(plain: AudioProfile, name: EffectName): AudioProfile {
  const { name: plainName, id: plainId, ...settings } = plain;
  const made = audioProfile(plainName === "standard" ? name : `${plainName}${name}`, {
    ...settings,
    effect: EFFECTS[name],
  });
  return Object.freeze({ ...made, plainId });
}

/** `undefined` = there is no effect of that name. */
export function parseEffectName(text: string): EffectName | undefined {
  return EFFECT_NAMES.find((name) => name === text);
}
