import type { settings as english } from "../en/settings.ts";
import { formatting } from "../formatting.ts";

const { count } = formatting("de");

/** As in `en/settings.ts`. */
export const settings: typeof english = {
  title: "Einstellungen dieses Servers",
  option: ({ name, value, range, standard }) => `\`${name}\` **${value}** · ${range} · sonst ${standard}`,
  fromTo: ({ min, max }) => `${count(min)} bis ${count(max)}`,
  characters: ({ most }) => `1 bis ${count(most)} Zeichen`,
  role: "eine Rolle",
  channel: "ein Textkanal",
  none: "nichts",
  others: ({ volume, profile, filter, language }) =>
    `Mit eigenen Befehlen: \`volume\` **${count(volume)} %** · \`profile\` **${profile}** · \`filter\` **${filter}** · \`language\` **${language}**`,
  howTo: ({ line }) => `Eine ändern: ${line} · zurücksetzen: reset`,
  untidy:
    "Was dort geschrieben wird, bleibt stehen: Mit dem Recht **Nachrichten verwalten** kann ich es löschen, sobald es in der Warteschlange ist.",
  changed: ({ name, value }) => `\`${name}\` ist jetzt **${value}**.`,
};
