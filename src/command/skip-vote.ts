import { type Count, countVotes } from "../policy/votes.ts";
import type { CommandContext } from "./context.ts";
import { decidesAlone, requireRight } from "./rights.ts";

/**
 * Whether the song that plays may end for this person: by right, or because with their vote there are enough.
 * `undefined` = it may; else how many votes there are. At once for the requester, for DJs and for who listens alone.
 * @throws {AppError} `NOT_ALLOWED` where people do not vote
 */
export function voteToSkip(context: CommandContext): Count | undefined {
  const { actor, guildId, listenerIds, options, services, session } = context;
  if (!options.voteSkip) {
    requireRight(context, "song.control");
    return undefined;
  }
  if (session.state.status === "idle" || decidesAlone(context)) return undefined;
  const voterIds = services.votes.add(guildId, session.state.item.id, actor.id);
  const count = countVotes({ listenerIds, voterIds, percent: options.voteSkipPercent });
  return count.isPassed ? undefined : count;
}
