import { AppError } from "../core/errors.ts";
import type { LogFields, Logger } from "../core/logger.ts";
import type { OnStep } from "../core/step.ts";
import type { CacheIndex } from "../db/cache-index.ts";
import type { CacheRows } from "../db/cache-rows.ts";
import type { Lease } from "../db/leases.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import { type InventoryItem, isHalfRemoved } from "./inventory.ts";
import type { Judgement, PlannedRemoval } from "./judgement.ts";
import type { Plan } from "./plan.ts";
import type { Task, TaskRecord } from "./record.ts";

export interface ApplyDeps {
  readonly onStep?: OnStep;
  readonly index: CacheIndex;
  readonly rows: Pick<CacheRows, "owning">;
  readonly blobs: BlobStore;
  /** Runs work while no fill and no other removal of the key runs. */
  readonly withLock: <T>(key: string, work: (lease: Lease) => Promise<T>) => Promise<T>;
  readonly isInUse: (ref: string) => boolean;
  /** True when another process that shares the cache uses the file. */
  readonly isUsedElsewhere: (ref: string) => Promise<boolean>;
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

/**
 * Carries a plan out, key by key, as its files are found again. Each step can be repeated: a crash in between is
 * finished by the next run. Ends early, with what was done, when the task's signal fires.
 */
export async function applyPlan(
  deps: ApplyDeps,
  plan: Plan,
  judged: AsyncIterable<Judgement>,
  task: Task,
): Promise<RunReport> {
  const counts: Record<Outcome | "kept", number> = {
    removed: 0,
    "no file": 0,
    "in use": 0,
    failed: 0,
    kept: 0,
  };
  let removedBytes = 0;
  for await (const { verdict, item, reason } of judged) {
    if (task.signal.aborted) break;
    if (verdict === "kept") {
      counts.kept += 1;
      tellKept(deps, item, reason, task);
      continue;
    }
    const outcome = await removeOrFail(deps, { ...item, reason }, task);
    counts[outcome] += 1;
    if (outcome === "removed") removedBytes += item.bytes;
    const done = counts.removed + counts["no file"] + counts["in use"] + counts.failed;
    task.record.progress({ done, total: plan.removals.count, bytes: removedBytes });
  }
  return {
    kind: plan.kind,
    removedFiles: counts.removed,
    removedBytes,
    // Of those that stay, the plan knew some.
    inUse: counts["in use"] + Math.max(0, counts.kept - plan.kept.count),
    failed: counts.failed,
    before: plan.before,
  };
}

function tellKept(deps: ApplyDeps, item: InventoryItem, reason: string, { record }: Task): void {
  deps.log.info("cache.kept", { ...fieldsOf(item), reason });
  record.report({ action: "kept", subject: item.ref, reason, bytes: item.bytes });
}

async function removeOrFail(deps: ApplyDeps, item: PlannedRemoval, { record }: Task): Promise<Outcome> {
  try {
    return await removeOne(deps, item, record);
  } catch (error) {
    if (error instanceof AppError && error.code === "ABORTED") throw error;
    deps.log.error("cache.remove_failed", { ...fieldsOf(item), error });
    record.fail(item.ref, error);
    return "failed";
  }
}

/** Removes one file, if nobody needs it by now. What is cleared while it plays is marked, and goes at its end. */
export async function removeOne(
  deps: ApplyDeps,
  item: PlannedRemoval,
  record: TaskRecord | undefined,
): Promise<Outcome> {
  return deps.withLock(item.key, async (lease) => {
    try {
      const why = (await keepsNow(deps, item)) && (await keepsForNow(deps, item, lease));
      const outcome = why === undefined ? await unlink(deps, item, lease) : "in use";
      tell(deps, item, { outcome, why, record });
      return outcome;
    } catch (error) {
      deps.log.error("cache.remove_failed", { ...fieldsOf(item), error });
      record?.fail(item.ref, error);
      await restoreRow(deps, item, lease);
      return "failed";
    }
  });
}

/** The plan is older than this moment: somebody may have started the song since, pinned it, or fetched it anew. */
async function keepsNow(deps: ApplyDeps, item: PlannedRemoval): Promise<string | undefined> {
  if (deps.isInUse(item.ref) || (await deps.isUsedElsewhere(item.ref))) return "playing";
  if (item.reason === "clear") return undefined;
  if (item.reason === "unfinished removal")
    return (await isStillToGo(deps, item)) ? undefined : "no longer to go";
  const row = await deps.index.find(item.key, item.profileId);
  if (row && row.lastPlayedAtMs !== item.lastPlayedAtMs) return "played since";
  return row?.pinned ? "pinned" : undefined;
}

async function isStillToGo({ rows }: ApplyDeps, { ref }: PlannedRemoval): Promise<boolean> {
  const row = await rows.owning(ref);
  return row !== undefined && isHalfRemoved(row);
}

/** Why it stays although it was asked to go. The mark comes first: its end may be just now. */
async function keepsForNow(deps: ApplyDeps, item: PlannedRemoval, lease: Lease): Promise<string | undefined> {
  const isMarked =
    item.reason === "clear" && (await deps.index.markLeaving({ ...item, blobRef: item.ref }, lease));
  const why = await keepsNow(deps, item);
  return isMarked && why !== undefined ? "goes when it has ended" : why;
}

/** E1 row to `evicting`, E2 and E3 unlink and sync, E4 row to `evicted`. The row keeps its history. */
async function unlink(deps: ApplyDeps, item: PlannedRemoval, lease: Lease): Promise<"removed" | "no file"> {
  const row = await deps.index.find(item.key, item.profileId);
  // A row that has another file by now is none of our business.
  const isItsRow = !row || row.blobRef === item.ref;
  if (isItsRow) await deps.index.markEvicting(item.key, item.profileId, lease);
  deps.onStep?.("E1 row evicting");
  const hadFile = await deps.blobs.remove(item.ref);
  deps.onStep?.("E3 folder synced");
  if (isItsRow) await deps.index.markEvicted(item.key, item.profileId, lease);
  deps.onStep?.("E4 row evicted");
  return hadFile ? "removed" : "no file";
}

function tell(
  { log }: ApplyDeps,
  item: PlannedRemoval,
  {
    outcome,
    why = "",
    record,
  }: { outcome: Outcome; why: string | undefined; record: TaskRecord | undefined },
): void {
  const { ref: subject, reason, bytes } = item;
  if (outcome === "in use") {
    log.info("cache.kept", { ...fieldsOf(item), reason: why });
    record?.report({ action: "in use", subject, reason: why, bytes });
  } else if (outcome === "removed") {
    log.info("cache.removed", { ...fieldsOf(item), reason });
    record?.step({ action: "removed", subject, reason, bytes });
  } else {
    log.warn("cache.repaired", { ...fieldsOf(item), found: "row without file" });
    record?.step({ action: "healed", subject, reason: "row without file", bytes: 0 });
  }
}

function fieldsOf({ key, profileId, bytes }: InventoryItem): LogFields {
  return { key, profile: profileId, bytes };
}

/** The file is still there, so it may be played again. */
async function restoreRow(deps: ApplyDeps, item: InventoryItem, lease: Lease): Promise<void> {
  try {
    if (await deps.blobs.stat(item.ref)) await deps.index.markReady(item.key, item.profileId, lease);
  } catch (error) {
    deps.log.error("cache.remove_failed", { key: item.key, error });
  }
}
