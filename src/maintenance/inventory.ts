// Every file of the cache with what its row knows, a page at a time in memory.
import { parseProfileId, type ProfileId } from "../core/audio-profile.ts";
import { type CacheKey, parseCacheKey } from "../core/track.ts";
import type { RankedEntry } from "../db/cache-index.ts";
import type { CacheRows } from "../db/cache-rows.ts";
import type { EvictionPolicy } from "../policy/eviction.ts";
import type { BlobStat, BlobStore } from "../storage/blob-store.ts";

export interface InventoryDeps {
  readonly rows: Pick<CacheRows, "profiles" | "ofProfile" | "byRank" | "owned">;
  readonly blobs: BlobStore;
  /** True while a player reads the file. */
  readonly isInUse: (ref: string) => boolean;
  /** Files that other processes play or are about to play. */
  readonly usedElsewhere: () => Promise<ReadonlySet<string>>;
  /** Keys of everything that plays or waits in a queue. */
  readonly keysInQueues: () => ReadonlySet<string>;
}

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
  /** A removal of it began and was not finished: a crash lies behind us, or somebody played it. */
  readonly halfRemoved: boolean;
  /** False for a file that no row knows. */
  readonly hasRow: boolean;
}

/** The files as often as they are asked for; what changes meanwhile may or may not be met. */
export interface Inventory {
  /** Each once: by profile and key, then those without a row. */
  readonly byName: () => AsyncIterable<InventoryItem>;
  /** Those that go first first, see policy/eviction.ts; without those whose removal began. */
  readonly byRank: (policy: EvictionPolicy) => AsyncIterable<InventoryItem>;
}

/** Who uses a file. */
export type UseOf = (ref: string, key: string) => InventoryItem["use"];

const PAGE = 500;

/** Looks who uses what now. Files of the keys in `held` count as in use. */
export async function openInventory(
  deps: InventoryDeps,
  held: ReadonlySet<string> = new Set(),
): Promise<Inventory> {
  const queued = deps.keysInQueues();
  const elsewhere = await deps.usedElsewhere();
  const use: UseOf = (ref, key) => {
    if (deps.isInUse(ref) || elsewhere.has(ref) || held.has(key)) return "playing";
    return queued.has(key) ? "queued" : "free";
  };
  return {
    byName: async function* byName() {
      for (const profileId of await deps.rows.profiles())
        for await (const row of deps.rows.ofProfile(profileId, PAGE)) yield withRow(row, use);
      yield* filesWithoutRow(deps, use);
    },
    byRank: async function* byRank(policy) {
      yield* filesWithoutRow(deps, use);
      const order = policy === "lru" ? "last use" : "evict key";
      for await (const row of deps.rows.byRank(order, PAGE)) yield withRow(row, use);
    },
  };
}

/** True when the removal of its file began, or waits for those who play it. */
export function isHalfRemoved({ state, isLeaving }: Pick<RankedEntry, "state" | "isLeaving">): boolean {
  return state === "evicting" || isLeaving;
}

/** A file as its row knows it. */
export function withRow(row: RankedEntry, use: UseOf): InventoryItem {
  const {
    blobRef: ref,
    key,
    profileId,
    bytes,
    createdAtMs,
    lastPlayedAtMs,
    playCount,
    evictKey,
    pinned,
  } = row;
  const facts = { ref, key, profileId, bytes, createdAtMs, lastPlayedAtMs, playCount, evictKey, pinned };
  return { ...facts, use: use(ref, key), halfRemoved: isHalfRemoved(row), hasRow: true };
}

/** A file without a row counts as made when it was written. */
async function* filesWithoutRow(
  { rows, blobs }: InventoryDeps,
  use: UseOf,
): AsyncGenerator<InventoryItem, void, undefined> {
  for await (const page of inPages(blobs.list())) {
    const owned = await rows.owned(page.map(({ ref }) => ref));
    for (const blob of page) {
      const item = owned.has(blob.ref) ? undefined : withoutRow(blob, use);
      if (item) yield item;
    }
  }
}

async function* inPages(blobs: AsyncIterable<BlobStat>): AsyncGenerator<BlobStat[], void, undefined> {
  let page: BlobStat[] = [];
  for await (const blob of blobs) {
    page.push(blob);
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

function withoutRow(blob: BlobStat, use: UseOf): InventoryItem | undefined {
  const [folder = "", name = ""] = blob.ref.split("/");
  const profileId = parseProfileId(folder);
  const key = parseCacheKey(name.replace(/\.opus$/u, ""))?.key;
  if (!profileId || !key) return undefined;
  return {
    ref: blob.ref,
    key,
    profileId,
    bytes: blob.bytes,
    createdAtMs: blob.modifiedAtMs,
    lastPlayedAtMs: null,
    playCount: 0,
    evictKey: 0,
    pinned: false,
    use: use(blob.ref, key),
    halfRemoved: false,
    hasRow: false,
  };
}
