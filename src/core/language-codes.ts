/** Languages that Encore speaks with people, by their BCP 47 tags. Their texts are in `src/texts/`. */
export const LANGUAGE_CODES = ["en", "de"] as const;

export type LanguageCode = (typeof LANGUAGE_CODES)[number];

/** `undefined` = no language of ours. */
export function parseLanguage(code: string | undefined): LanguageCode | undefined {
  return LANGUAGE_CODES.find((known) => known === code);
}
