import type { songs as english } from "../en/songs.ts";
import { formatting } from "../formatting.ts";

const { bytes, count, plural } = formatting("de");
const songsIn = (value: number): string => plural(value, { one: "Song", other: "Songs" });

/** As in `en/songs.ts`. */
export const songs: typeof english = {
  buttons: {
    previous: "⏮ Zurück",
    pause: "⏸ Pause",
    resume: "▶ Weiter",
    skip: "⏭ Überspringen",
    queue: "📜 Warteschlange",
    stop: "⏹ Stopp",
    loop: { off: "🔁 Wiederholen: aus", track: "🔂 Wiederholen: Song", queue: "🔁 Wiederholen: alle" },
    shuffle: "🔀 Mischen",
    volume: "🔊 Lautstärke",
    cancel: "Abbrechen",
  },

  player: "Player",
  writeHere: "Es läuft nichts. Schreib einen Titel oder Link hierher: Jede Nachricht ist ein Song.",
  nowPlaying: "Jetzt läuft",
  paused: "Angehalten",
  requestedBy: ({ mention }) => `Gewünscht von ${mention}`,
  live: "🔴 live",
  connecting: "Verbinde…",
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
    kept: "Für später aufgehoben",
  },
  endedFor: ({ mention }) => `gewünscht von ${mention}`,

  withoutSource: "Die Quelle antwortet gerade nicht, darum kommt das aus dem Cache.",
  fetchingAnew: ({ song }) => `${song} wird neu geladen…`,

  playThis: "Das abspielen",
  addThis: "In die Warteschlange",
  found: "Gefunden",
  choose: "Einen davon spielen",

  held: "Angehalten. Weiter geht es mit resume.",
  notPlaying: "Es läuft gerade nicht.",
  goingOn: "Weiter geht’s.",
  goingOnAt: ({ time }) => `Weiter bei **${time}**.`,
  sleepsAt: ({ when }) => `Schluss ist ${when}.`,
  sleepsAfterSong: "Nach diesem Song ist Schluss.",
  sleepsNot: "Es ist kein Einschlaf-Timer gestellt; es geht weiter.",
  summoned: ({ channel }) => `Da bin ich, in ${channel}.`,
  nothingToStop: "Es lief nichts.",
  stopped: ({ dropped }) => `Gestoppt; ${songsIn(dropped)} aus der Warteschlange genommen.`,
};
