/** Lyrics with times in pieces that fit a message, each long enough to be read. */
import type { LyricLine } from "../core/lyrics.ts";

/** What is sung together, from when on. Without lines nothing is sung. */
export interface Verse {
  readonly fromMs: number;
  readonly lines: readonly string[];
}

/** Lines of one verse; then it is broken off wherever it is. */
const MOST_LINES = 8;
/** A message is changed no more often than that. */
const SHORTEST_MS = 5_000;
/** So much time without a new line is an interlude. */
const PAUSE_MS = 12_000;

/** Broken at pauses and where it gets too long; none is shorter than five seconds. Lines are in their order. */
export function versesOf(lines: readonly LyricLine[]): readonly Verse[] {
  const verses: { fromMs: number; lines: string[] }[] = [];
  let before: LyricLine | undefined;
  for (const line of lines) {
    const verse = verses.at(-1);
    if (verse && !isNew(verse, before, line)) {
      if (line.text !== "") verse.lines.push(line.text);
    } else verses.push({ fromMs: line.atMs, lines: line.text === "" ? [] : [line.text] });
    before = line;
  }
  return verses;
}

/** The verse at a position, and the one that follows it. Before the first there is none. */
export function versesAt(
  verses: readonly Verse[],
  positionMs: number,
): { readonly current: Verse | undefined; readonly next: Verse | undefined } {
  const at = verses.findLastIndex(({ fromMs }) => fromMs <= positionMs);
  return { current: verses[at], next: verses[at + 1] };
}

function isNew(verse: Verse, before: LyricLine | undefined, line: LyricLine): boolean {
  if (line.atMs - verse.fromMs < SHORTEST_MS) return false;
  const isPause = before?.text === "" || line.atMs - (before?.atMs ?? 0) >= PAUSE_MS;
  return line.text !== "" && (isPause || verse.lines.length >= MOST_LINES);
}
