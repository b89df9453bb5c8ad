import { formatting } from "../formatting.ts";

const { plural } = formatting("en");
const songsIn = (value: number): string => plural(value, { one: "song", other: "songs" });

/** Favourites and saved playlists. */
export const lists = {
  favourites: "Favourites",
  title: ({ name, held }: { name: string; held: number }): string => `${name} · ${songsIn(held)}`,
  ofServer: "of this server",
  favouritesEmpty: "No favourites yet. Add the song that plays with favourites add.",
  empty: "Nothing is in it yet. Add the song that plays with playlist add.",
  legend: "⚡ = in the cache, starts at once",

  all: "Playlists",
  yours: "Yours",
  theServers: "This server's",
  none: "None yet. Make one with playlist create, or keep the queue with playlist save.",
  entry: ({ name, held }: { name: string; held: number }): string => `**${name}** · ${songsIn(held)}`,

  made: ({ name }: { name: string }): string => `Made the playlist **${name}**.`,
  deleted: ({ name }: { name: string }): string => `Deleted the playlist **${name}**.`,
  addedOne: ({ song, name }: { song: string; name: string }): string => `Added ${song} to **${name}**.`,
  addedMany: ({ added, name }: { added: number; name: string }): string =>
    `Added **${songsIn(added)}** to **${name}**.`,
  known: ({ known }: { known: number }): string => `${songsIn(known)} of these stood in it already.`,
  left: ({ left }: { left: number }): string => `There was no room for ${songsIn(left)} more.`,
  unknown: ({ unknown }: { unknown: number }): string =>
    `${plural(unknown, { one: "entry", other: "entries" })} of the file I could not take.`,
  removed: ({ song, name }: { song: string; name: string }): string => `Took ${song} off **${name}**.`,
  queued: ({ added, name }: { added: number; name: string }): string =>
    `Added **${songsIn(added)}** of **${name}** to the queue.`,
  queuedCut: ({ added, name }: { added: number; name: string }): string =>
    `Added **${songsIn(added)}** of **${name}** to the queue; more were left out.`,
  shared: ({ name }: { name: string }): string => `Everyone in this server has a copy of **${name}** now.`,
  taken: ({ name }: { name: string }): string => `A copy of **${name}** is yours now.`,
  exported: ({ name, written }: { name: string; written: number }): string =>
    `**${name}** with ${songsIn(written)}. Bring it back with playlist import.`,
};
