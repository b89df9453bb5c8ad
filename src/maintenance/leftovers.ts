// What dead processes left behind: scratch files and leases.
import * as path from "node:path";
import { throwIfAborted } from "../core/abort.ts";
import type { Clock } from "../core/clock.ts";
import type { Leases } from "../db/leases.ts";
import { type FolderEntry, readFolder, removeEntry } from "./folder.ts";
import { attempt, perform, type Task, TaskRecord } from "./record.ts";

/** `<key>.<token>.src`, see cache/work-folder.ts: a fill holds its key's lease as long as it has such files. */
const WORK_NAME = /^(?<key>.+?)\.[0-9]+-[0-9a-f]{12}\.[A-Za-z0-9._-]+$/u;
/** A name that is not a fill's stays this long: whoever made it may still write. */
const STRANGER_GRACE_MS = 60 * 60 * 1000;
const TAKING_MS = 1_000;

/** True when nobody alive can be using a scratch file. */
export function isLeftover(entry: FolderEntry, live: ReadonlySet<string>, nowMs: number): boolean {
  const key = WORK_NAME.exec(entry.name)?.groups?.["key"];
  if (key === undefined) return entry.name !== ".gitkeep" && nowMs - entry.modifiedAtMs > STRANGER_GRACE_MS;
  return !live.has(key);
}

export interface WorkDeps {
  readonly folders: { readonly work: string };
  readonly leases: Pick<Leases, "livingKeys">;
  readonly clock: Clock;
}

/**
 * What a process does when it starts: removes scratch files without a living owner, by the leases, because process
 * numbers say nothing about another container with the same folder. Returns how many were removed.
 */
export async function sweepWork(deps: WorkDeps, signal: AbortSignal): Promise<number> {
  const record = new TaskRecord([]);
  await clearWork(deps, { record, dryRun: false, signal });
  return record.done.reduce((sum, { count }) => sum + count, 0);
}

/** Removes scratch files without a living owner. */
export async function clearWork({ folders, leases, clock }: WorkDeps, task: Task): Promise<void> {
  for await (const entry of readFolder(folders.work)) {
    throwIfAborted(task.signal);
    // Asked anew for each: a fill may have begun since.
    if (!isLeftover(entry, await leases.livingKeys(), clock.nowMs())) continue;
    const subject = `work/${entry.name}`;
    const step = { action: "removed", subject, reason: "leftover in work", bytes: entry.bytes };
    await attempt(task, subject, () =>
      perform(task, step, () => removeEntry(path.join(folders.work, entry.name), { recursive: true })),
    );
  }
}

/** Gives back what dead holders held. Nobody has to wait for it: whoever wants such a lease may take it anyway. */
export async function clearLeases(
  leases: Pick<Leases, "held" | "tryAcquire" | "release">,
  task: Task,
): Promise<void> {
  for (const { name } of (await leases.held()).filter((lease) => lease.isDead)) {
    const step = { action: "lease freed", subject: name, reason: "its holder is gone", bytes: 0 };
    await attempt(task, name, () =>
      perform(task, step, async () => {
        const lease = await leases.tryAcquire(name, TAKING_MS);
        if (lease) await leases.release(lease);
      }),
    );
  }
}
