const MAX_TITLE = 120;
/** Control characters, invisible ones that turn the direction of writing, and halves of a character. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;
const MARKDOWN = /[\\*_~`|>#[\]()<@:]/gu;
const LIST_START = /^(?:([-+])|(\d+)(\.))/u;

/**
 * Untrusted text (a title, a name) as Discord should show it: no formatting, no links, no mentions, one line.
 * Discord takes a backslash before any punctuation as "show it as it is".
 */
export function plain(text: string, maxLength = MAX_TITLE): string {
  const oneLine = text.replaceAll(/\s+/gu, " ").replaceAll(INVISIBLE, "").trim();
  const cut =
    oneLine.length > maxLength ? `${oneLine.slice(0, maxLength - 1).replace(/\p{Cs}$/u, "")}…` : oneLine;
  const escaped = cut.replaceAll(MARKDOWN, (mark) => `\\${mark}`);
  return escaped.replace(
    LIST_START,
    (_all, dash: string | undefined, digits: string | undefined, dot: string) =>
      dash === undefined ? `${digits ?? ""}\\${dot}` : `\\${dash}`,
  );
}

/** A time as Discord shows it to each reader in their own zone and language, counting by itself. */
export function relativeTime(atMs: number): string {
  return `<t:${Math.floor(atMs / 1000)}:R>`;
}
