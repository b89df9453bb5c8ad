/** What the policy needs to know about a file. */
export interface EvictionCandidate {
  readonly profileId: string;
  readonly key: string;
  readonly lastUsedAtMs: number;
  /** Rank by GDSF, see {@link evictionKey}. */
  readonly evictKey: number;
  /** A file that no row knows was never played, as far as anybody can tell. */
  readonly hasRow: boolean;
}

export type EvictionPolicy = "gdsf" | "lru";

const SIZE_EXPONENT = 0.7;
const SCALE = 1e4;

/** A clean-up that ran because of the limit goes on to this share of it, so that the next song does not start another. */
export const LOW_WATER_MARK = 0.95;

/**
 * GreedyDual-Size-Frequency (Cherkasova 1998): clock + plays * weight, weight = 1e4 / bytes^0.7.
 * The clock is the key of the last victim, so that what was loved long ago ages without a sweep.
 */
export function evictionKey(facts: {
  readonly clock: number;
  readonly playCount: number;
  readonly bytes: number;
}): number {
  return facts.clock + (facts.playCount * SCALE) / Math.max(facts.bytes, 1) ** SIZE_EXPONENT;
}

/** Where a file stands in the order in which files go; no two stand at one place. */
export interface EvictionPlace {
  readonly rank: number;
  readonly profileId: string;
  readonly key: string;
}

/** The place of a file: those without a row first, then by the policy's rank. */
export function placeOf(
  { profileId, key, hasRow, evictKey, lastUsedAtMs }: EvictionCandidate,
  policy: EvictionPolicy,
): EvictionPlace {
  const rank = policy === "lru" ? lastUsedAtMs : evictKey;
  return { rank: hasRow ? rank : -1, profileId, key };
}

/** Negative when `a` goes before `b`, for sorting. */
export function comparePlaces(a: EvictionPlace, b: EvictionPlace): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  if (a.profileId !== b.profileId) return a.profileId < b.profileId ? -1 : 1;
  return a.key === b.key ? 0 : a.key < b.key ? -1 : 1;
}

/** Bytes that have to go: none while the sum is within the limit, else down to the low-water mark. */
export function excessBytes(
  sumBytes: number,
  {
    limitBytes,
    lowWaterMark = LOW_WATER_MARK,
  }: { readonly limitBytes: number; readonly lowWaterMark?: number },
): number {
  return sumBytes <= limitBytes ? 0 : sumBytes - limitBytes * lowWaterMark;
}

/** What is left to be freed. */
export interface EvictionNeed {
  /** Not more than 0 = enough has gone. */
  readonly bytes: number;
  /** The same, had nothing been protected. */
  readonly ripeBytes: number;
}

/**
 * Told of the files one by one, from the first place on: says what becomes of each. `kept` is what would go if it was
 * not protected.
 */
export function evictNext(
  need: EvictionNeed,
  { bytes, isProtected }: { readonly bytes: number; readonly isProtected: boolean },
): { readonly verdict: "goes" | "kept" | "stays"; readonly need: EvictionNeed } {
  const rest = { bytes: isProtected ? need.bytes : need.bytes - bytes, ripeBytes: need.ripeBytes - bytes };
  if (isProtected) return { verdict: need.ripeBytes > 0 ? "kept" : "stays", need: rest };
  return need.bytes > 0 ? { verdict: "goes", need: rest } : { verdict: "stays", need };
}
