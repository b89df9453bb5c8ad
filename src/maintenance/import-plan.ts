// Which copies of an older cache are taken over, and why the others are not. Pure.
import type { CacheKey } from "../core/track.ts";

/** One file of the older cache. */
export interface OldFile {
  /** Path below the old folder, with `/` between its parts. */
  readonly subject: string;
  readonly bytes: number;
  readonly modifiedAtMs: number;
}

/** How far a copy is from what the source gave: untouched, coded again, coded again at another loudness. */
export type Condition = "original" | "re-encoded" | "normalized";

/** A file that is one whole recording. */
export interface Copy extends OldFile {
  readonly key: CacheKey;
  readonly title: string | undefined;
  readonly condition: Condition;
  readonly durationMs: number;
}

/** One recording to take over. */
export interface ImportItem {
  readonly key: CacheKey;
  readonly best: Copy;
  /** The other whole copies, better ones first. */
  readonly duplicates: readonly Copy[];
}

export interface UnusableFile extends OldFile {
  /** In words, the same for equal cases. */
  readonly reason: string;
}

/** What an import would do. Making one changes nothing. */
export interface ImportPlan {
  /** Absolute path of the old folder, without links. */
  readonly folder: string;
  readonly items: readonly ImportItem[];
  /** Recordings that the cache has already. */
  readonly present: readonly OldFile[];
  readonly unusable: readonly UnusableFile[];
}

export const CUT_SHORT = "shorter than another copy";

/** Sources round lengths and coders pad; what is shorter than this against another copy was cut. */
const SAME_LENGTH = { ms: 1_500, share: 0.01 };
const RANKS: Readonly<Record<Condition, number>> = { original: 0, "re-encoded": 1, normalized: 2 };

/** One item for each recording, in the order of their keys. */
export function planItems(copies: readonly Copy[]): {
  readonly items: readonly ImportItem[];
  readonly unusable: readonly UnusableFile[];
} {
  const items: ImportItem[] = [];
  const unusable: UnusableFile[] = [];
  const groups = Map.groupBy(copies, ({ key }) => key);
  for (const [key, group] of [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const longestMs = Math.max(...group.map(({ durationMs }) => durationMs));
    const shortestMs = longestMs - Math.max(SAME_LENGTH.ms, longestMs * SAME_LENGTH.share);
    const isWhole = (copy: Copy): boolean => copy.durationMs >= shortestMs;
    const [best, ...duplicates] = group.filter(isWhole).toSorted(byPreference);
    if (best) items.push({ key, best, duplicates });
    unusable.push(...group.filter((copy) => !isWhole(copy)).map((copy) => ({ ...copy, reason: CUT_SHORT })));
  }
  return { items, unusable };
}

/**
 * Untouched before coded again before normalized: each coding loses something, and a loudness that another program set
 * may have cost peaks or dynamics that no gain brings back. Then the longer copy, then the one with more bits for each
 * second, then the name, so that the same folder gives the same plan.
 */
function byPreference(a: Copy, b: Copy): number {
  return (
    RANKS[a.condition] - RANKS[b.condition] ||
    longer(a, b) ||
    b.bytes / b.durationMs - a.bytes / a.durationMs ||
    (a.subject < b.subject ? -1 : 1)
  );
}

/** Padding of containers is no longer song. */
function longer(a: Copy, b: Copy): number {
  const differenceMs = b.durationMs - a.durationMs;
  return Math.abs(differenceMs) < PADDING_MS ? 0 : differenceMs;
}

const PADDING_MS = 200;
