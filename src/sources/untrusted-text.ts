// Text that comes from outside: titles made fit for display, program output made fit for the log.

const TITLE_CHARACTERS = 300;
const DETAIL_CHARACTERS = 2000;

// Controls, and what steers the direction of text or hides in it: such a title could disguise its surroundings.
const STEERING =
  /[\p{Cc}\p{Zl}\p{Zp}\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF\uFFF9-\uFFFB]/gu;
const LONE_SURROGATE = /\p{Cs}/gu;

/** A title or name on one line, without control and direction characters, at most 300 characters. */
export function cleanText(text: string): string {
  const oneLine = text.replaceAll(STEERING, " ").replaceAll(/\s+/gu, " ").trim();
  // Cutting can leave half of a character outside the basic plane.
  return oneLine.slice(0, TITLE_CHARACTERS).replaceAll(LONE_SURROGATE, "").trimEnd();
}

/** A title for a sentence of ours: without what Discord would read as formatting or a mention, at most 100 characters. */
export function unformatted(text: string): string {
  const bare = cleanText(text.replaceAll(/[\\*_~`|>#[\]<@]/gu, " "));
  return bare.length > 100 ? `${bare.slice(0, 99).replaceAll(LONE_SURROGATE, "").trimEnd()}…` : bare;
}

/**
 * Program output for the log: of an address only its host is left (signed ones are keys for hours), IP addresses and
 * cookies are masked, and it is cut to 2000 characters.
 */
export function redact(text: string): string {
  return text
    .slice(0, DETAIL_CHARACTERS * 4)
    .replaceAll(/\b(https?:\/\/)(?:[^\s/@'"]*@)?([\w.-]+)[^\s'")>]*/giu, "$1$2/…")
    .replaceAll(/\b(set-cookie|cookie|authorization)\b\s*[:=][^\n]*/giu, "$1: …")
    .replaceAll(/\b\d{1,3}(?:\.\d{1,3}){3}\b/gu, "<ip>")
    .replaceAll(
      /(?<![\w:])(?:[\da-f]{1,4}:){4,7}[\da-f]{1,4}\b|(?<![\w:])(?:[\da-f]{1,4}:){1,6}:[\da-f:]*/giu,
      "<ip>",
    )
    .slice(0, DETAIL_CHARACTERS)
    .trim();
}
