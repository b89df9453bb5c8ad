// The filter chains of the two passes and the tags of the result, as ffmpeg arguments.
import type { Effect } from "../core/audio-profile.ts";
import type { Compression, GainPlan, LiveCompression } from "./loudness.ts";

/** Downmix and resample come first, so that what is measured is what is heard. Floats keep what is above full scale. */
const HEARD = "aformat=sample_fmts=flt:sample_rates=48000:channel_layouts=stereo";
// Timestamps are counted anew from the samples. A part that is missing in the file then shortens the result instead of
// hiding in a gap, and the length can be judged. Behind the limiter, because that one jumps ahead by 5 ms now and then.
const COUNT = "asetpts=N/SR/TB";
const MEASURE = "ebur128=peak=true:framelog=verbose";

/** Lowest `limit` that ffmpeg takes, in linear terms. */
const LOWEST_LIMIT = 0.0625;
/** Lowest `threshold` of the compressor that ffmpeg takes, in linear terms: -60 dBFS. */
const LOWEST_THRESHOLD = 0.001;

/** What is done to a song before its loudness is set. */
export interface Shape {
  readonly effect?: Effect | undefined;
  readonly compression?: Compression | undefined;
}

/** What is heard before anything is done about its loudness. */
export function heardFilter(effect?: Effect): string {
  return effect ? `${HEARD},${effect.chain}` : HEARD;
}

/** Measures what is heard, or what would be heard in that shape. */
export function measureFilter({ effect, compression }: Shape = {}): string {
  return [heardFilter(effect), ...compress(compression), COUNT, MEASURE].join(",");
}

/** Only counts the samples. */
export function countFilter(): string {
  return [HEARD, COUNT].join(",");
}

/**
 * Effect and compressor if there are any, gain, and the limiter if the plan has one. Only behind that the loudness has to
 * be measured; behind a gain alone it is known, which saves a third of the time.
 */
export function normalizeFilter(
  { gainDb, limitDbfs }: GainPlan,
  { effect, compression }: Shape = {},
): string {
  const levelled = [heardFilter(effect), ...compress(compression), gain(gainDb)];
  const limited = limitDbfs === null ? [COUNT] : [limiter(limitDbfs), COUNT, MEASURE];
  return [...levelled, ...limited].join(",");
}

/** Behind a gain that changes: compressor with its make-up gain if there is one, and the limiter always. */
export function liveFilter(limitDbfs: number, compression?: LiveCompression): string {
  const narrow = compression ? [compressor(compression), gain(compression.makeUpDb)] : [];
  return [...narrow, limiter(limitDbfs), COUNT].join(",");
}

/** The limiter stands only where something is lifted: what is kept is below its ceiling already. */
export function volumeFilter(gainDb: number, limitDbfs: number): string {
  const limit = gainDb > 0 ? [limiter(limitDbfs)] : [];
  return [HEARD, gain(gainDb), ...limit, COUNT].join(",");
}

function gain(db: number): string {
  return `volume=${db.toFixed(1)}dB:precision=float`;
}

/** Both ears get the same gain, by the mean level of both: the room stays where it is. */
function compress(compression: Compression | undefined): string[] {
  return compression ? [gain(compression.preGainDb), compressor(compression)] : [];
}

function compressor({ thresholdDbfs, compressor: numbers }: Omit<Compression, "preGainDb">): string {
  const { ratio, attackMs, releaseMs, kneeDb } = numbers;
  const threshold = Math.max(linear(thresholdDbfs), LOWEST_THRESHOLD).toFixed(6);
  const shape = `ratio=${ratio}:attack=${attackMs}:release=${releaseMs}:knee=${linear(kneeDb).toFixed(6)}`;
  return `acompressor=threshold=${threshold}:${shape}:detection=rms:link=average`;
}

function linear(db: number): number {
  return 10 ** (db / 20);
}

function limiter(limitDbfs: number): string {
  const limit = Math.max(linear(limitDbfs), LOWEST_LIMIT);
  return `alimiter=limit=${limit.toFixed(6)}:level=0:attack=5:release=50:latency=1`;
}

const MAX_TAGS = 32;
/** Together with {@link MAX_TAGS} far below the packet size our own reader accepts. */
const MAX_TAG_LENGTH = 500;

/** Vorbis comments; names that are not plain capitals are left out, values lose control characters and excess. */
export function tagArgs(tags: Readonly<Record<string, string>>): string[] {
  return Object.entries(tags)
    .filter(([name]) => /^[A-Z][A-Z0-9_]{0,39}$/u.test(name))
    .map(([name, value]) => [name, cleanTag(value)] as const)
    .filter(([, value]) => value !== "")
    .slice(0, MAX_TAGS)
    .flatMap(([name, value]) => ["-metadata", `${name}=${value}`]);
}

function cleanTag(value: string): string {
  return value
    .replaceAll(/\p{Cc}+/gu, " ")
    .trim()
    .slice(0, MAX_TAG_LENGTH)
    .toWellFormed();
}
