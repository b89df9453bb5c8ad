import type { play as english } from "../../en/commands/play.ts";

/** As in `en/commands/play.ts`. */
export const play: typeof english = {
  play: {
    about: "Spielt einen Song oder reiht ihn in die Warteschlange ein",
    query: "Link zu Song, Liste, Audiodatei oder Radio, oder Suchwörter",
    file: "Eine Datei mit Ton statt eines Links oder Wörtern",
    next: "Vor allen anderen Songs der Warteschlange",
    now: "Sofort; der laufende Song endet",
    limit: "So viele Songs einer Playlist; der Link zu einem ihrer Songs meint dann die Liste ab dort",
    shuffle: "Die Songs einer Playlist in beliebiger Reihenfolge",
    split: "Jedes Kapitel als eigener Song",
    force: "Lädt den Song zuerst neu, egal wie er vorher scheiterte (Admins des Caches)",
  },
  nowplaying: { about: "Zeigt den Song, der gerade läuft" },
  forward: { about: "Spult im Song vor", by: "Wie weit: 30, 1:30 oder 1m30s; ohne Angabe 10 Sekunden" },
  replay: { about: "Spielt den Song noch einmal von vorn" },
  rewind: { about: "Spult im Song zurück", by: "Wie weit: 30, 1:30 oder 1m30s; ohne Angabe 10 Sekunden" },
  sleep: {
    about: "Hört nach so vielen Minuten oder am Ende dieses Songs von selbst auf",
    minutes: "Nach so vielen Minuten",
    instead: "song für das Ende dieses Songs, off für weiter",
  },
  pause: { about: "Hält den laufenden Song an" },
  search: { about: "Sucht Songs und lässt dich einen auswählen", words: "Wonach gesucht wird" },
  resume: { about: "Macht mit dem angehaltenen Song oder der gemerkten Warteschlange weiter" },
  seek: {
    about: "Macht an einer anderen Stelle des Songs weiter",
    position: "Wo es weitergeht: 1:23, 83 oder 1m23s",
  },
  summon: { about: "Ruft den Bot in deinen Sprachkanal, samt allem, was läuft und wartet" },
  stop: { about: "Hält an, leert die Warteschlange und verlässt den Sprachkanal" },
};
