/** What the plain http server tells the yt-dlp stand-in about songs, searches and lists. */
import type { Catalogue, Playlist, Song, SongEntry } from "./catalogue.ts";

const PAGE_ENTRIES = 100;
const FORMATS = {
  webm: { format_id: "251", ext: "webm", acodec: "opus", abr: 96, asr: 48_000 },
  m4a: { format_id: "140", ext: "m4a", acodec: "mp4a.40.2", abr: 128, asr: 44_100 },
} as const;

/** Facts as yt-dlp names them. */
export interface PageInfo {
  readonly id: string;
  readonly title: string;
  readonly duration: number | null;
  readonly uploader: string;
  readonly channel: string;
  readonly thumbnail: string;
  readonly is_live: boolean;
  readonly live_status: string;
  readonly webpage_url: string;
  readonly extractor_key: string;
  readonly age_limit: number;
  readonly chapters: Song["chapters"];
  readonly availability: string;
}

export interface Page {
  readonly state: string;
  readonly info: PageInfo;
  readonly format: Readonly<Record<string, unknown>>;
}

/** A page is counted as asked for, and hands out a media address of its own. */
export function pageOf(entry: SongEntry | undefined, address: string): Page | undefined {
  if (!entry) return undefined;
  entry.counters.pageRequests += 1;
  const { song, state, faults } = entry;
  const live = state === "live";
  const format = {
    ...FORMATS[song.format],
    audio_channels: 2,
    filesize: faults.endless || faults.hidesSize ? null : song.bytes,
    filesize_approx: null,
    protocol: "https",
    language: null,
    available_at: null,
    url: `${address}/media/${song.id}?issue=${entry.issueAddress()}`,
  };
  const list = {
    format_id: "93",
    ext: "mp4",
    acodec: "mp4a.40.2",
    protocol: "m3u8_native",
    url: song.hlsUrl,
  };
  return {
    state,
    info: { ...infoOf(song), ...(live && LIVE) },
    format: live ? { ...format, ...list } : format,
  };
}

const LIVE = { duration: null, is_live: true, live_status: "is_live" } as const;

function infoOf(song: Song): PageInfo {
  return {
    id: song.id,
    title: song.title,
    duration: song.durationMs / 1000,
    uploader: song.artist,
    channel: song.artist,
    thumbnail: `https://i.ytimg.com/vi/${song.id}/hqdefault.jpg`,
    is_live: false,
    live_status: "not_live",
    webpage_url: song.url,
    extractor_key: "Youtube",
    age_limit: 0,
    chapters: song.chapters,
    availability: "public",
  };
}

/** Entries as yt-dlp's flat search has them. */
export function searchPage(catalogue: Catalogue, query: URLSearchParams): readonly unknown[] {
  catalogue.counters.searches += 1;
  const found = catalogue.search(query.get("q") ?? "", Number(query.get("limit") ?? 5));
  return found.map((song) => flatEntry(song));
}

/** As YouTube suggests searches to browsers. */
export function suggestions(catalogue: Catalogue, typed: string): unknown {
  const titles = [...catalogue.songs.values()].map(({ song }) => song.title.toLowerCase());
  return [typed, titles.filter((title) => title.startsWith(typed)).map((title) => `${title} lyrics`), [], {}];
}

/** At most 100 entries from number `from` on, counted from 1; `undefined` = no such list. */
export function playlistPage(
  catalogue: Catalogue,
  id: string,
  from: number,
): { readonly title: string; readonly count: number; readonly entries: readonly unknown[] } | undefined {
  const list = catalogue.playlists.get(id);
  if (!list) return undefined;
  catalogue.counters.playlistPages += 1;
  const songIds = list.songIds.slice(from - 1, from - 1 + PAGE_ENTRIES);
  const entries = songIds.map((songId, index) => ({
    ...listEntry(catalogue, songId),
    ...listFacts(list, from + index),
  }));
  return { title: list.title, count: list.songIds.length, entries };
}

function listFacts(list: Playlist, number: number): Readonly<Record<string, unknown>> {
  return {
    playlist_index: number,
    playlist_id: list.id,
    playlist_title: list.title,
    playlist_count: list.songIds.length,
  };
}

function listEntry(catalogue: Catalogue, songId: string): Readonly<Record<string, unknown>> {
  const entry = catalogue.songs.get(songId);
  if (entry?.state === "private") return nameless(songId, "[Private video]");
  return entry ? flatEntry(entry.song) : nameless(songId, "[Deleted video]");
}

function nameless(id: string, title: string): Readonly<Record<string, unknown>> {
  const url = `https://www.youtube.com/watch?v=${id}`;
  return { id, title, duration: null, channel: null, url, live_status: null };
}

function flatEntry(song: Song): Readonly<Record<string, unknown>> {
  return {
    id: song.id,
    title: song.title,
    duration: song.durationMs / 1000,
    channel: song.artist,
    url: song.url,
    live_status: null,
    view_count: 1000,
  };
}
