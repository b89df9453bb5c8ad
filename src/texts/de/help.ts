import type { help as english } from "../en/help.ts";

/** As in `en/help.ts`. */
export const help: typeof english = {
  title: "Befehle",
  slashOnly: "Nur als Slash-Befehle.",
  bothWays: ({ prefix }) => `Jeder geht als /name und als ${prefix}name.`,
  more: ({ line }) => `Mehr zu einem: ${line}`,
  choose: "Mehr zu einem Thema",
  groups: {
    play: "Abspielen",
    queue: "Warteschlange",
    sound: "Klang",
    taste: "Favoriten und Geschmack",
    server: "Dieser Server",
    cache: "Cache",
  },
  part: ({ group, part }) => `${group}, Teil ${part}`,
  alsoAs: ({ names }) => `Getippt auch als ${names}`,
};
