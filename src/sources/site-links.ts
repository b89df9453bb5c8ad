/** Reads links to further sites that yt-dlp fetches from, where the operator allows them: SoundCloud, Bandcamp. No I/O. */
import { createHash } from "node:crypto";
import { AppError } from "../core/errors.ts";
import type { Site } from "../core/sites.ts";
import type { MediaTarget, PlaylistRef } from "./source.ts";

/** What a link to such a site points at. */
export type SiteLink =
  | { readonly kind: "track"; readonly target: MediaTarget }
  | { readonly kind: "list"; readonly list: PlaylistRef }
  /** A short link: only its redirect tells what it means. */
  | { readonly kind: "short"; readonly url: URL }
  /** On such a site, but nothing that can be played: a person, a search, a broken name. */
  | { readonly kind: "other" };

const SOUNDCLOUD_HOSTS: ReadonlySet<string> = new Set([
  "soundcloud.com",
  "www.soundcloud.com",
  "m.soundcloud.com",
]);
const SHORT_HOST = "on.soundcloud.com";
/** Pages of a person that stand where a song's name does. */
const NO_SONGS: ReadonlySet<string> = new Set(
  "tracks albums sets reposts likes spotlight comments popular-tracks followers following toptracks".split(
    " ",
  ),
);
/** Pages of SoundCloud itself that stand where a person's name does. */
const NO_PEOPLE: ReadonlySet<string> = new Set(
  "discover stream search you charts upload pages settings stations tags jobs messages notifications".split(
    " ",
  ),
);
const NAME = /^[\w-]{1,100}$/u;
const SECRET = /^s-[A-Za-z0-9]{1,40}$/u;
const BANDCAMP_HOST = /^([a-z0-9][a-z0-9-]{0,62})\.bandcamp\.com$/u;

/** True when the text names a host of these sites. */
export function namesSiteHost({ hostname }: URL): boolean {
  return SOUNDCLOUD_HOSTS.has(hostname) || hostname === SHORT_HOST || BANDCAMP_HOST.test(hostname);
}

/** What a link points at; `undefined` = not a link to one of these sites. */
export function parseSiteUrl(url: URL): SiteLink | undefined {
  const { protocol, port, username, password, hostname } = url;
  if (!/^https?:$/u.test(protocol) || port + username + password !== "" || !namesSiteHost(url))
    return undefined;
  const parts = url.pathname.split("/").filter((part) => part !== "");
  if (hostname === SHORT_HOST) return parts.length === 1 ? { kind: "short", url } : { kind: "other" };
  return SOUNDCLOUD_HOSTS.has(hostname) ? parseSoundcloud(parts) : parseBandcamp(hostname, parts);
}

/** The page of a song, built anew from the parts of its link. @throws {AppError} `UNSAFE_ID` when it is no such page */
export function siteUrl({ source, id, url }: MediaTarget): string {
  const parsed = URL.parse(url);
  const link = parsed && parseSiteUrl(parsed);
  const isIt = link?.kind === "track" && link.target.source === source && link.target.id === id;
  if (!isIt) throw new AppError("UNSAFE_ID", { source, id });
  return link.target.url;
}

/** The page of a list, built from its ID. @throws {AppError} `UNSAFE_ID` */
export function siteListUrl({ source, id }: PlaylistRef): string {
  const [artist = "", name = ""] = id.split("/album/");
  const url = URL.parse(`https://${artist}.bandcamp.com/album/${name}`);
  const link = url && parseSiteUrl(url);
  if (link?.kind !== "list" || link.list.source !== source || link.list.id !== id)
    throw new AppError("UNSAFE_ID", { source, id });
  return url?.href ?? "";
}

/** `PERSON/SONG`, `PERSON/SONG/s-SECRET`. */
function parseSoundcloud(parts: readonly string[]): SiteLink {
  const [person = "", song = "", secret, ...more] = parts.map((part) => part.toLowerCase());
  const isSong = NAME.test(person) && NAME.test(song) && !NO_PEOPLE.has(person) && !NO_SONGS.has(song);
  const isOpen = secret === undefined || SECRET.test(secret);
  if (!isSong || !isOpen || more.length > 0) return { kind: "other" };
  // Letters of a secret are told apart.
  const path = [person, song, ...parts.slice(2)].join("/");
  return siteTrack("soundcloud", path, `https://soundcloud.com/${path}`);
}

/** `ARTIST.bandcamp.com/track/SONG`, `/album/NAME`. */
function parseBandcamp(hostname: string, parts: readonly string[]): SiteLink {
  const artist = BANDCAMP_HOST.exec(hostname)?.[1] ?? "";
  const [kind = "", name = "", ...more] = parts.map((part) => part.toLowerCase());
  if (artist === "www" || !NAME.test(name) || more.length > 0) return { kind: "other" };
  const path = `${artist}/${kind}/${name}`;
  if (kind === "track") return siteTrack("bandcamp", path, `https://${artist}.bandcamp.com/track/${name}`);
  return kind === "album" ? { kind: "list", list: { source: "bandcamp", id: path } } : { kind: "other" };
}

/** Names may have characters that file names may not, so the ID is a hash of them. */
function siteTrack(source: Site, path: string, url: string): SiteLink {
  const id = createHash("sha256").update(path).digest("base64url");
  return { kind: "track", target: { source, id, url } };
}
