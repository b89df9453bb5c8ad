import type { ProfileId } from "../core/audio-profile.ts";
import { type CacheKey, parseCacheKey } from "../core/track.ts";
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
  /** False for a file that no row knows. */
  readonly hasRow: boolean;
}

export type RemovalReason =
  | "not played lately"
  | "over the limit"
  | "unfinished removal"
  | "stale profile"
  | "file without row"
  | "clear";
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

/** Kinds of songs that a clean-up takes. */
export const TRACK_CATEGORIES = ["expired", "over-limit", "stale-profiles", "orphans"] as const;

export type TrackCategory = (typeof TRACK_CATEGORIES)[number];

export interface CleanupRules {
  readonly limitBytes: number;
  readonly retentionDays: number;
  readonly policy: EvictionPolicy;
  readonly nowMs: number;
  /** Default: all but files without a row, which a check can save. */
  readonly categories?: ReadonlySet<TrackCategory>;
  /** Profiles whose songs are played; the others are stale. Absent = nobody knows. */
  readonly currentProfiles?: ReadonlySet<ProfileId>;
  /** How far below the limit evictions go, see policy/eviction.ts. */
  readonly lowWaterMark?: number;
}

/** What a clearing takes; all of it when nothing is said. */
export interface ClearSelection {
  readonly profileId?: ProfileId;
  readonly source?: string;
  readonly key?: CacheKey;
}

const DEFAULT_CATEGORIES: ReadonlySet<TrackCategory> = new Set(["expired", "over-limit", "stale-profiles"]);

/** Somebody may go back to the settings of a profile within this time. */
const STALE_GRACE_MS = 7 * 24 * 60 * 60 * 1000;

/** A file this young may still be on its way to its first play. */
const GRACE_MS = 10 * 60 * 1000;

/** What is stale, without a row or expired, and then what the limit says. Pure. */
export function planCleanup(items: readonly InventoryItem[], rules: CleanupRules): Plan {
  const judged = items.map((item) => ({ item, reason: dueReason(item, rules) }));
  const unfinished = judged.filter(({ reason }) => reason === "unfinished removal");
  const due = judged.filter(({ reason }) => reason !== undefined && reason !== "unfinished removal");
  const fresh = judged.filter(({ reason }) => reason === undefined).map(({ item }) => item);
  const stays = (item: InventoryItem): boolean => keepReason(item, rules.nowMs) !== undefined;
  const [dueStaying, dueGoing] = split(due, ({ item }) => stays(item));
  const [freshStaying, freshGoing] = split(fresh, stays);
  const staysAnyway = dueStaying.map(({ item }) => item);

  const evicted = evict(freshGoing, [...staysAnyway, ...freshStaying], rules);
  // What would go if nothing was protected.
  const ripe = evict(fresh, staysAnyway, rules);
  const wanted = [...staysAnyway, ...freshStaying.filter((item) => ripe.has(item.ref))];
  return {
    kind: "cleanup",
    removals: [
      ...[...unfinished, ...dueGoing].map(({ item, reason }) => ({
        ...item,
        reason: reason as RemovalReason,
      })),
      ...freshGoing
        .filter((item) => evicted.has(item.ref))
        .map((item) => ({ ...item, reason: "over the limit" as const })),
    ],
    kept: wanted.map((item) => ({ item, reason: keepReason(item, rules.nowMs) as KeepReason })),
    before: { files: items.length, bytes: sumBytes(items) },
  };
}

/** Why a file goes whatever the limit says. */
function dueReason(item: InventoryItem, rules: CleanupRules): RemovalReason | undefined {
  const chosen = rules.categories ?? DEFAULT_CATEGORIES;
  if (item.halfRemoved) return "unfinished removal";
  if (chosen.has("stale-profiles") && isStale(item, rules)) return "stale profile";
  if (chosen.has("orphans") && !item.hasRow) return "file without row";
  return chosen.has("expired") && isExpired(item, rules) ? "not played lately" : undefined;
}

/** True for a song that no profile of today would play, some time after its last play. */
function isStale(item: InventoryItem, { currentProfiles, nowMs }: CleanupRules): boolean {
  if (!currentProfiles || currentProfiles.has(item.profileId)) return false;
  return nowMs - lastUsedAtMs(item) > STALE_GRACE_MS;
}

function evict(
  candidates: readonly InventoryItem[],
  staysAnyway: readonly InventoryItem[],
  rules: CleanupRules,
): Set<string> {
  if (!(rules.categories ?? DEFAULT_CATEGORIES).has("over-limit")) return new Set();
  const ranked = candidates.map((item) => ({ ...item, lastUsedAtMs: lastUsedAtMs(item) }));
  const { limitBytes, lowWaterMark } = rules;
  const room = {
    limitBytes,
    keptBytes: sumBytes(staysAnyway),
    ...(lowWaterMark !== undefined && { lowWaterMark }),
  };
  return new Set(chooseEvictions(ranked, room, rules.policy).map((item) => item.ref));
}

function split<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [items.filter((item) => isFirst(item)), items.filter((item) => !isFirst(item))];
}

/** Everything chosen goes; what is playing goes when it has ended, which is the business of applying it. Pure. */
export function planClear(items: readonly InventoryItem[], selection: ClearSelection = {}): Plan {
  const chosen = items.filter((item) => isChosen(item, selection));
  return {
    kind: "clear",
    removals: chosen.map((item) => ({ ...item, reason: "clear" as const })),
    kept: [],
    before: { files: items.length, bytes: sumBytes(items) },
  };
}

function isChosen(item: InventoryItem, { profileId, source, key }: ClearSelection): boolean {
  if (profileId !== undefined && item.profileId !== profileId) return false;
  if (key !== undefined && item.key !== key) return false;
  return source === undefined || parseCacheKey(item.key)?.ref.source === source;
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
