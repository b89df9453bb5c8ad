/** Decides what a person's text means: a recording, a list or words to search for. No I/O. */
import { createHash } from "node:crypto";
import { AppError } from "../core/errors.ts";
import { parsePosition } from "../core/song-position.ts";
import { namesMusicHost, parseMusicUrl } from "./music-links.ts";
import type { MusicLink } from "./music-links.ts";
import { namesSiteHost, parseSiteUrl } from "./site-links.ts";
import type { SiteLink } from "./site-links.ts";
import type { MediaTarget, Query } from "./source.ts";
import { isBareYoutubeId, namesYoutubeHost, parseYoutubeUrl } from "./youtube-url.ts";
import type { YoutubeLink } from "./youtube-url.ts";

const MOST_CHARACTERS = 2_000;
const MOST_SEARCH_CHARACTERS = 200;

/** Discord signs the links of its attachments anew each time; the file behind them stays the same. */
const DISCORD_FILES: ReadonlySet<string> = new Set(["cdn.discordapp.com", "media.discordapp.net"]);
const DISCORD_SIGNATURE = ["ex", "is", "hm"] as const;

/**
 * Reads a link, an ID or search words.
 * @throws {AppError} `UNSUPPORTED_LINK`, `PLAYLIST_PRIVATE`, `CHANNEL_LINK`
 */
export function parseQuery(input: string): Query {
  if (input.length > MOST_CHARACTERS) throw new AppError("UNSUPPORTED_LINK", { characters: input.length });
  const text = unbracket(input.trim());
  if (text === "") throw new AppError("UNSUPPORTED_LINK");
  if (isBareYoutubeId(text)) return youtubeTrack(text, 0);
  const url = findUrl(text);
  if (!url) return searchFor(text);
  const link = parseYoutubeUrl(url);
  if (link) return fromYoutube(link, text);
  const music = parseMusicUrl(url);
  if (music) return fromMusic(music);
  const site = parseSiteUrl(url);
  return site ? fromSite(site, url) : fromAddress(url);
}

/** The target of a YouTube video; its address is always built from the ID. */
export function youtubeTarget(id: string): MediaTarget {
  return { source: "youtube", id, url: `https://www.youtube.com/watch?v=${id}` };
}

/** True for a file that somebody sent on Discord. */
export function isDiscordFile(url: URL): boolean {
  return DISCORD_FILES.has(url.hostname);
}

/** The target of a file at an http or https address. Equal addresses give equal IDs. */
export function directTarget(url: URL): MediaTarget {
  const address = new URL(url);
  address.hash = "";
  const named = new URL(address);
  if (isDiscordFile(named)) {
    for (const name of DISCORD_SIGNATURE) named.searchParams.delete(name);
  }
  return {
    source: "direct",
    id: createHash("sha256").update(named.href).digest("base64url"),
    url: address.href,
  };
}

/** Discord's way to write a link without a preview: `<https://…>`. */
function unbracket(text: string): string {
  return text.startsWith("<") && text.endsWith(">") ? text.slice(1, -1).trim() : text;
}

/** The link that a text begins with; words behind a link are not part of it. */
function findUrl(text: string): URL | undefined {
  const first = /^\S+/u.exec(text)?.[0] ?? "";
  if (!/^(?:[a-z][a-z0-9+.-]{0,31}:\/|spotify:)/iu.test(first)) {
    return first === text ? withoutScheme(first) : undefined;
  }
  const url = URL.parse(unbracket(first));
  if (!url) throw new AppError("UNSUPPORTED_LINK");
  return url;
}

/** The address for a link without its scheme, such as `youtu.be/…`; `undefined` when it does not begin like one. */
export function withoutScheme(text: string): URL | undefined {
  const url = /^[\w.-]+[/?#]/u.test(text) ? URL.parse(`https://${text}`) : null;
  return url && [namesYoutubeHost, namesMusicHost, namesSiteHost].some((names) => names(url))
    ? url
    : undefined;
}

function fromMusic(link: MusicLink): Query {
  return link.kind === "song" ? { kind: "named", target: link.target } : fromOther(link);
}

function fromSite(link: SiteLink, url: URL): Query {
  if (link.kind !== "track") return fromOther(link);
  const startMs = parsePosition(new URLSearchParams(url.hash.slice(1)).get("t") ?? "") ?? 0;
  return { ...link, startMs };
}

/** What such links can be besides songs. @throws {AppError} `UNSUPPORTED_LINK` */
function fromOther(link: Exclude<MusicLink, { readonly kind: "song" }>): Query {
  switch (link.kind) {
    case "list":
      return { kind: "playlist", playlist: link.list, startAt: null };
    case "short":
      return link;
    case "other":
      throw new AppError("UNSUPPORTED_LINK");
  }
}

function fromYoutube(link: YoutubeLink, text: string): Query {
  switch (link.kind) {
    case "video":
      return youtubeTrack(link.videoId, link.startMs, link.listId);
    case "playlist":
      return {
        kind: "playlist",
        playlist: { source: "youtube", id: link.listId },
        startAt: link.startVideoId === null ? null : { source: "youtube", id: link.startVideoId },
      };
    case "search":
      return searchFor(link.text);
    case "private-list":
      throw new AppError("PLAYLIST_PRIVATE");
    case "channel":
      throw new AppError("CHANNEL_LINK");
    case "other":
      throw new AppError("UNSUPPORTED_LINK", { text });
  }
}

function fromAddress(url: URL): Query {
  const plain = /^https?:$/u.test(url.protocol) && url.username === "" && url.password === "";
  if (!plain || namesYoutubeHost(url)) throw new AppError("UNSUPPORTED_LINK");
  return { kind: "track", target: directTarget(url), startMs: 0 };
}

function youtubeTrack(id: string, startMs: number, listId: string | null = null): Query {
  const query = { kind: "track", target: youtubeTarget(id), startMs } as const;
  return listId === null ? query : { ...query, list: { source: "youtube", id: listId } };
}

function searchFor(text: string): Query {
  return { kind: "search", text: text.replaceAll(/\s+/gu, " ").slice(0, MOST_SEARCH_CHARACTERS).trim() };
}
