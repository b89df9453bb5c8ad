import type { server as english } from "../../en/commands/server.ts";

/** As in `en/commands/server.ts`. */
export const server: typeof english = {
  help: { about: "Zeigt alle Befehle oder erklärt einen davon", command: "Name eines Befehls" },
  language: {
    about: "Zeigt oder wählt die Sprache auf diesem Server: auto oder eine bestimmte",
    name: "auto = wie in Discord eingestellt, en = English, de = Deutsch",
  },
};
