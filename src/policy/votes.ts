/** Whether the listeners want a song to end. */

export interface Poll {
  /** Everybody who hears the bot; bots do not count. */
  readonly listenerIds: readonly string[];
  /** Everybody who has voted, also those who have left since. */
  readonly voterIds: ReadonlySet<string>;
  /** Share of the listeners that is enough, in per cent. */
  readonly percent: number;
}

export interface Count {
  readonly votes: number;
  readonly needed: number;
  readonly isPassed: boolean;
}

/** Counts the votes of those who are still there. At least one is always needed. */
export function countVotes({ listenerIds, voterIds, percent }: Poll): Count {
  const votes = listenerIds.filter((id) => voterIds.has(id)).length;
  const needed = Math.max(1, Math.ceil((listenerIds.length * percent) / 100));
  return { votes, needed, isPassed: votes >= needed };
}

/** Votes about the song that plays, one poll per guild. Another song begins another poll. */
export class SkipVotes {
  readonly #polls = new Map<string, { readonly songId: string; readonly voterIds: Set<string> }>();

  /** Everybody who has voted about that song by now, this person included. */
  add(guildId: string, songId: string, personId: string): ReadonlySet<string> {
    const running = this.#polls.get(guildId);
    const poll = running?.songId === songId ? running : { songId, voterIds: new Set<string>() };
    poll.voterIds.add(personId);
    this.#polls.set(guildId, poll);
    return poll.voterIds;
  }

  /** The song of a guild has ended: played once more, it is another one to vote about. */
  onEnded({ guildId }: { readonly guildId: string }): void {
    this.#polls.delete(guildId);
  }
}
