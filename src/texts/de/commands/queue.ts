import type { queue as english } from "../../en/commands/queue.ts";

/** As in `en/commands/queue.ts`. */
export const queue: typeof english = {
  queue: { about: "Zeigt, was läuft und was danach kommt", page: "Welche Seite" },
  skip: { about: "Überspringt den laufenden Song" },
};
