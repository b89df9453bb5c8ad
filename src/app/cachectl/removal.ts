// Carrying out, or pretending to, what a removing command has planned.
import { formatBytes, plural } from "../../core/format.ts";
import { ballastFile, dropBallastIfFull } from "../../maintenance/ballast.ts";
import { type Plan, sumBytes } from "../../maintenance/plan.ts";
import { perform, type Task } from "../../maintenance/record.ts";
import { removeScraps, type Scrap } from "../../maintenance/scraps.ts";
import { layBallastIn } from "../folders.ts";
import { type Answer, type CommandContext, runTask } from "./context.ts";

/** Songs and other files that are to go. */
export interface Removal {
  readonly plan: Plan;
  readonly scraps: readonly Scrap[];
}

/** Does it, or says what it would do. */
export async function carryOutRemoval(
  context: CommandContext,
  { dryRun, detail }: { readonly dryRun: boolean; readonly detail: string },
  removal: Removal,
): Promise<Answer> {
  const { plan, scraps } = removal;
  const { maintenance, deps, freeDiskBytes } = context.caretaker;
  const ballast = ballastFile(context.config.cache.directory);
  // On a full disk the database cannot note what is being removed, unless something else goes first.
  if (!dryRun) await dropBallastIfFull(ballast, await freeDiskBytes());
  const work = async (task: Task): Promise<void> => {
    if (dryRun) await pretend(plan, task);
    else await maintenance.apply(plan, task);
    await removeScraps(deps, scraps, task);
  };
  const answer = await runTask(context, { kind: plan.kind, detail, dryRun, label: "Deleting" }, work);
  if (!dryRun) await layBallastIn(context.config);
  return { ...answer, lines: [...summaryOf(removal, dryRun), ...answer.lines] };
}

async function pretend(plan: Plan, task: Task): Promise<void> {
  for (const { ref: subject, reason, bytes } of plan.removals)
    await perform(task, { action: "removed", subject, reason, bytes }, () => Promise.resolve());
  for (const { item, reason } of plan.kept)
    task.record.report({ action: "kept", subject: item.ref, reason, bytes: item.bytes });
}

function summaryOf({ plan, scraps }: Removal, dryRun: boolean): string[] {
  if (!dryRun) return [];
  const bytes = sumBytes(plan.removals);
  const { before } = plan;
  const kept = `${plural(before.files - plan.removals.length, "song")}, ${formatBytes(before.bytes - bytes)}`;
  const others = scraps.length > 0 ? ` and ${plural(scraps.length, "other file")}` : "";
  return [
    `Would delete ${plural(plan.removals.length, "song")} (${formatBytes(bytes)})${others}. Kept: ${kept}.`,
  ];
}
