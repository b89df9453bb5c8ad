import { type LanguageCode, parseLanguage } from "../core/language-codes.ts";
import type { GuildSettings } from "../db/guild-settings.ts";
import type { Languages } from "../texts/languages.ts";
import { LANGUAGES, languageOfLocale } from "../texts/texts.ts";

interface GuildLanguagesDeps {
  readonly settings: GuildSettings;
  /** Spoken where nobody wants another one. */
  readonly ofBot: LanguageCode;
  /** The language that a guild has in Discord; `undefined` = it has said nothing. */
  readonly localeOf: (guildId: string) => string | undefined;
}

const NAME = "language";

/** Languages that guilds have chosen. They are read once: what a song says of itself must not wait for the database. */
export async function createGuildLanguages({
  settings,
  ofBot,
  localeOf,
}: GuildLanguagesDeps): Promise<Languages> {
  const chosen = new Map<string, LanguageCode>();
  for (const { guildId, name, value } of await settings.beginningWith(NAME)) {
    const language = parseLanguage(value);
    if (name === NAME && language) chosen.set(guildId, language);
  }
  return {
    textsFor: (guildId, askerLocale) => {
      const choice = guildId === null ? undefined : chosen.get(guildId);
      const locales = [askerLocale, guildId === null ? undefined : localeOf(guildId)];
      const [wanted = ofBot] = locales.flatMap((locale) => languageOfLocale(locale ?? "") ?? []);
      return LANGUAGES[choice ?? wanted];
    },
    choiceOf: (guildId) => chosen.get(guildId),
    choose: async (guildId, language) => {
      if (language === undefined) {
        await settings.unset(guildId, NAME);
        chosen.delete(guildId);
      } else {
        await settings.set(guildId, NAME, language);
        chosen.set(guildId, language);
      }
    },
  };
}
