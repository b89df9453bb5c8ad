import { AppError } from "../core/errors.ts";
import type { QueueItem } from "../player/queue.ts";
import type { CommandContext } from "./context.ts";
import { requireVoice } from "./preconditions.ts";
import { requireSkip } from "./rights.ts";

/**
 * Goes on with the song that has this number in the queue; it ends the one that plays and passes over those before it.
 * @throws {AppError} `NOT_IN_QUEUE`, what {@link requireVoice} and {@link requireSkip} throw
 */
export function goTo(context: CommandContext, position: number): QueueItem {
  const { session } = context;
  const { state, queue } = session;
  const channel = requireVoice(context);
  const item = queue.items[position - 1];
  if (!item) throw new AppError("NOT_IN_QUEUE");
  requireSkip(context, [
    ...(state.status === "idle" ? [] : [state.item]),
    ...queue.items.slice(0, position - 1),
  ]);
  session.skipTo(position, channel);
  return item;
}
