// Makes files and rows agree after anything that may have happened; adopts and heals before it removes.
import { throwIfAborted } from "../core/abort.ts";
import { inParallel } from "./in-parallel.ts";
import { clearLeases, clearWork } from "./leftovers.ts";
import { attempt, type Task } from "./record.ts";
import { judge, type ReconcileDeps, settle } from "./settle.ts";
import { settleStray } from "./strays.ts";
import { type Find, nameOf, survey } from "./survey.ts";

/** As many as there are cores on a small machine: the checks decode. */
const WIDTH = 2;

/** One pass over everything. A second one finds nothing to change. @throws {AppError} `ABORTED` */
export async function reconcile(deps: ReconcileDeps, task: Task): Promise<void> {
  const live = await deps.leases.livingKeys();
  const total = (await deps.index.totals()).files;
  let done = 0;
  await inParallel(survey(deps.rows, deps.folders.audio), WIDTH, async (find) => {
    throwIfAborted(task.signal);
    if (find.status !== "pair" || !live.has(find.key)) await settleFind(deps, task, find);
    else if (!find.row || !find.file)
      task.record.report({ action: "busy", subject: find.key, reason: "being filled", bytes: 0 });
    done += 1;
    task.record.progress({ done, total: Math.max(total, done), bytes: 0 });
  });
  await clearWork(deps, task);
  await clearLeases(deps.leases, task);
}

async function settleFind(deps: ReconcileDeps, task: Task, find: Find): Promise<void> {
  if (find.status === "stray") return settleStray(deps, task, `${find.profileId}/${find.file.name}`);
  if (find.status !== "pair") {
    const { status: action, subject, file } = find;
    return task.record.report({ action, subject, reason: file.kind, bytes: file.bytes });
  }
  const { key, profileId, row, file } = find;
  const ref = nameOf(key, profileId);
  const isElsewhere = row !== undefined && row.blobRef !== ref;
  const bytes = isElsewhere ? (await deps.blobs.stat(row.blobRef))?.bytes : file?.bytes;
  if (judge(row, bytes) !== "sound")
    await attempt(task, ref, async () => {
      const misplaced = await settle(deps, task, { key, profileId });
      if (misplaced) await settleStray(deps, task, misplaced);
    });
  // The row has its file under another name, so this one belongs to nobody.
  if (isElsewhere && file) await settleStray(deps, task, ref);
}
