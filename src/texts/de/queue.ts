import type { queue as english } from "../en/queue.ts";
import { formatting } from "../formatting.ts";

const { count, plural } = formatting("de");
const songsIn = (value: number): string => plural(value, { one: "Song", other: "Songs" });

/** As in `en/queue.ts`. */
export const queue: typeof english = {
  buttons: { vote: "⏭ Auch überspringen" },
  title: ({ waiting }) => `Warteschlange · ${songsIn(waiting)}`,
  empty: "Es wartet nichts. Füge mit play etwas hinzu.",
  now: ({ song }) => `Jetzt: ${song}`,
  left: ({ time }) => `noch ${time}`,
  legend: "⚡ = im Cache, beginnt sofort",
  added: ({ song, position }) => `Hinzugefügt: ${song} · Platz ${count(position)} in der Warteschlange`,
  cached: "⚡ im Cache",
  listEmpty: "In dieser Playlist gibt es nichts zu spielen.",
  listReading: "Die Playlist kommt in die Warteschlange…",
  listAdded: ({ added }) => `**${songsIn(added)}** der Playlist in die Warteschlange eingereiht.`,
  listCut: ({ added }) =>
    `**${songsIn(added)}** der Playlist in die Warteschlange eingereiht; weitere wurden ausgelassen.`,
  skipped: ({ song }) => `${song} übersprungen`,
  next: ({ song }) => `Als Nächstes: ${song}`,
  voted: ({ votes, needed }) =>
    `Für das Überspringen dieses Songs: ${count(votes)} von ${plural(needed, { one: "Stimme", other: "Stimmen" })}`,
  noneLeft: "Die Warteschlange ist leer.",
};
