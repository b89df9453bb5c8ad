import { formatting } from "../formatting.ts";

const { count, plural } = formatting("en");
const songsIn = (value: number): string => plural(value, { one: "song", other: "songs" });

/** Adding songs to the queue, looking at it and going on in it. */
export const queue = {
  buttons: { vote: "⏭ Skip it too" },
  title: ({ waiting }: { waiting: number }): string =>
    `Queue · ${plural(waiting, { one: "track", other: "tracks" })}`,
  empty: "Nothing is waiting. Add something with play.",
  now: ({ song }: { song: string }): string => `Now: ${song}`,
  left: ({ time }: { time: string }): string => `${time} left`,
  legend: "⚡ = in the cache, starts at once",
  added: ({ song, position }: { song: string; position: number }): string =>
    `Added ${song} · number ${count(position)} in the queue`,
  cached: "⚡ cached",
  listEmpty: "That playlist has nothing to play.",
  listReading: "Adding the playlist to the queue…",
  listAdded: ({ added }: { added: number }): string =>
    `Added **${songsIn(added)}** of the playlist to the queue.`,
  listCut: ({ added }: { added: number }): string =>
    `Added **${songsIn(added)}** of the playlist to the queue; more were left out.`,
  skipped: ({ song }: { song: string }): string => `Skipped ${song}`,
  next: ({ song }: { song: string }): string => `Next: ${song}`,
  voted: ({ votes, needed }: { votes: number; needed: number }): string =>
    `To skip this song: ${count(votes)} of ${plural(needed, { one: "vote", other: "votes" })}`,
  noneLeft: "The queue is empty.",
};
