import type { cache as english } from "../en/cache.ts";
import { formatting } from "../formatting.ts";

const { bytes, count, minutes, plural } = formatting("de");
const filesIn = (value: number): string => plural(value, { one: "Datei", other: "Dateien" });
const songsIn = (value: number): string => plural(value, { one: "Song", other: "Songs" });

/** As in `en/cache.ts`. */
export const cache: typeof english = {
  buttons: {
    refresh: "Aktualisieren",
    preview: "Bereinigung ansehen",
    delete: ({ files }) => `${filesIn(files)} löschen`,
    showList: "Liste zeigen",
    cancel: "Abbrechen",
    deleteAll: "Alles löschen…",
    deleteThem: "Löschen…",
  },

  found: "Gefunden",
  nothingFound: "So etwas ist hier nicht bekannt.",
  legend: "⚡ = im Cache, beginnt sofort",
  played: ({ plays }) => `${count(plays)}-mal gespielt`,
  pinnedMark: "angeheftet",
  pinned: ({ song }) => `Angeheftet: ${song}. Keine Bereinigung entfernt ihn.`,
  pinnedAlready: ({ song }) => `Schon angeheftet: ${song}. Keine Bereinigung entfernt ihn.`,
  unpinned: ({ song }) => `Nicht mehr angeheftet: ${song}.`,
  notPinned: ({ song }) => `War nicht angeheftet: ${song}.`,
  fetched: ({ song }) => `Neu geladen: ${song}`,
  size: ({ size }) => bytes(size),

  title: "Cache",
  holds: ({ files, size, limit, percent }) =>
    `**${count(files)}** ${files === 1 ? "Song" : "Songs"} · **${bytes(size)} von ${bytes(limit)}** (${count(percent)} %)`,
  noPlays: "noch nichts gespielt",
  hitRate: ({ percent }) => `**${count(percent)} %** Trefferquote`,
  plays: ({ rate, hits, misses, shared }) =>
    `${rate} (30 Tage) · ${count(hits)} Treffer · ${count(misses)} neu geladen · ${count(shared)} bei einem laufenden Download dabei`,
  nothingHere: "Hier: noch nichts gespielt",
  playsHere: ({ plays, percent }) =>
    `Hier: ${count(plays)}-mal gespielt · **${count(percent)} %** ohne Download`,
  mostPlayed: "**Am häufigsten gespielt**",
  rank: ({ rank, title, plays }) => `${count(rank)}\\. ${title} · ${count(plays)}`,
  empty: "leer",
  longestUnplayed: ({ when }) => `am längsten nicht gespielt: ${when}`,
  neverCleaned: "noch nie bereinigt",
  lastCleanup: ({ when, freed }) => `letzte Bereinigung ${when}: ${bytes(freed)} frei geworden`,
  more: ({ more }) => `und ${count(more)} weitere`,

  rules: "**Regeln hier**",
  rule: {
    always: ({ songs }) => `${songs}: immer speichern`,
    never: ({ songs }) => `${songs}: nie speichern`,
  },
  ruleSet: {
    always: ({ songs }) => `${songs}: kommen in den Cache, egal was eine allgemeinere Regel sagt.`,
    never: ({ songs }) =>
      `${songs}: werden gespielt, aber nicht im Cache gespeichert. Was schon gespeichert ist, bleibt.`,
    default: ({ songs }) => `${songs}: keine Regel mehr.`,
  },
  scope: {
    guild: "Songs, die auf diesem Server gewünscht werden",
    channel: ({ name }) => `Songs von **${name}**, die auf diesem Server gewünscht werden`,
    source: ({ name }) => `Songs von der Quelle **${name}**, die auf diesem Server gewünscht werden`,
    playlist: ({ name }) => `Songs der Playlist \`${name}\`, die auf diesem Server gewünscht werden`,
    room: ({ name }) => `Songs, die in <#${name}> gewünscht werden`,
    longer: ({ length }) => `Songs über ${count(length)} min, die auf diesem Server gewünscht werden`,
    shorter: ({ length }) => `Songs unter ${count(length)} min, die auf diesem Server gewünscht werden`,
  },

  cleaned: "Bereinigung fertig",
  cleared: ({ files }) => `Cache geleert: ${count(files)} gelöscht`,
  deleted: ({ files, size, before, left }) =>
    `**${filesIn(files)}** gelöscht, **${bytes(size)}** frei · ${bytes(before)} → ${bytes(left)}`,
  stayed: ({ files }) =>
    plural(files, {
      one: "Song bleibt, weil er in Gebrauch ist",
      other: "Songs bleiben, weil sie in Gebrauch sind",
    }),
  goesLater: ({ files }) =>
    plural(files, {
      one: "Song läuft gerade: Er wird gelöscht, wenn er endet",
      other: "Songs laufen gerade: Sie werden gelöscht, wenn sie enden",
    }),
  notDeleted: ({ files }) =>
    `${plural(files, { one: "Datei konnte", other: "Dateien konnten" })} nicht gelöscht werden; das Log sagt, warum.`,
  startedBy: ({ mention }) => `gestartet von ${mention}`,

  preview: "Vorschau der Bereinigung – noch nichts gelöscht",
  changed: "Der Cache hat sich geändert – noch nichts gelöscht",
  previewValid: ({ length }) => `Vorschau gilt ${minutes(length)}`,
  together: ({ files, size }) => `Zusammen **${filesIn(files)}**, **${bytes(size)}**.`,
  goes: ({ files, reason, size }) => `${songsIn(files)} ${reason} · ${bytes(size)}`,
  kept: ({ files, reasons }) => `bleiben: ${songsIn(files)} (${reasons})`,
  nothingToClean: "Nichts zu bereinigen",
  allWithin: ({ files, size }) =>
    `${songsIn(files)}, ${bytes(size)}: alles innerhalb von Limit und Aufbewahrungszeit.`,
  mustStay: ({ files, size }) => `${songsIn(files)}, ${bytes(size)}: Was gehen würde, muss vorerst bleiben.`,
  list: "Was eine Bereinigung löschen würde",
  cancelled: "Bereinigung abgebrochen. Es wurde nichts gelöscht.",
  reasons: {
    "not played lately": "lange nicht gespielt",
    "over the limit": "über dem Limit",
    "unfinished removal": "nicht zu Ende gelöscht",
    "stale profile": "von einem alten Profil",
    "file without row": "ohne Eintrag",
    clear: "geleert",
    playing: "läuft gerade",
    queued: "in einer Warteschlange",
    pinned: "angeheftet",
    "just made": "gerade erst angelegt",
    "played since": "seitdem gespielt",
  },

  clearAll: "Den ganzen Cache löschen?",
  clearProfile: ({ profile }) => `Die Songs von ${profile} löschen?`,
  emptyAlready: "Der Cache ist schon leer.",
  wouldGo: ({ files, size }) =>
    `**${songsIn(files)}**, **${bytes(size)}**, ${files === 1 ? "würde" : "würden"} gelöscht. Was läuft, bleibt bis zum Ende.`,
  noWayBack: "Jeder Song müsste neu geladen werden. Das lässt sich nicht rückgängig machen.",
  orType: ({ line }) => `oder schreib \`${line}\``,
  formText: ({ files, size }) =>
    `${songsIn(files)} (${bytes(size)}) ${files === 1 ? "wird" : "werden"} gelöscht. Was läuft, bleibt bis zum Ende. Das lässt sich nicht rückgängig machen.`,
  formField: ({ files }) => `Zum Bestätigen ${files} eingeben`,
};
