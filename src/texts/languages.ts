import type { LanguageCode } from "../core/language-codes.ts";
import type { Texts } from "./texts.ts";

/** Which language is spoken where. */
export interface Languages {
  /**
   * The language that the guild has chosen; else that of the person who alone reads it, as Discord tells it; else that
   * of the guild; else the bot's.
   * @param guildId `null` = a direct message
   */
  textsFor(guildId: string | null, askerLocale?: string): Texts;
  /** `undefined` = the guild leaves it to the rest of the rule. */
  choiceOf(guildId: string): LanguageCode | undefined;
  choose(guildId: string, language: LanguageCode | undefined): Promise<void>;
}
