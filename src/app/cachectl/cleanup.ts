// `cleanup`: what was not played for long, is too much or is left over.
import { formatBytes, plural } from "../../core/format.ts";
import { TRACK_CATEGORIES, type TrackCategory } from "../../maintenance/plan.ts";
import { sumOf, type Tally, TaskRecord } from "../../maintenance/record.ts";
import { findScraps, type Scrap, SCRAP_CATEGORIES, type ScrapCategory } from "../../maintenance/scraps.ts";
import { type Answer, type CommandContext, refuse } from "./context.ts";
import { carryOutRemoval, type Removal } from "./removal.ts";
import { tallyTable } from "./run-text.ts";

/** The categories there are, for help and checks. */
export const CATEGORIES = [...TRACK_CATEGORIES, ...SCRAP_CATEGORIES] as const;

export interface CleanupOptions {
  readonly categories: ReadonlySet<TrackCategory | ScrapCategory>;
  readonly retentionDays: number | undefined;
  readonly targetBytes: number | undefined;
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly detail: string;
}

/** Removes what has aged or is too much: all usual categories, or those that are named. */
export async function cleanup(context: CommandContext, options: CleanupOptions): Promise<Answer> {
  const removal = await findRemoval(context, options);
  const planned = tallyOf(removal);
  const empty = [...options.categories].filter((name) => !planned.some((tally) => matches(tally, name)));
  for (const name of empty) context.person.say(`${name}: nothing to remove.`);
  const refusal = options.dryRun ? undefined : await unconfirmed(context, options, planned);
  if (refusal !== undefined) return refuse(refusal, { empty });
  const answer = await carryOutRemoval(context, options, removal);
  return { ...answer, json: { ...answer.json, empty } };
}

/** Why it is not done; `undefined` = it may be done. */
async function unconfirmed(
  { person, width }: CommandContext,
  { force }: CleanupOptions,
  planned: readonly Tally[],
): Promise<string | undefined> {
  if (force || planned.length === 0) return undefined;
  for (const line of tallyTable(planned, width)) person.say(line);
  const { count, bytes } = sumOf(planned, "removed");
  const what = `${plural(count, "file")} (${formatBytes(bytes)})`;
  if (!person.canAnswer) return `Refusing to delete ${what} without --force.`;
  return (await person.confirm(`Delete ${what}?`)) ? undefined : "Nothing was deleted.";
}

async function findRemoval(context: CommandContext, options: CleanupOptions): Promise<Removal> {
  const { maintenance, deps } = context.caretaker;
  const { categories, retentionDays, targetBytes } = options;
  const chosen = categories.size === 0 ? undefined : categories;
  const tracks = TRACK_CATEGORIES.filter((name) => chosen?.has(name));
  const scraps: Scrap[] = [];
  for (const category of SCRAP_CATEGORIES) {
    if (chosen && !chosen.has(category)) continue;
    scraps.push(...(await findScraps(deps, category, chosen ? "all" : "aged")));
  }
  const plan = await maintenance.planCleanup({
    ...(chosen && { categories: new Set(tracks) }),
    ...(retentionDays !== undefined && { retentionDays }),
    ...(targetBytes !== undefined && { limitBytes: targetBytes, lowWaterMark: 1 }),
  });
  return { plan, scraps };
}

/** What a removal would do, counted by reason. */
function tallyOf({ plan, scraps }: Removal): readonly Tally[] {
  const record = new TaskRecord([]);
  for (const { name: subject, category: reason, bytes } of scraps)
    record.step({ action: "removed", subject, reason, bytes });
  return [...plan.removals.tallies, ...record.done];
}

const REASONS: Readonly<Record<TrackCategory, string>> = {
  expired: "not played lately",
  "over-limit": "over the limit",
  "stale-profiles": "stale profile",
  orphans: "file without row",
};

function matches({ reason }: Tally, name: TrackCategory | ScrapCategory): boolean {
  return reason === name || reason === REASONS[name as TrackCategory];
}
