// Carrying out, or pretending to, what a removing command has planned.
import { throwIfAborted } from "../../core/abort.ts";
import { formatBytes, plural } from "../../core/format.ts";
import type { Plan } from "../../maintenance/plan.ts";
import type { Maintenance } from "../../maintenance/maintenance.ts";
import { forgetOldPlays } from "../../maintenance/old-plays.ts";
import type { Task } from "../../maintenance/record.ts";
import { removeScraps, type Scrap } from "../../maintenance/scraps.ts";
import { dropBallastOnFullDisk, layBallastIn } from "../folders.ts";
import { type Answer, type CommandContext, runTask } from "./context.ts";

/** Songs, other files and plays that are to go. */
export interface Removal {
  readonly plan: Plan;
  readonly scraps: readonly Scrap[];
  /** How many. */
  readonly oldPlays: number;
}

/** Does it, or says what it would do. */
export async function carryOutRemoval(
  context: CommandContext,
  { dryRun, detail }: { readonly dryRun: boolean; readonly detail: string },
  removal: Removal,
): Promise<Answer> {
  const { plan, scraps, oldPlays } = removal;
  const { maintenance, deps } = context.caretaker;
  // On a full disk the database cannot note what is being removed, unless something else goes first.
  if (!dryRun) await dropBallastOnFullDisk(context.config);
  const work = async (task: Task): Promise<void> => {
    if (dryRun) await pretend(maintenance, plan, task);
    else await maintenance.apply(plan, task);
    await removeScraps(deps, scraps, task);
    if (oldPlays > 0) await forgetOldPlays(deps, task);
  };
  const answer = await runTask(context, { kind: plan.kind, detail, dryRun, label: "Deleting" }, work);
  if (!dryRun) await layBallastIn(context.config);
  return { ...answer, lines: [...summaryOf(removal, dryRun), ...answer.lines] };
}

/** Tells of the same files as carrying it out would. */
async function pretend(maintenance: Maintenance, plan: Plan, task: Task): Promise<void> {
  for await (const { verdict, item, reason } of maintenance.judge(plan)) {
    throwIfAborted(task.signal);
    const step = { subject: item.ref, reason, bytes: item.bytes };
    if (verdict === "goes") task.record.step({ action: "removed", ...step });
    else task.record.report({ action: "kept", ...step });
  }
}

function summaryOf({ plan, scraps, oldPlays }: Removal, dryRun: boolean): string[] {
  if (!dryRun) return [];
  const { before, removals } = plan;
  const kept = `${plural(before.files - removals.count, "song")}, ${formatBytes(before.bytes - removals.bytes)}`;
  const others = [
    ...(scraps.length > 0 ? [` and ${plural(scraps.length, "other file")}`] : []),
    ...(oldPlays > 0 ? [` and ${plural(oldPlays, "old play")}`] : []),
  ].join("");
  return [
    `Would delete ${plural(removals.count, "song")} (${formatBytes(removals.bytes)})${others}. Kept: ${kept}.`,
  ];
}
