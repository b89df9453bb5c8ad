import { expect, it } from "vitest";
import { LANGUAGE_CODES, parseLanguage } from "../../src/core/language-codes.ts";

it("every code is a language that Intl knows", () => {
  expect(Intl.getCanonicalLocales(LANGUAGE_CODES)).toEqual([...LANGUAGE_CODES]);
  for (const code of LANGUAGE_CODES) expect(parseLanguage(code)).toBe(code);
});

it.each(["tlh", "EN", "", undefined])("%j is none of ours", (code) => {
  expect(parseLanguage(code)).toBeUndefined();
});
