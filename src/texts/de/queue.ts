import type { queue as english } from "../en/queue.ts";
import { formatting } from "../formatting.ts";

const { count, plural } = formatting("de");
const songsIn = (value: number): string => plural(value, { one: "Song", other: "Songs" });

/** As in `en/queue.ts`. */
export const queue: typeof english = {
  buttons: {
    jump: "⏭ Hierhin springen",
    first: "⏫ Als Nächstes spielen",
    remove: "🗑 Entfernen",
    list: "📜 Zur Warteschlange",
  },
  choose: "Zu einem Song springen, ihn verschieben oder entfernen",
  number: ({ position }) => `Platz ${count(position)} der Warteschlange`,
  title: ({ waiting }) => `Warteschlange · ${songsIn(waiting)}`,
  empty: "Es wartet nichts. Füge mit play etwas hinzu.",
  now: ({ song }) => `Jetzt: ${song}`,
  left: ({ time }) => `noch ${time}`,
  legend: "⚡ = im Cache, beginnt sofort",
  added: ({ song, position }) => `Hinzugefügt: ${song} · Platz ${count(position)} in der Warteschlange`,
  addedFirst: ({ song }) => `Hinzugefügt: ${song} · kommt als Nächstes`,
  cached: "⚡ im Cache",
  listEmpty: "In dieser Playlist gibt es nichts zu spielen.",
  listReading: "Die Playlist kommt in die Warteschlange…",
  listAdded: ({ added }) => `**${songsIn(added)}** der Playlist in die Warteschlange eingereiht.`,
  split: ({ song, added }) => `**${count(added)} Kapitel** von ${song} in die Warteschlange eingereiht.`,
  listCut: ({ added }) =>
    `**${songsIn(added)}** der Playlist in die Warteschlange eingereiht; weitere wurden ausgelassen.`,
  voteButton: ({ votes, needed }) => `⏭ Überspringen (${count(votes)} von ${count(needed)})`,
  vote: ({ song, votes, needed }) =>
    `${song} überspringen? Dafür sind **${count(votes)} von ${count(needed)}**.`,
  voteOver: "Dieser Song ist vorbei.",
  wentTo: ({ song }) => `Weiter mit ${song}`,
  wentBack: ({ song }) => `Zurück zu ${song}`,
  removed: ({ song }) => `${song} entfernt`,
  removedMany: ({ removed }) => `**${songsIn(removed)}** aus der Warteschlange genommen.`,
  nothingTwice: "Kein Song steht doppelt in der Warteschlange.",
  nothingOf: ({ mention }) => `Von ${mention} steht nichts in der Warteschlange.`,
  moved: ({ song, position }) => `${song} auf Platz ${count(position)} der Warteschlange verschoben`,
  shuffled: ({ waiting }) => `**${songsIn(waiting)}** der Warteschlange gemischt.`,
  loop: {
    off: "Nichts wird wiederholt.",
    track: "Dieser Song wird wiederholt, bis ihn jemand überspringt.",
    queue: "Alle Songs werden reihum wiederholt.",
  },
  skipped: ({ song }) => `${song} übersprungen`,
  next: ({ song }) => `Als Nächstes: ${song}`,
  noneLeft: "Die Warteschlange ist leer.",
};
