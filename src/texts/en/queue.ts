import { formatting } from "../formatting.ts";

const { count, plural } = formatting("en");
const songsIn = (value: number): string => plural(value, { one: "song", other: "songs" });

/** Adding songs to the queue, looking at it and going on in it. */
export const queue = {
  buttons: {
    jump: "⏭ Jump to it",
    first: "⏫ Play it next",
    remove: "🗑 Remove it",
    list: "📜 Back to the queue",
  },
  choose: "Jump to a song, move or remove it",
  number: ({ position }: { position: number }): string => `Number ${count(position)} in the queue`,
  title: ({ waiting }: { waiting: number }): string =>
    `Queue · ${plural(waiting, { one: "track", other: "tracks" })}`,
  empty: "Nothing is waiting. Add something with play.",
  now: ({ song }: { song: string }): string => `Now: ${song}`,
  left: ({ time }: { time: string }): string => `${time} left`,
  legend: "⚡ = in the cache, starts at once",
  added: ({ song, position }: { song: string; position: number }): string =>
    `Added ${song} · number ${count(position)} in the queue`,
  addedFirst: ({ song }: { song: string }): string => `Added ${song} · plays next`,
  cached: "⚡ cached",
  listEmpty: "That playlist has nothing to play.",
  listReading: "Adding the playlist to the queue…",
  listAdded: ({ added }: { added: number }): string =>
    `Added **${songsIn(added)}** of the playlist to the queue.`,
  split: ({ song, added }: { song: string; added: number }): string =>
    `Added **${plural(added, { one: "chapter", other: "chapters" })}** of ${song} to the queue.`,
  listCut: ({ added }: { added: number }): string =>
    `Added **${songsIn(added)}** of the playlist to the queue; more were left out.`,
  /** On a button. */
  voteButton: ({ votes, needed }: { votes: number; needed: number }): string =>
    `⏭ Skip (${count(votes)} of ${count(needed)})`,
  vote: ({ song, votes, needed }: { song: string; votes: number; needed: number }): string =>
    `Skip ${song}? **${count(votes)} of ${count(needed)}** have voted for it.`,
  voteOver: "That song is over.",
  wentTo: ({ song }: { song: string }): string => `Going on with ${song}`,
  wentBack: ({ song }: { song: string }): string => `Back to ${song}`,
  removed: ({ song }: { song: string }): string => `Removed ${song}`,
  removedMany: ({ removed }: { removed: number }): string =>
    `Removed **${songsIn(removed)}** from the queue.`,
  nothingTwice: "No song is in the queue twice.",
  nothingOf: ({ mention }: { mention: string }): string => `Nothing of ${mention} is in the queue.`,
  moved: ({ song, position }: { song: string; position: number }): string =>
    `Moved ${song} to number ${count(position)} in the queue`,
  shuffled: ({ waiting }: { waiting: number }): string => `Mixed **${songsIn(waiting)}** of the queue.`,
  loop: {
    off: "Nothing is repeated.",
    track: "This song is repeated until somebody skips it.",
    queue: "All songs are repeated in turn.",
  },
  skipped: ({ song }: { song: string }): string => `Skipped ${song}`,
  next: ({ song }: { song: string }): string => `Next: ${song}`,
  noneLeft: "The queue is empty.",
};
