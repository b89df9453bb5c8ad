import type { sound as english } from "../../en/commands/sound.ts";

/** As in `en/commands/sound.ts`. */
export const sound: typeof english = {
  filter: {
    about: "Zeigt oder wählt einen Filter für alle Songs: mehr Bass, Nightcore, 8D, Karaoke und andere",
    name: "Name des Filters oder off",
  },
  profile: {
    about: "Zeigt oder wählt, wie Songs auf diesem Server klingen: standard, quiet, night oder raw",
    name: "standard, quiet, night, raw oder default für die Einstellung des Bots",
  },
  volume: {
    about: "Zeigt oder ändert, wie laut Songs auf diesem Server sind",
    percent: "0 bis 200; 100 ist so, wie die Songs gespeichert sind",
  },
};
