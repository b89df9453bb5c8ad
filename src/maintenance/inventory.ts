import { parseProfileId } from "../core/audio-profile.ts";
import { parseCacheKey } from "../core/track.ts";
import type { CacheIndex } from "../db/cache-index.ts";
import type { BlobStat, BlobStore } from "../storage/blob-store.ts";
import type { InventoryItem } from "./plan.ts";

export interface InventoryDeps {
  readonly index: CacheIndex;
  readonly blobs: BlobStore;
  /** True while a player reads the file. */
  readonly isInUse: (ref: string) => boolean;
  /** Files that other processes play or are about to play. */
  readonly usedElsewhere: () => Promise<ReadonlySet<string>>;
  /** Keys of everything that plays or waits in a queue. */
  readonly keysInQueues: () => ReadonlySet<string>;
}

/** Every file of the cache with what its row knows; a file without a row counts as made when it was written. */
export async function takeInventory(deps: InventoryDeps): Promise<InventoryItem[]> {
  const queued = deps.keysInQueues();
  const elsewhere = await deps.usedElsewhere();
  const use = (ref: string, key: string): InventoryItem["use"] => {
    if (deps.isInUse(ref) || elsewhere.has(ref)) return "playing";
    return queued.has(key) ? "queued" : "free";
  };
  const rows = await deps.index.listPresent();
  const known = new Set(rows.map((row) => row.blobRef));
  const items: InventoryItem[] = rows.map((row) => ({
    ref: row.blobRef,
    key: row.key,
    profileId: row.profileId,
    bytes: row.bytes,
    createdAtMs: row.createdAtMs,
    lastPlayedAtMs: row.lastPlayedAtMs,
    playCount: row.playCount,
    evictKey: row.evictKey,
    pinned: row.pinned,
    use: use(row.blobRef, row.key),
    halfRemoved: row.state === "evicting",
    hasRow: true,
  }));
  for await (const blob of deps.blobs.list()) {
    const item = known.has(blob.ref) ? undefined : withoutRow(blob, use);
    if (item) items.push(item);
  }
  return items;
}

function withoutRow(
  blob: BlobStat,
  use: (ref: string, key: string) => InventoryItem["use"],
): InventoryItem | undefined {
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
