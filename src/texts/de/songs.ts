import type { songs as english } from "../en/songs.ts";
import { formatting } from "../formatting.ts";

const { bytes, count, plural } = formatting("de");
const songsIn = (value: number): string => plural(value, { one: "Song", other: "Songs" });

/** As in `en/songs.ts`. */
export const songs: typeof english = {
  buttons: {
    pause: "⏸ Pause",
    resume: "▶ Weiter",
    skip: "⏭ Überspringen",
    queue: "📜 Warteschlange",
    stop: "⏹ Stopp",
    cancel: "Abbrechen",
    back: "◀ Zurück",
    next: "Weiter ▶",
    page: ({ page, pages }) => `Seite ${count(page)} von ${count(pages)}`,
  },

  nowPlaying: "Jetzt läuft",
  paused: "Angehalten",
  requestedBy: ({ mention }) => `Gewünscht von ${mention}`,
  arriving: "spielt, während es lädt",
  notSaved: "nicht im Cache gespeichert",
  saved: ({ size }) => `im Cache gespeichert (${bytes(size)})`,
  fromCache: ({ plays }) => `⚡ aus dem Cache (lief schon ${count(plays)}-mal)`,
  ends: ({ when }) => `endet ${when}`,
  pausedNow: "angehalten",
  lengthUnknown: "Länge noch nicht bekannt",
  volume: ({ percent }) => `Lautstärke ${count(percent)} %`,
  moreInQueue: ({ waiting }) => `noch ${count(waiting)} in der Warteschlange`,
  cover: ({ title }) => `Cover von ${title}`,

  notCached: "noch nicht im Cache",
  startsSoon: "beginnt, sobald genug davon da ist; beim nächsten Mal sofort",
  looking: "Wird gesucht…",
  levelling: "Lautstärke wird angeglichen…",
  downloading: ({ received }) => `Wird geladen… ${bytes(received)}`,
  downloadedOf: ({ percent, received, total }) =>
    `${count(percent)} % · ${bytes(received)} von ${bytes(total)}`,

  notPlayed: "Nicht gespielt",
  ended: {
    finished: "Gespielt",
    interrupted: "Übersprungen",
    cancelled: "Abgebrochen",
    lost: "Unterbrochen",
  },
  endedFor: ({ mention }) => `gewünscht von ${mention}`,

  queued: ({ song, position }) => `Hinzugefügt: ${song} · Platz ${count(position)} in der Warteschlange`,
  cached: "⚡ im Cache",
  withoutSource: "Die Quelle antwortet gerade nicht, darum kommt das aus dem Cache.",
  fetchingAnew: ({ song }) => `${song} wird neu geladen…`,
  listEmpty: "In dieser Playlist gibt es nichts zu spielen.",
  listReading: "Die Playlist kommt in die Warteschlange…",
  listAdded: ({ added }) => `**${songsIn(added)}** der Playlist in die Warteschlange eingereiht.`,
  listCut: ({ added }) =>
    `**${songsIn(added)}** der Playlist in die Warteschlange eingereiht; weitere wurden ausgelassen.`,

  queueTitle: ({ waiting }) => `Warteschlange · ${songsIn(waiting)}`,
  queueEmpty: "Es wartet nichts. Füge mit play etwas hinzu.",
  queueNow: ({ song }) => `Jetzt: ${song}`,
  left: ({ time }) => `noch ${time}`,
  legend: "⚡ = im Cache, beginnt sofort",

  held: "Angehalten. Weiter geht es mit resume.",
  notPlaying: "Es läuft gerade nicht.",
  goingOn: "Weiter geht’s.",
  goingOnAt: ({ time }) => `Weiter bei **${time}**.`,
  skipped: ({ song }) => `${song} übersprungen`,
  next: ({ song }) => `Als Nächstes: ${song}`,
  noneLeft: "Die Warteschlange ist leer.",
  nothingToStop: "Es lief nichts.",
  stopped: ({ dropped }) => `Gestoppt; ${songsIn(dropped)} aus der Warteschlange genommen.`,
  volumeIs: ({ percent }) => `Die Lautstärke ist **${count(percent)} %**.`,
  volumeNow: ({ percent }) => `Die Lautstärke ist jetzt **${count(percent)} %**.`,
};
