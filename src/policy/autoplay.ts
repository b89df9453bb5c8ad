/** What to go on with when a queue has ended: the songs that a guild has played together before. */

/** A song that was played near one of those that were heard just now. */
export interface PlayedTogether<Key> {
  readonly key: Key;
  /** From the start of the other song to the start of this one; below 0 = this one came first. */
  readonly gapMs: number;
  readonly atMs: number;
}

/** A song that could come next. */
export interface Candidate<Key> {
  readonly key: Key;
  /** The greater, the better it fits. */
  readonly score: number;
  /** It starts at once, and needs no network. */
  readonly isCached: boolean;
}

/** Songs that were played further apart do not belong together. */
export const TOGETHER_MS = 60 * 60_000;

/** A neighbour 20 minutes away counts 1/e of the next song, one that came before counts half of one that followed. */
const NEAR_MS = 20 * 60_000;
const CAME_BEFORE = 0.5;
/** Taste changes: after so long an evening counts half. */
const HALF_LIFE_MS = 90 * 24 * 60 * 60_000;
/** One of so many best is taken by chance, so that the same song is not followed by the same one each time. */
const AMONG = 5;
/** Most songs that have to pass before one may come again. */
const MOST_REST = 25;

/** How well each song fits what was heard, by how near and how long ago they were played together. */
export function scoreTogether<Key>(
  pairs: readonly PlayedTogether<Key>[],
  nowMs: number,
): ReadonlyMap<Key, number> {
  const scores = new Map<Key, number>();
  for (const { key, gapMs, atMs } of pairs) {
    if (Math.abs(gapMs) > TOGETHER_MS) continue;
    const nearness = Math.exp(-Math.abs(gapMs) / NEAR_MS) * (gapMs < 0 ? CAME_BEFORE : 1);
    const freshness = 0.5 ** (Math.max(0, nowMs - atMs) / HALF_LIFE_MS);
    scores.set(key, (scores.get(key) ?? 0) + nearness * freshness);
  }
  return scores;
}

/** How many of the last songs may not come again yet, where a guild knows so many: half of them at most. */
export function songsToRest(knownSongs: number): number {
  return Math.min(MOST_REST, Math.floor(knownSongs / 2));
}

/**
 * One of the best: only cached ones as long as there are any. The chance of each is its share of their scores.
 * @param random from 0 to below 1
 */
export function pickNext<Key>(candidates: readonly Candidate<Key>[], random: number): Key | undefined {
  const cached = candidates.filter(({ isCached }) => isCached);
  const best = (cached.length > 0 ? cached : candidates)
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, AMONG);
  let left = random * best.reduce((sum, { score }) => sum + score, 0);
  for (const { key, score } of best) {
    left -= score;
    if (left < 0) return key;
  }
  return best.at(-1)?.key;
}
