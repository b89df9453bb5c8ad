/** Makes untrusted text fit for one log line. */
import { createRedactor } from "./redact.ts";

/** Control characters, line and paragraph separators, marks that turn the direction of text. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/gu;

/** Masks secrets, escapes what would not stay on the line, and cuts after `most` characters. */
export type CleanText = (text: string, most: number) => string;

/** @param secrets values that are masked besides everything that looks like a secret */
export function createCleanText(secrets: readonly string[]): CleanText {
  const redact = createRedactor(secrets);
  return (text, most) => {
    // Masked before it is cut, or the first half of a secret could stay.
    const shown = redact(text).replaceAll(UNPRINTABLE, escaped);
    return shown.length > most ? `${shown.slice(0, most - 1)}…` : shown;
  };
}

function escaped(character: string): string {
  if (character === "\n") return String.raw`\n`;
  return String.raw`\u` + character.charCodeAt(0).toString(16).padStart(4, "0");
}
