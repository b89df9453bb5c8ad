/** The languages Encore speaks with people on Discord. The log and the command lines are English. */
import type { AppError } from "../core/errors.ts";
import { LANGUAGE_CODES, type LanguageCode } from "../core/language-codes.ts";
import type { Notice } from "../core/notices.ts";
import { fill } from "../core/sentence.ts";
import { de } from "./de/index.ts";
import { en } from "./en/index.ts";

/** All texts of one language; English defines which there are. */
export type Texts = typeof en;

/** A text in whatever language it is asked for. */
export type Localized = (texts: Texts) => string;

/** Every language. A further one is a code in `core/language-codes.ts`, a folder beside `en/` and an entry here. */
export const LANGUAGES: Readonly<Record<LanguageCode, Texts>> = { en, de };

/** The language of one of Discord's locales. https://docs.discord.com/developers/reference#locales */
export function languageOfLocale(locale: string): LanguageCode | undefined {
  return LANGUAGE_CODES.find((code) => LANGUAGES[code].discordLocales.includes(locale));
}

/** The sentence of an error in another language than its `message`. */
export function errorText({ code, context }: AppError, texts: Texts): string {
  return fill(texts.errors[code], context, texts);
}

/** The sentence of a notice in another language than its `text`. */
export function noticeText({ kind, facts }: Notice, texts: Texts): string {
  return fill(texts.notices[kind], facts, texts);
}
