import type { Logger } from "../core/logger.ts";
import type { OnStep } from "../core/step.ts";
import type { CacheIndex } from "../db/cache-index.ts";
import type { Lease } from "../db/leases.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import type { InventoryItem, Plan, PlannedRemoval } from "./plan.ts";

export interface ApplyDeps {
  readonly onStep?: OnStep;
  readonly index: CacheIndex;
  readonly blobs: BlobStore;
  /** Runs work while no fill and no other removal of the key runs. */
  readonly withLock: <T>(key: string, work: (lease: Lease) => Promise<T>) => Promise<T>;
  readonly isInUse: (ref: string) => boolean;
  /** True when another process that shares the cache uses the file. */
  readonly isUsedElsewhere: (ref: string) => Promise<boolean>;
  /** Calls back when the last reader of a file is done. */
  readonly whenReleased: (ref: string, callback: () => void) => void;
  readonly log: Logger;
}

/** What a run did, in numbers. */
export interface RunReport {
  readonly kind: Plan["kind"];
  readonly removedFiles: number;
  readonly removedBytes: number;
  /** In use when their turn came. After a clear they go when they have ended; after a clean-up they stay. */
  readonly inUse: number;
  /** Could not be removed; the log has the reasons. */
  readonly failed: number;
  readonly before: Plan["before"];
}

type Outcome = "removed" | "no file" | "in use" | "failed";

/** Carries a plan out, key by key. Each step can be repeated: a crash in between is finished by the next run. */
export async function applyPlan(deps: ApplyDeps, plan: Plan): Promise<RunReport> {
  for (const { item, reason } of plan.kept) {
    deps.log.info("cache.kept", { key: item.key, profile: item.profileId, bytes: item.bytes, reason });
  }
  const counts: Record<Outcome, number> = { removed: 0, "no file": 0, "in use": 0, failed: 0 };
  let removedBytes = 0;
  for (const item of plan.removals) {
    const outcome = await removeOne(deps, item);
    counts[outcome] += 1;
    if (outcome === "removed") removedBytes += item.bytes;
    if (outcome === "in use" && plan.kind === "clear") removeLater(deps, item);
  }
  return {
    kind: plan.kind,
    removedFiles: counts.removed,
    removedBytes,
    inUse: counts["in use"],
    failed: counts.failed,
    before: plan.before,
  };
}

/** E1 row to `evicting`, E2 and E3 unlink and sync, E4 row to `evicted`. The row keeps its history. */
async function removeOne(deps: ApplyDeps, item: PlannedRemoval): Promise<Outcome> {
  const fields = { key: item.key, profile: item.profileId, bytes: item.bytes };
  return deps.withLock(item.key, async (lease) => {
    try {
      // The plan is older than this moment: somebody may have started the song since.
      if (deps.isInUse(item.ref) || (await deps.isUsedElsewhere(item.ref))) {
        deps.log.info("cache.kept", { ...fields, reason: "playing" });
        return "in use";
      }
      await deps.index.markEvicting(item.key, item.profileId, lease);
      deps.onStep?.("E1 row evicting");
      const hadFile = await deps.blobs.remove(item.ref);
      deps.onStep?.("E3 folder synced");
      await deps.index.markEvicted(item.key, item.profileId, lease);
      deps.onStep?.("E4 row evicted");
      if (hadFile) deps.log.info("cache.removed", { ...fields, reason: item.reason });
      else deps.log.warn("cache.repaired", { ...fields, found: "row without file" });
      return hadFile ? "removed" : "no file";
    } catch (error) {
      deps.log.error("cache.remove_failed", { ...fields, error });
      await restoreRow(deps, item, lease);
      return "failed";
    }
  });
}

/** The file is still there, so it may be played again. */
async function restoreRow(deps: ApplyDeps, item: InventoryItem, lease: Lease): Promise<void> {
  try {
    if (await deps.blobs.stat(item.ref)) await deps.index.markReady(item.key, item.profileId, lease);
  } catch (error) {
    deps.log.error("cache.remove_failed", { key: item.key, error });
  }
}

function removeLater(deps: ApplyDeps, item: PlannedRemoval): void {
  deps.whenReleased(item.ref, () => void removeNow(deps, item));
}

/** Never rejects: `removeOne` tells the log. */
async function removeNow(deps: ApplyDeps, item: PlannedRemoval): Promise<void> {
  // Somebody may have started the song again in the same moment.
  if ((await removeOne(deps, item)) === "in use") removeLater(deps, item);
}
