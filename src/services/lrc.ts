/** Reads LRC, the way in which lyrics with times are written: `[01:23.45]A line`. */
import type { LyricLine } from "../core/lyrics.ts";

const MOST_LINES = 2_000;
const MOST_LINE_CHARACTERS = 300;
const MOST_STAMPS = 50;
/** `[01:23.45]`, `[01:23:45]`, `[01:23]`, `[1:02:03.4]` cannot be told from the second: minutes it is. */
const STAMP = /^\s*\[(\d{1,3}):([0-5]?\d)(?:[.:](\d{1,3}))?\]/u;
/** A time in front of a word. */
const WORD_STAMP = /<\d{1,3}:\d{1,2}(?:[.:]\d{1,3})?>/gu;
/** Positive = the lines come sooner. */
const OFFSET = /^\s*\[offset:\s*([+-]?\d{1,7})\s*\]/iu;

/** The lines in the order of their times; what is no line with a time is passed over. */
export function parseLrc(text: string): LyricLine[] {
  const lines: LyricLine[] = [];
  let offsetMs = 0;
  for (const written of text.split(/\r\n|\r|\n/u)) {
    const offset = OFFSET.exec(written.slice(0, MOST_LINE_CHARACTERS))?.[1];
    if (offset !== undefined) offsetMs = Number(offset);
    const { stamps, sung } = readLine(written);
    for (const atMs of stamps) if (lines.length < MOST_LINES) lines.push({ atMs, text: sung });
  }
  return lines
    .map((line) => ({ ...line, atMs: Math.max(0, line.atMs - offsetMs) }))
    .toSorted((a, b) => a.atMs - b.atMs);
}

/** A refrain is written once, with a stamp for each time it is sung. */
function readLine(written: string): { readonly stamps: readonly number[]; readonly sung: string } {
  const stamps: number[] = [];
  let rest = written;
  for (let stamp = STAMP.exec(rest); stamp && stamps.length < MOST_STAMPS; stamp = STAMP.exec(rest)) {
    const [whole, minutes, seconds, fraction = ""] = stamp;
    stamps.push(Number(minutes) * 60_000 + Number(seconds) * 1_000 + Number(fraction.padEnd(3, "0")));
    rest = rest.slice(whole.length);
  }
  const sung = rest.slice(0, MOST_LINE_CHARACTERS).replaceAll(WORD_STAMP, "").replaceAll(/\s+/gu, " ");
  return { stamps, sung: sung.trim() };
}
