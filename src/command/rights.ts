/** Rights of the person who asks, with what is at stake where they are. */
import { AppError } from "../core/errors.ts";
import type { QueueItem } from "../player/queue.ts";
import { type Action, authorize, hasSay, type Stakes } from "../policy/permission.ts";
import type { CommandContext } from "./context.ts";

/**
 * For a part of a command that needs more than the command does.
 * @param items the songs it is about; by default the one that plays
 * @throws {AppError} `NOT_ALLOWED`, `NOT_IN_GUILD`
 */
export function requireRight(context: CommandContext, action: Action, items?: readonly QueueItem[]): void {
  const refusal = refusalOf(context, action, items);
  if (refusal) throw new AppError(refusal.code, refusal.context);
}

/** Whether the person may do it: what they may not is not offered to them. */
export function hasRight(context: CommandContext, action: Action): boolean {
  return refusalOf(context, action) === undefined;
}

function refusalOf(
  context: CommandContext,
  action: Action,
  items?: readonly QueueItem[],
): ReturnType<typeof authorize> {
  return authorize(context.actor, action, context.place, stakesOf(context, items));
}

/** Whether the person decides about songs without asking the others: by role, alone, or because they are their own. */
export function decidesAlone(context: CommandContext, items?: readonly QueueItem[]): boolean {
  return hasSay(context.actor, context.place, stakesOf(context, items));
}

/** Whether the listeners vote about ending these songs, and this person alone cannot. */
function mustVote(context: CommandContext, items = current(context)): boolean {
  return context.options.voteSkip && items.length > 0 && !decidesAlone(context, items);
}

/**
 * That these songs may end, or be passed over, because this person alone wants it.
 * @param items by default the one that plays
 * @throws {AppError} `NOT_ALLOWED`, `VOTED_HERE`
 */
export function requireSkip(context: CommandContext, items?: readonly QueueItem[]): void {
  requireRight(context, "song.control", items);
  if (mustVote(context, items)) throw new AppError("VOTED_HERE");
}

/**
 * That the song that plays may go on there: whoever goes forward passes over a part of it, up to all that is left.
 * @throws {AppError} `NOT_ALLOWED`, `VOTED_HERE`
 */
export function requireSeek(context: CommandContext, toMs: number): void {
  if (toMs > context.session.positionMs) requireSkip(context);
}

function stakesOf(context: CommandContext, items = current(context)): Stakes {
  const { actor, listenerIds, session, voiceChannel } = context;
  // Also who is deafened, when nobody else hears anything.
  const isThere =
    listenerIds.includes(actor.id) ||
    (voiceChannel !== undefined && voiceChannel.channelId === session.channel?.channelId);
  return {
    isAlone: isThere && listenerIds.every((id) => id === actor.id),
    isOwn: items.length > 0 && items.every(({ requestedBy }) => requestedBy.id === actor.id),
  };
}

function current({ session: { state } }: CommandContext): readonly QueueItem[] {
  return state.status === "idle" ? [] : [state.item];
}
