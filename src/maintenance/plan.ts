import type { ProfileId } from "../core/audio-profile.ts";
import type { CacheKey } from "../core/track.ts";
import { chooseEvictions, type EvictionPolicy } from "../policy/eviction.ts";
import { isExpired, lastUsedAtMs } from "../policy/retention.ts";

/** One file as the inventory found it. */
export interface InventoryItem {
  readonly ref: string;
  readonly key: CacheKey;
  readonly profileId: ProfileId;
  readonly bytes: number;
  readonly createdAtMs: number;
  readonly lastPlayedAtMs: number | null;
  readonly playCount: number;
  readonly evictKey: number;
  readonly pinned: boolean;
  /** A player reads it now, or it waits in a queue. */
  readonly use: "free" | "playing" | "queued";
  /** A removal of it began and was not finished: a crash lies behind us. */
  readonly halfRemoved: boolean;
}

export type RemovalReason = "not played lately" | "over the limit" | "unfinished removal" | "clear";
export type KeepReason = "playing" | "queued" | "pinned" | "just made";

export interface PlannedRemoval extends InventoryItem {
  readonly reason: RemovalReason;
}

/** What a run would do and why. Making one changes nothing. */
export interface Plan {
  readonly kind: "cleanup" | "clear";
  readonly removals: readonly PlannedRemoval[];
  /** Files that would have had to go, and why they stay. */
  readonly kept: readonly { readonly item: InventoryItem; readonly reason: KeepReason }[];
  /** All files before the run. */
  readonly before: { readonly files: number; readonly bytes: number };
}

export interface CleanupRules {
  readonly limitBytes: number;
  readonly retentionDays: number;
  readonly policy: EvictionPolicy;
  readonly nowMs: number;
}

/** A file this young may still be on its way to its first play. */
const GRACE_MS = 10 * 60 * 1000;

/** What the retention and then the limit say. Pure. */
export function planCleanup(items: readonly InventoryItem[], rules: CleanupRules): Plan {
  const unfinished = items.filter((item) => item.halfRemoved);
  const whole = items.filter((item) => !item.halfRemoved);
  const expired = whole.filter((item) => isExpired(item, rules));
  const fresh = whole.filter((item) => !isExpired(item, rules));
  const staying = (list: readonly InventoryItem[]): readonly InventoryItem[] =>
    list.filter((item) => keepReason(item, rules.nowMs) !== undefined);
  const going = (list: readonly InventoryItem[]): readonly InventoryItem[] =>
    list.filter((item) => keepReason(item, rules.nowMs) === undefined);

  const evict = (
    candidates: readonly InventoryItem[],
    staysAnyway: readonly InventoryItem[],
  ): Set<string> => {
    const ranked = candidates.map((item) => ({ ...item, lastUsedAtMs: lastUsedAtMs(item) }));
    const room = { limitBytes: rules.limitBytes, keptBytes: sumBytes(staysAnyway) };
    return new Set(chooseEvictions(ranked, room, rules.policy).map((item) => item.ref));
  };
  const evicted = evict(going(fresh), [...staying(expired), ...staying(fresh)]);
  // What would go if nothing was protected.
  const ripe = evict(fresh, staying(expired));
  const wanted = [...staying(expired), ...staying(fresh).filter((item) => ripe.has(item.ref))];
  return {
    kind: "cleanup",
    removals: [
      ...unfinished.map((item) => ({ ...item, reason: "unfinished removal" as const })),
      ...going(expired).map((item) => ({ ...item, reason: "not played lately" as const })),
      ...going(fresh)
        .filter((item) => evicted.has(item.ref))
        .map((item) => ({ ...item, reason: "over the limit" as const })),
    ],
    kept: wanted.map((item) => ({ item, reason: keepReason(item, rules.nowMs) as KeepReason })),
    before: { files: items.length, bytes: sumBytes(items) },
  };
}

/** Everything goes; what is playing goes when it has ended, which is the business of applying it. Pure. */
export function planClear(items: readonly InventoryItem[]): Plan {
  return {
    kind: "clear",
    removals: items.map((item) => ({ ...item, reason: "clear" as const })),
    kept: [],
    before: { files: items.length, bytes: sumBytes(items) },
  };
}

/** Sum of the sizes in bytes. */
export function sumBytes(items: readonly { readonly bytes: number }[]): number {
  return items.reduce((sum, item) => sum + item.bytes, 0);
}

function keepReason(item: InventoryItem, nowMs: number): KeepReason | undefined {
  if (item.use !== "free") return item.use;
  if (item.pinned) return "pinned";
  return nowMs - item.createdAtMs < GRACE_MS ? "just made" : undefined;
}
