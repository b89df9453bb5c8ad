import type { taste as english } from "../en/taste.ts";

/** As in `en/taste.ts`. */
export const taste: typeof english = {
  lyrics: ({ song }) => `Songtext · ${song}`,
  instrumental: "Hier gibt es nichts zu singen: Das Stück ist instrumental.",
  notYet: "♪",
  lyricsFollow: "folgt dem Song · von LRCLIB",
  lyricsOver: "der Song ist vorbei · von LRCLIB",
  lyricsFrom: "von LRCLIB",

  history: "Hier gespielt",
  historyOf: ({ mention }) => `gewünscht von ${mention}`,
  historyEmpty: "Es lief noch nichts.",
  byItself: "Autoplay",

  grabbed: "Er ist in deinen Direktnachrichten.",
  grabbedAt: ({ time }) => `Er war bei ${time}.`,

  autoplayOn: "Am Ende der Warteschlange geht es mit ähnlichen Songs weiter.",
  autoplayOff: "Am Ende der Warteschlange ist es still.",
  sponsorBlockOn:
    "Teile von Songs ohne Musik werden übersprungen, so wie Leute sie für SponsorBlock markieren.",
  sponsorBlockOff: "Songs werden ganz gespielt.",
};
