import type { lists as english } from "../en/lists.ts";
import { formatting } from "../formatting.ts";

const { plural } = formatting("de");
const songsIn = (value: number): string => plural(value, { one: "Song", other: "Songs" });

/** As in `en/lists.ts`. */
export const lists: typeof english = {
  favourites: "Favoriten",
  title: ({ name, held }) => `${name} · ${songsIn(held)}`,
  ofServer: "von diesem Server",
  favouritesEmpty: "Noch keine Favoriten. Füge den laufenden Song mit favourites add hinzu.",
  empty: "Es steht noch nichts darin. Füge den laufenden Song mit playlist add hinzu.",
  legend: "⚡ = im Cache, beginnt sofort",

  all: "Playlists",
  yours: "Deine",
  theServers: "Die dieses Servers",
  none: "Noch keine. Leg eine mit playlist create an oder behalte die Warteschlange mit playlist save.",
  entry: ({ name, held }) => `**${name}** · ${songsIn(held)}`,

  made: ({ name }) => `Playlist **${name}** angelegt.`,
  deleted: ({ name }) => `Playlist **${name}** gelöscht.`,
  addedOne: ({ song, name }) => `${song} zu **${name}** hinzugefügt.`,
  addedMany: ({ added, name }) => `**${songsIn(added)}** zu **${name}** hinzugefügt.`,
  known: ({ known }) => `Schon darin waren: ${songsIn(known)}.`,
  left: ({ left }) => `Keinen Platz mehr hatten: ${songsIn(left)}.`,
  unknown: ({ unknown }) =>
    `Nicht übernehmen konnte ich aus der Datei: ${plural(unknown, { one: "Eintrag", other: "Einträge" })}.`,
  removed: ({ song, name }) => `${song} aus **${name}** genommen.`,
  queued: ({ added, name }) => `**${songsIn(added)}** aus **${name}** in die Warteschlange eingereiht.`,
  queuedCut: ({ added, name }) =>
    `**${songsIn(added)}** aus **${name}** in die Warteschlange eingereiht; weitere wurden ausgelassen.`,
  shared: ({ name }) => `Alle auf diesem Server haben jetzt eine Kopie von **${name}**.`,
  taken: ({ name }) => `Eine Kopie von **${name}** gehört jetzt dir.`,
  exported: ({ name, written }) =>
    `**${name}** mit ${songsIn(written)}. Mit playlist import kommt sie zurück.`,
};
