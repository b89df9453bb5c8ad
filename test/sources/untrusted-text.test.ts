/** Titles from outside on their way to a person. */
import { expect, it } from "vitest";
import { cleanText } from "../../src/sources/untrusted-text.ts";

it.each([
  ["  Plain   title\t\n", "Plain title"],
  ["a\u202Eb\u2066c\u200Bd\uFEFFe", "a b c d e"],
  ["bell\u0007 null\u0000 escape\u001B[31m", "bell null escape [31m"],
  ["日本語 🎵 العربية", "日本語 🎵 العربية"],
  ["family 👨‍👩‍👧", "family 👨‍👩‍👧"],
  ["\u202E\u0000", ""],
])("%j becomes %j", (text, clean) => {
  expect(cleanText(text)).toBe(clean);
});

it("cuts to 300 characters, never through the middle of one", () => {
  expect(cleanText("x".repeat(500))).toBe("x".repeat(300));
  const cut = cleanText(`x${"🎵".repeat(300)}`);
  expect(cut).toBe(`x${"🎵".repeat(149)}`);
  expect(cut.isWellFormed()).toBe(true);
});
