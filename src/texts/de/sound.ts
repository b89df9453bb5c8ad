import type { sound as english } from "../en/sound.ts";
import { formatting } from "../formatting.ts";

const { count } = formatting("de");

/** As in `en/sound.ts`. */
export const sound: typeof english = {
  soundIs: ({ profile, names }) =>
    `Songs klingen hier wie **${profile}**. Zur Auswahl stehen: ${names} oder default.`,
  soundChosen: ({ profile }) => `Ab dem nächsten Song klingen Songs hier wie **${profile}**.`,
  filterIs: ({ filter, names }) => `Der Filter ist **${filter}**. Zur Auswahl stehen: ${names} oder off.`,
  filterNow: ({ filter }) =>
    `Der Filter ist jetzt **${filter}**. Ein laufender Song geht damit weiter, sobald er neu gemacht ist.`,
  filters: {
    bassboost: "Mehr Bass",
    treble: "Mehr Höhen",
    nightcore: "Nightcore",
    vaporwave: "Vaporwave",
    slowed: "Langsam mit Hall",
    reverb: "Hall",
    "8d": "8D",
    karaoke: "Karaoke",
    mono: "Mono",
    wide: "Breites Stereo",
    lofi: "Kleines Radio",
    tremolo: "Tremolo",
    echo: "Echo",
    chipmunk: "Streifenhörnchen",
    deep: "Tiefe Stimme",
    fast: "Schneller",
    off: "Aus",
  },
  volumeIs: ({ percent }) => `Die Lautstärke ist **${count(percent)} %**.`,
  volumeTitle: "Lautstärke auf diesem Server",
  volumeField: ({ most }) => `Prozent, 0 bis ${count(most)}; 100 ist unverändert`,
  volumeNow: ({ percent }) => `Die Lautstärke ist jetzt **${count(percent)} %**.`,
};
