// `cleanup`: what was not played for long, is too much or is left over.
import { formatBytes, plural } from "../../core/format.ts";
import { TRACK_CATEGORIES, type TrackCategory } from "../../maintenance/plan.ts";
import { countOldPlays, STATISTICS } from "../../maintenance/old-plays.ts";
import { sumOf, type Tally, TaskRecord } from "../../maintenance/record.ts";
import { findScraps, type Scrap, SCRAP_CATEGORIES } from "../../maintenance/scraps.ts";
import { type Answer, type CommandContext, refuse } from "./context.ts";
import { carryOutRemoval, type Removal } from "./removal.ts";
import { tallyTable } from "./run-text.ts";

/** The categories there are, for help and checks. */
export const CATEGORIES = [...TRACK_CATEGORIES, ...SCRAP_CATEGORIES, STATISTICS] as const;

export type Category = (typeof CATEGORIES)[number];

export interface CleanupOptions {
  readonly categories: ReadonlySet<Category>;
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
  const plays = sumOf(planned, "forgotten").count;
  const what = [
    ...(count > 0 ? [`${plural(count, "file")} (${formatBytes(bytes)})`] : []),
    ...(plays > 0 ? [plural(plays, "old play")] : []),
  ].join(" and ");
  if (!person.canAnswer) return `Refusing to delete ${what} without --force.`;
  return (await person.confirm(`Delete ${what}?`)) ? undefined : "Nothing was deleted.";
}

async function findRemoval(context: CommandContext, options: CleanupOptions): Promise<Removal> {
  const { maintenance, deps } = context.caretaker;
  const { categories, retentionDays, targetBytes } = options;
  const chosen = categories.size === 0 ? undefined : categories;
  const takes = (name: Category): boolean => !chosen || chosen.has(name);
  const tracks = TRACK_CATEGORIES.filter((name) => chosen?.has(name));
  const scraps: Scrap[] = [];
  for (const category of SCRAP_CATEGORIES.filter(takes))
    scraps.push(...(await findScraps(deps, category, chosen ? "all" : "aged")));
  const plan = await maintenance.planCleanup({
    ...(chosen && { categories: new Set(tracks) }),
    ...(retentionDays !== undefined && { retentionDays }),
    ...(targetBytes !== undefined && { limitBytes: targetBytes, lowWaterMark: 1 }),
  });
  const oldPlays = takes(STATISTICS) ? await countOldPlays(deps) : 0;
  return { plan, scraps, oldPlays };
}

/** What a removal would do, counted by reason. */
function tallyOf({ plan, scraps, oldPlays: count }: Removal): readonly Tally[] {
  const record = new TaskRecord([]);
  for (const { name: subject, category: reason, bytes } of scraps)
    record.step({ action: "removed", subject, reason, bytes });
  const forgotten = { action: "forgotten", reason: STATISTICS, count, bytes: 0 };
  return [...plan.removals.tallies, ...record.done, ...(count > 0 ? [forgotten] : [])];
}

const REASONS: Readonly<Record<TrackCategory, string>> = {
  expired: "not played lately",
  "over-limit": "over the limit",
  "stale-profiles": "stale profile",
  orphans: "file without row",
};

function matches({ reason }: Tally, name: Category): boolean {
  return reason === name || reason === REASONS[name as TrackCategory];
}
