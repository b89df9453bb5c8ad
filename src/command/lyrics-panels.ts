/** Lyrics as messages. */
import type { Lyrics } from "../core/lyrics.ts";
import type { Track } from "../core/track.ts";
import { type Verse, type versesAt, versesOf } from "../policy/verses.ts";
import type { Texts } from "../texts/texts.ts";
import type { LyricsView } from "./lyrics-board.ts";
import { pageButtons } from "./page-buttons.ts";
import type { Panel } from "./panel.ts";
import { songTitle } from "./song-panels.ts";
import { plain } from "./text.ts";

const LINES_PER_PAGE = 25;
const CHARACTERS_PER_PAGE = 2_500;
const MOST_LINE_CHARACTERS = 100;
/** Of a fast song more lines are sung together than anybody could read. */
const MOST_SUNG = 12;
const MOST_TO_COME = 8;

/** The verse that is sung, and the one that follows; it goes along with the song. */
export function lyricsView(track: Track, lyrics: Lyrics, texts: Texts): LyricsView {
  const { taste } = texts;
  const title = taste.lyrics({ song: songTitle(track) });
  const panel = (at: ReturnType<typeof versesAt> | "over"): Panel =>
    at === "over"
      ? { tone: "info", title, lines: [taste.notYet], footer: taste.lyricsOver }
      : {
          tone: "playing",
          title,
          lines: [...sung(at.current, texts), ...toCome(at.next)],
          footer: taste.lyricsFollow,
        };
  return { verses: versesOf(lyrics.timed), panel };
}

function sung(verse: Verse | undefined, { taste }: Texts): string[] {
  if (!verse || verse.lines.length === 0) return [taste.notYet];
  return verse.lines.slice(0, MOST_SUNG).map((line) => `**${shown(line)}**`);
}

function toCome(verse: Verse | undefined): string[] {
  const lines = verse?.lines.slice(0, MOST_TO_COME) ?? [];
  return lines.length === 0 ? [] : ["", ...lines.map((line) => `-# ${shown(line)}`)];
}

/** All of the lyrics, page by page. @param key by which the song is found again when a page is turned */
export function lyricsPanel(
  track: Track,
  lyrics: Lyrics,
  { page: wanted, key }: { readonly page: number; readonly key: string },
  texts: Texts,
): Panel {
  const { taste } = texts;
  const pages = pagesOf(lyrics.lines);
  const page = Math.min(Math.max(1, wanted), pages.length);
  return {
    tone: "info",
    title: taste.lyrics({ song: songTitle(track) }),
    lines: lyrics.isInstrumental ? [taste.instrumental] : (pages[page - 1] ?? []),
    footer: taste.lyricsFrom,
    ...(pages.length > 1 && {
      buttons: pageButtons("lyrics", { page, pages: pages.length, about: key }, texts),
    }),
  };
}

function pagesOf(lines: readonly string[]): string[][] {
  const pages: string[][] = [[]];
  let characters = 0;
  for (const line of lines.map(shown)) {
    const page = pages.at(-1) ?? [];
    characters += line.length + 1;
    if (page.length < LINES_PER_PAGE && characters <= CHARACTERS_PER_PAGE) page.push(line);
    else {
      pages.push([line]);
      characters = line.length + 1;
    }
  }
  return pages;
}

function shown(line: string): string {
  return plain(line, MOST_LINE_CHARACTERS);
}
