/** Reads every shape of YouTube link without any I/O. Only IDs leave this file, never a part of the input's address. */
import { parsePosition } from "../core/song-position.ts";
import { isYoutubeId } from "../core/track.ts";

/** What a link to YouTube points at. */
export type YoutubeLink =
  | {
      readonly kind: "video";
      readonly videoId: string;
      readonly startMs: number;
      /** The list it was found in; a hint only. */
      readonly listId: string | null;
    }
  | { readonly kind: "playlist"; readonly listId: string; readonly startVideoId: string | null }
  /** Watch later, likes, history: YouTube shows them to their owner alone. */
  | { readonly kind: "private-list" }
  /** A channel by its handle or custom name, which only YouTube can turn into a list. */
  | { readonly kind: "channel" }
  | { readonly kind: "search"; readonly text: string }
  /** On YouTube, but nothing that can be played: a clip, a feed, a broken ID. */
  | { readonly kind: "other" };

const HOSTS: ReadonlySet<string> = new Set([
  "youtube.com",
  "www.youtube.com",
  "m.youtube.com",
  "music.youtube.com",
  "gaming.youtube.com",
  "kids.youtube.com",
  "tv.youtube.com",
  "consent.youtube.com",
  "youtu.be",
  "www.youtu.be",
  "youtube-nocookie.com",
  "www.youtube-nocookie.com",
]);
const VIDEO_FOLDERS: ReadonlySet<string> = new Set(["watch", "shorts", "live", "embed", "v", "e", "vi"]);
const CHANNEL_FOLDERS: ReadonlySet<string> = new Set(["c", "user"]);
/** Pages that carry another link in a parameter. */
const WRAPPERS: ReadonlyMap<string, string> = new Map([
  ["attribution_link", "u"],
  ["oembed", "url"],
]);
const PRIVATE_LISTS: ReadonlySet<string> = new Set(["WL", "LL", "LM", "HL"]);
const START_NAMES = ["t", "start", "time_continue"] as const;
const MOST_WRAPPERS = 2;

/** True when the text names a YouTube host, with whatever port or user name around it. */
export function namesYoutubeHost(url: URL): boolean {
  return HOSTS.has(url.hostname);
}

/** True when the address is on one of YouTube's own hosts, at its ordinary port and without a user name. */
function isYoutube(url: URL): boolean {
  const plain = url.port === "" && url.username === "" && url.password === "";
  return plain && namesYoutubeHost(url) && /^https?:$/u.test(url.protocol);
}

/** What a link points at; `undefined` = not a link to YouTube. */
export function parseYoutubeUrl(url: URL): YoutubeLink | undefined {
  return parseLink(url, MOST_WRAPPERS);
}

function parseLink(url: URL, wrappersLeft: number): YoutubeLink | undefined {
  if (!isYoutube(url)) return undefined;
  const [folder = "", name = ""] = url.pathname.split("/").filter((part) => part !== "");
  const wrapped = wrappedUrl(url, folder);
  if (!wrapped) return channelOrSearch(url, folder, name) ?? videoOrList(url, folder, name);
  return (wrappersLeft > 0 && parseLink(wrapped, wrappersLeft - 1)) || { kind: "other" };
}

function channelOrSearch(url: URL, folder: string, name: string): YoutubeLink | undefined {
  if (folder.startsWith("@") || CHANNEL_FOLDERS.has(folder)) return { kind: "channel" };
  if (folder === "channel") return uploadsOf(name);
  return folder === "results" ? searchOf(url) : undefined;
}

function wrappedUrl(url: URL, folder: string): URL | undefined {
  const parameter = url.hostname === "consent.youtube.com" ? "continue" : WRAPPERS.get(folder);
  const inner = parameter === undefined ? null : url.searchParams.get(parameter);
  return inner === null ? undefined : (URL.parse(inner, "https://www.youtube.com") ?? undefined);
}

/** A channel's uploads are the list whose ID is the channel's with another beginning. */
function uploadsOf(channelId: string): YoutubeLink {
  if (!/^UC[A-Za-z0-9_-]{22}$/u.test(channelId)) return { kind: "channel" };
  return { kind: "playlist", listId: `UU${channelId.slice(2)}`, startVideoId: null };
}

function searchOf(url: URL): YoutubeLink {
  const text = url.searchParams.get("search_query")?.trim() ?? "";
  return text === "" ? { kind: "other" } : { kind: "search", text };
}

function videoOrList(url: URL, folder: string, name: string): YoutubeLink {
  const videoId = findVideoId(url, folder, name);
  const listId = findListId(url);
  const isPrivate = listId !== null && PRIVATE_LISTS.has(listId);
  if (videoId !== null && folder !== "playlist") {
    return { kind: "video", videoId, startMs: startMs(url), listId: isPrivate ? null : listId };
  }
  if (listId === null) return { kind: "other" };
  return isPrivate ? { kind: "private-list" } : { kind: "playlist", listId, startVideoId: videoId };
}

function findVideoId(url: URL, folder: string, name: string): string | null {
  const inPath = url.hostname.endsWith("youtu.be") ? folder : VIDEO_FOLDERS.has(folder) ? name : "";
  const candidates = [inPath, url.searchParams.get("v") ?? "", url.searchParams.get("vi") ?? ""];
  return candidates.map(leadingId).find((id) => id !== null) ?? null;
}

/** The ID at the beginning, whatever was pasted behind it: `ID&x`, `ID?x`, `ID)`. */
function leadingId(text: string): string | null {
  const id = /^[A-Za-z0-9_-]{11}(?![A-Za-z0-9_-])/u.exec(text)?.[0];
  return id !== undefined && isYoutubeId(id) ? id : null;
}

function findListId(url: URL): string | null {
  return /^[A-Za-z0-9_-]{2,80}(?![A-Za-z0-9_-])/u.exec(url.searchParams.get("list") ?? "")?.[0] ?? null;
}

function startMs(url: URL): number {
  const places = [url.searchParams, new URLSearchParams(url.hash.slice(1))];
  for (const place of places) {
    for (const name of START_NAMES) {
      const text = place.get(name);
      if (text !== null) return parsePosition(text) ?? 0;
    }
  }
  return 0;
}

/**
 * True for eleven characters that are an ID rather than a word to search for. IDs are random, so a plain word,
 * words joined by hyphens, or a word with a number behind it is taken as a word: `Radioactive`, `hello-world`.
 */
export function isBareYoutubeId(text: string): boolean {
  if (!isYoutubeId(text)) return false;
  return !/^(?:[A-Z]?[a-z]+(?:[-_][A-Z]?[a-z]+)*|[A-Z]+(?:[-_][A-Z]+)*)\d*$/u.test(text);
}
