import type { server as english } from "../en/server.ts";

/** As in `en/server.ts`. */
export const server: typeof english = {
  forOwners:
    "Für die Besitzer dieses Bots, höchstens einmal am Tag. OWNER_NOTICES=false beendet diese Nachrichten.",

  languageIs: ({ language, names }) =>
    `Ich spreche hier **${language}**. Zur Auswahl stehen: ${names} oder auto.`,
  languageFollows: ({ names }) =>
    `Ich richte mich nach Discord: zu dir in deiner Sprache, zu allen in der des Servers. Zur Auswahl stehen: ${names} oder auto.`,
  languageChosen: ({ language }) => `Ab jetzt spreche ich hier **${language}**.`,
  languageLeft: "Ab jetzt richte ich mich nach der Sprache von Discord.",
};
