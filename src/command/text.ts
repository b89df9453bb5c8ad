import type { Track } from "../core/track.ts";

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
  const escaped = oneLine(text, maxLength).replaceAll(MARKDOWN, (mark) => `\\${mark}`);
  return escaped.replace(
    LIST_START,
    (_all, dash: string | undefined, digits: string | undefined, dot: string) =>
      dash === undefined ? `${digits ?? ""}\\${dot}` : `\\${dash}`,
  );
}

/** Untrusted text for a place that knows no formatting: one line of visible characters, cut between characters. */
export function oneLine(text: string, maxLength = MAX_TITLE): string {
  const visible = text.replaceAll(/\s+/gu, " ").replaceAll(INVISIBLE, "").trim();
  return visible.length > maxLength ? `${visible.slice(0, maxLength - 1).replace(/\p{Cs}$/u, "")}…` : visible;
}

/** `Toto – Africa`, as it came; must go through {@link plain} or {@link oneLine}. */
export function titleOf({ title, artist }: Pick<Track, "title" | "artist">): string {
  return artist === "" || title.startsWith(artist) ? title : `${artist} – ${title}`;
}

/** A song's name for a place that knows no formatting, such as a choice of a menu; never empty. */
export function titleLine(track: Track, maxLength: number): string {
  return oneLine(titleOf(track), maxLength) || oneLine(track.id, maxLength);
}

/** A time as Discord shows it to each reader in their own zone and language, counting by itself. */
export function relativeTime(atMs: number): string {
  return `<t:${Math.floor(atMs / 1000)}:R>`;
}
