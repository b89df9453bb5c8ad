/** Saved lists as files, to take them along: JSON, or M3U as other players write it. */
import { MOST_SONGS_IN_LIST } from "./saved-list.ts";
import type { Track } from "./track.ts";

/** One entry of a file from anywhere: nothing of it is known to be true. */
export interface ListedSong {
  readonly link: string;
  readonly title: string;
  readonly artist: string;
  readonly durationMs: number | null;
}

/** What stands in a file, as it is. */
interface Entry {
  readonly link: string;
  readonly title: string;
  readonly artist: string;
  /** `NaN` = it does not say. */
  readonly seconds: number;
}

/** What a file says. */
export interface ListFile {
  /** `undefined` = it has no name. */
  readonly name: string | undefined;
  readonly songs: readonly ListedSong[];
  /** Entries behind the most that a list holds. */
  readonly left: number;
}

/** What is written into a file. */
export interface ListToWrite {
  readonly name: string;
  readonly songs: readonly Pick<Track, "url" | "title" | "artist" | "durationMs">[];
}

/** No list of ours is larger; a larger file is not worth reading. */
export const MOST_LIST_FILE_BYTES = 1024 * 1024;

const KIND = "encore-playlist";
/** More lines or entries are not worth reading, and would hold up what plays. */
const MOST_LINES = 10_000;
const MOST_LINK_CHARACTERS = 2_000;
const MOST_TITLE_CHARACTERS = 300;
const MOST_NAME_CHARACTERS = 200;
const LONGEST_SECONDS = 7 * 24 * 60 * 60;

/** Every song with a link, as JSON. */
export function writeListJson({ name, songs }: ListToWrite): string {
  const entries = songs
    .filter(({ url }) => url !== "")
    .map(({ url, title, artist, durationMs }) => ({
      link: url,
      title,
      artist,
      ...(durationMs !== null && { seconds: durationMs / 1_000 }),
    }));
  return `${JSON.stringify({ kind: KIND, version: 1, name, songs: entries }, undefined, 2)}\n`;
}

/** Every song with a link, as M3U in UTF-8. */
export function writeListM3u({ name, songs }: ListToWrite): string {
  const entries = songs
    .filter(({ url }) => url !== "")
    .flatMap(({ url, title, artist, durationMs }) => [
      `#EXTINF:${durationMs === null ? -1 : durationMs / 1_000},${oneLine(artist === "" ? title : `${artist} - ${title}`)}`,
      ...(artist === "" ? [] : [`#EXTART:${oneLine(artist)}`]),
      oneLine(url),
    ]);
  return ["#EXTM3U", `#PLAYLIST:${oneLine(name)}`, ...entries, ""].join("\n");
}

/** Reads either kind; `undefined` = it is neither, or too large. Takes a few milliseconds, whatever is in it. */
export function readListFile(text: string): ListFile | undefined {
  if (text.length > MOST_LIST_FILE_BYTES) return undefined;
  // Some programs begin a text with a mark of its encoding.
  const bare = text.replace(/^\uFEFF/u, "");
  return /^\s*[[{]/u.test(bare) ? readJson(bare) : readM3u(bare);
}

function readJson(text: string): ListFile | undefined {
  const value = parsed(text);
  const entries = Array.isArray(value) ? value : fieldOf(value, "songs");
  if (!Array.isArray(entries) || entries.length > MOST_LINES) return undefined;
  return listOf(textOf(value, "name"), (entries as unknown[]).map(entryFrom));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A link alone, or a link with what is said about it. */
function entryFrom(entry: unknown): Entry {
  return {
    link: typeof entry === "string" ? entry : (textOf(entry, "link") ?? textOf(entry, "url") ?? ""),
    title: textOf(entry, "title") ?? "",
    artist: textOf(entry, "artist") ?? "",
    seconds: Number(fieldOf(entry, "seconds") ?? Number.NaN),
  };
}

function fieldOf(value: unknown, name: string): unknown {
  const isThere = typeof value === "object" && value !== null && Object.hasOwn(value, name);
  return isThere ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

function textOf(value: unknown, name: string): string | undefined {
  const field = fieldOf(value, name);
  return typeof field === "string" ? field : undefined;
}

const ABOUT = /^#EXTINF:\s*(-?\d{1,9}(?:\.\d{1,9})?)(?:\s[^,]{0,500})?,(.*)$/u;

/** Every line that is no remark is a link; the remarks before it are about it. */
function readM3u(text: string): ListFile | undefined {
  const lines = text.split(/\r\n|\r|\n/u, MOST_LINES + 1);
  if (lines.length > MOST_LINES) return undefined;
  const entries: Entry[] = [];
  let name: string | undefined;
  let about = { title: "", artist: "", seconds: Number.NaN };
  for (const written of lines) {
    const line = written.trim();
    const [, seconds, title] = ABOUT.exec(line) ?? [];
    if (title !== undefined) about = { ...about, title, seconds: Number(seconds) };
    else if (line.startsWith("#EXTART:")) about = { ...about, artist: line.slice("#EXTART:".length) };
    else if (line.startsWith("#PLAYLIST:")) name = line.slice("#PLAYLIST:".length);
    if (line === "" || line.startsWith("#")) continue;
    entries.push({ ...about, link: line, title: withoutArtist(about) });
    about = { title: "", artist: "", seconds: Number.NaN };
  }
  const list = listOf(name, entries);
  return list.songs.length === 0 ? undefined : list;
}

function withoutArtist({ title, artist }: { readonly title: string; readonly artist: string }): string {
  return artist !== "" && title.startsWith(`${artist} - `) ? title.slice(artist.length + 3) : title;
}

function songOf({ link, title, artist, seconds }: Entry): ListedSong | undefined {
  const trimmed = link.trim();
  // An address cannot hold blanks; words are none.
  if (trimmed === "" || trimmed.length > MOST_LINK_CHARACTERS || /\s/u.test(trimmed)) return undefined;
  const isLength = seconds > 0 && seconds <= LONGEST_SECONDS;
  return {
    link: trimmed,
    title: oneLine(title).slice(0, MOST_TITLE_CHARACTERS).toWellFormed(),
    artist: oneLine(artist).slice(0, MOST_TITLE_CHARACTERS).toWellFormed(),
    durationMs: isLength ? Math.round(seconds * 1_000) : null,
  };
}

function listOf(name: string | undefined, entries: readonly Entry[]): ListFile {
  const songs: ListedSong[] = [];
  let left = entries.length;
  for (const entry of entries) {
    if (songs.length === MOST_SONGS_IN_LIST) break;
    left -= 1;
    const song = songOf(entry);
    if (song) songs.push(song);
  }
  return {
    name: name === undefined ? undefined : oneLine(name).slice(0, MOST_NAME_CHARACTERS).toWellFormed(),
    songs,
    left,
  };
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/gu, " ").replaceAll(/\p{C}/gu, "").trim();
}
