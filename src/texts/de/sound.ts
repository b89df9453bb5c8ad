import type { sound as english } from "../en/sound.ts";
import { formatting } from "../formatting.ts";

const { count } = formatting("de");

/** As in `en/sound.ts`. */
export const sound: typeof english = {
  soundIs: ({ profile, names }) =>
    `Songs klingen hier wie **${profile}**. Zur Auswahl stehen: ${names} oder default.`,
  soundChosen: ({ profile }) => `Ab dem nächsten Song klingen Songs hier wie **${profile}**.`,
  volumeIs: ({ percent }) => `Die Lautstärke ist **${count(percent)} %**.`,
  volumeNow: ({ percent }) => `Die Lautstärke ist jetzt **${count(percent)} %**.`,
};
