/** What the policy needs to know about a file. */
export interface EvictionCandidate {
  readonly bytes: number;
  /** Plays, never reset, also across evictions. */
  readonly playCount: number;
  readonly lastUsedAtMs: number;
  /** Rank by GDSF, see {@link evictionKey}. */
  readonly evictKey: number;
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

/**
 * Which files go so that the rest fits: none while the sum is within the limit, else from the lowest rank up until
 * the sum is at the low-water mark. `candidates` are the files that may go, `keptBytes` the sum of those that may not.
 */
export function chooseEvictions<T extends EvictionCandidate>(
  candidates: readonly T[],
  room: { readonly limitBytes: number; readonly keptBytes: number; readonly lowWaterMark?: number },
  policy: EvictionPolicy = "gdsf",
): T[] {
  let bytes = candidates.reduce((sum, candidate) => sum + candidate.bytes, room.keptBytes);
  if (bytes <= room.limitBytes) return [];
  const rank = (candidate: T): number => (policy === "lru" ? candidate.lastUsedAtMs : candidate.evictKey);
  const chosen: T[] = [];
  for (const candidate of candidates.toSorted((a, b) => rank(a) - rank(b))) {
    if (bytes <= room.limitBytes * (room.lowWaterMark ?? LOW_WATER_MARK)) break;
    chosen.push(candidate);
    bytes -= candidate.bytes;
  }
  return chosen;
}
