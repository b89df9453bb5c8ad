import type { play as english } from "../../en/commands/play.ts";

/** As in `en/commands/play.ts`. */
export const play: typeof english = {
  play: {
    about: "Spielt einen Song oder reiht ihn in die Warteschlange ein",
    query: "Link zu Song, Liste, Audiodatei oder Radio, oder Suchwörter",
    force: "Lädt den Song zuerst neu, egal wie er vorher scheiterte (Admins des Caches)",
  },
  nowplaying: { about: "Zeigt den Song, der gerade läuft" },
  pause: { about: "Hält den laufenden Song an" },
  resume: { about: "Macht mit dem angehaltenen Song oder der gemerkten Warteschlange weiter" },
  seek: {
    about: "Macht an einer anderen Stelle des Songs weiter",
    position: "Wo es weitergeht: 1:23, 83 oder 1m23s",
  },
  stop: { about: "Hält an, leert die Warteschlange und verlässt den Sprachkanal" },
};
