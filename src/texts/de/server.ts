import type { server as english } from "../en/server.ts";

/** As in `en/server.ts`. */
export const server: typeof english = {
  commands: "Befehle",
  slashOnly: "Nur als Slash-Befehle.",
  bothWays: ({ prefix }) => `Jeder geht als /name und als ${prefix}name.`,

  forOwners:
    "Für die Besitzer dieses Bots, höchstens einmal am Tag. OWNER_NOTICES=false beendet diese Nachrichten.",

  soundIs: ({ profile, names }) =>
    `Songs klingen hier wie **${profile}**. Zur Auswahl stehen: ${names} oder default.`,
  soundChosen: ({ profile }) => `Ab dem nächsten Song klingen Songs hier wie **${profile}**.`,

  languageIs: ({ language, names }) =>
    `Ich spreche hier **${language}**. Zur Auswahl stehen: ${names} oder auto.`,
  languageFollows: ({ names }) =>
    `Ich richte mich nach Discord: zu dir in deiner Sprache, zu allen in der des Servers. Zur Auswahl stehen: ${names} oder auto.`,
  languageChosen: ({ language }) => `Ab jetzt spreche ich hier **${language}**.`,
  languageLeft: "Ab jetzt richte ich mich nach der Sprache von Discord.",
};
