import { formatting } from "../formatting.ts";

const { count, plural } = formatting("en");
const songsIn = (value: number): string => plural(value, { one: "song", other: "songs" });

/** Fetching a list of songs for later. */
export const warming = {
  buttons: { cancel: "Cancel" },
  running: "Fetching songs for later",
  ended: "Songs fetched for later",
  reading: "Reading the playlist…",
  now: ({ song }: { song: string }): string => `Now: ${song}`,
  pace: "one song at a time, in the background",
  sums: ({ fetched, there }: { fetched: number; there: number }): string =>
    `**${songsIn(fetched)}** fetched · ${songsIn(there)} there already`,
  failed: ({ failed }: { failed: number }): string => `${songsIn(failed)} could not be fetched`,
  cancelled: "Cancelled.",
  overAlready: "That is over already.",
  listGoesOn: ({ most }: { most: number }): string =>
    `The list goes on; only its first ${count(most)} songs were looked at.`,
  gaveUp: ({ failures, last }: { failures: number; last: string }): string =>
    `Stopped after ${count(failures)} failures in a row. The last one: ${last}`,
  unstored: "Stopped: songs are not being stored now.",
  allSeen: "All songs were looked at.",
};
