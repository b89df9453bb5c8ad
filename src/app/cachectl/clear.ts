// `clear`: all songs, those of a profile or source, or one.
import { AppError } from "../../core/errors.ts";
import { formatBytes, formatCount, plural } from "../../core/format.ts";
import { type ProfileId, parseProfileId } from "../../core/audio-profile.ts";
import { type CacheKey, parseCacheKey } from "../../core/track.ts";
import type { ClearSelection } from "../../maintenance/plan.ts";
import { type Answer, type CommandContext, refuse } from "./context.ts";
import { carryOutRemoval } from "./removal.ts";

export interface ClearOptions {
  readonly key: string | undefined;
  readonly profile: string | undefined;
  readonly source: string | undefined;
  /** The number of songs, as typed. */
  readonly confirm: string | undefined;
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly detail: string;
}

/** Removes all songs, those of a profile or source, or one. */
export async function clear(context: CommandContext, options: ClearOptions): Promise<Answer> {
  const selection = await selectionOf(context, options);
  if (typeof selection === "string") return refuse(selection);
  const plan = await context.caretaker.maintenance.planClear(selection);
  const removal = { plan, scraps: [], oldPlays: 0 };
  const { count, bytes } = plan.removals;
  if (count === 0 && selection.key !== undefined) throw new AppError("NOT_CACHED", { key: selection.key });
  if (count === 0 && selection.source !== undefined)
    return refuse(`No song of the source ${selection.source} is cached.`);
  if (options.dryRun || count === 0) return carryOutRemoval(context, options, removal);
  const refusal = await unconfirmed(context, options, count, formatBytes(bytes));
  return refusal === undefined
    ? carryOutRemoval(context, options, removal)
    : refuse(refusal, { songs: count });
}

/** Why it is not done; `undefined` = it may be done. */
async function unconfirmed(
  { person }: CommandContext,
  { confirm, force }: ClearOptions,
  count: number,
  size: string,
): Promise<string | undefined> {
  const number = formatCount(count);
  if (force) return undefined;
  if (confirm === undefined && !person.canAnswer)
    return `Refusing to delete ${plural(count, "song")} (${size}) without --confirm ${count} or --force.`;
  const typed =
    confirm ??
    (await person.ask(`${plural(count, "song")} (${size}) will be deleted. Type ${count} to confirm`));
  if (typed.trim() === String(count)) return undefined;
  return `That is not the number (${number}). Nothing was deleted.`;
}

/** What is meant, or the sentence that says why it cannot be. */
async function selectionOf(
  { caretaker }: CommandContext,
  asked: ClearOptions,
): Promise<ClearSelection | string> {
  const selection: { key?: CacheKey; profile?: string; source?: string } = {};
  if (asked.key !== undefined) {
    const key = parseCacheKey(asked.key)?.key;
    if (!key) return `${asked.key} is not the ID of a song.`;
    selection.key = key;
  }
  if (asked.profile !== undefined) {
    const profiles = await caretaker.deps.rows.profiles();
    const profileId = findProfile(asked.profile, profiles);
    if (!profileId)
      return `There is no profile ${asked.profile} in the cache. There are: ${profiles.join(", ") || "none"}.`;
    selection.profile = profileId;
  }
  if (asked.source !== undefined) selection.source = asked.source;
  return selection;
}

/** A whole id, or a name that only one profile has. */
function findProfile(text: string, profiles: readonly ProfileId[]): ProfileId | undefined {
  const named = profiles.filter((id) => id.startsWith(`${text}-`));
  return named.length === 1 ? named[0] : parseProfileId(text);
}
