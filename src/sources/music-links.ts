/** Reads links to services that name songs without giving them away: Spotify, Apple Music, Deezer. No I/O. */
import type { MediaTarget, PlaylistRef } from "./source.ts";

/** What a link to such a service points at. */
export type MusicLink =
  | { readonly kind: "song"; readonly target: MediaTarget }
  | { readonly kind: "list"; readonly list: PlaylistRef }
  /** A short link: only its redirect tells what it means. */
  | { readonly kind: "short"; readonly url: URL }
  /** On such a service, but nothing that can be played: an artist, a podcast, a broken ID. */
  | { readonly kind: "other" };

const SPOTIFY_HOSTS: ReadonlySet<string> = new Set(["open.spotify.com", "play.spotify.com"]);
const APPLE_HOSTS: ReadonlySet<string> = new Set([
  "music.apple.com",
  "geo.music.apple.com",
  "embed.music.apple.com",
  "itunes.apple.com",
]);
const DEEZER_HOSTS: ReadonlySet<string> = new Set(["deezer.com", "www.deezer.com", "widget.deezer.com"]);
const SHORT_HOSTS: ReadonlySet<string> = new Set([
  "spotify.link",
  "spotify.app.link",
  "link.deezer.com",
  "deezer.page.link",
  "dzr.page.link",
]);

const SPOTIFY_ID = /^[A-Za-z0-9]{22}$/u;
const NUMBER = /^\d{1,19}$/u;
const APPLE_LIST = /^pl\.[A-Za-z0-9-]{8,64}$/u;
const COUNTRY = /^[a-z]{2}$/u;

/** True when the text names a host of these services. */
export function namesMusicHost({ hostname }: URL): boolean {
  return [SPOTIFY_HOSTS, APPLE_HOSTS, DEEZER_HOSTS, SHORT_HOSTS].some((hosts) => hosts.has(hostname));
}

/** What a link points at; `undefined` = not a link to one of these services. */
export function parseMusicUrl(url: URL): MusicLink | undefined {
  // `spotify:track:ID` and `spotify://track/ID`: what is a host in one is a path in the other.
  if (url.protocol === "spotify:") return parseSpotify(url.href.replace(/[?#].*$/u, "").split(/[:/]+/u));
  if (!isPlain(url)) return undefined;
  const parts = url.pathname.split("/").filter((part) => part !== "");
  if (SPOTIFY_HOSTS.has(url.hostname)) return parseSpotify(parts);
  if (APPLE_HOSTS.has(url.hostname)) return parseApple(parts, url.searchParams.get("i"));
  if (DEEZER_HOSTS.has(url.hostname)) return parseDeezer(parts);
  return SHORT_HOSTS.has(url.hostname) && parts.length > 0 ? { kind: "short", url } : undefined;
}

function isPlain({ protocol, port, username, password }: URL): boolean {
  return /^https?:$/u.test(protocol) && port + username + password === "";
}

/** A song of Spotify. `id` comes from {@link parseMusicUrl} or from Spotify, which is checked the same way. */
export function spotifySong(id: string): MediaTarget | undefined {
  if (!SPOTIFY_ID.test(id)) return undefined;
  return { source: "spotify", id, url: `https://open.spotify.com/track/${id}` };
}

/** A song of Apple Music. `country` is the shop where it was found. */
export function appleSong(id: string, country: string): MediaTarget | undefined {
  if (!NUMBER.test(id) || !COUNTRY.test(country)) return undefined;
  return { source: "apple", id, url: `https://music.apple.com/${country}/song/${id}` };
}

/** A song of Deezer. */
export function deezerSong(id: string): MediaTarget | undefined {
  return NUMBER.test(id) ? { source: "deezer", id, url: `https://www.deezer.com/track/${id}` } : undefined;
}

/** `track/ID`, `intl-de/track/ID`, `embed/playlist/ID`, `user/NAME/playlist/ID`. */
function parseSpotify(parts: readonly string[]): MusicLink {
  const [kind = "", id = ""] = parts.slice(-2);
  if (kind === "track") return songLink(spotifySong(id));
  const isList = (kind === "album" || kind === "playlist") && SPOTIFY_ID.test(id);
  return isList ? listLink("spotify", `${kind}/${id}`) : { kind: "other" };
}

/** `us/album/NAME/ID?i=SONG`, `us/song/NAME/ID`, `us/playlist/NAME/pl.ID`; the name may be missing, and so may the shop. */
function parseApple(parts: readonly string[], songId: string | null): MusicLink {
  const country = parts.find((part) => COUNTRY.test(part)) ?? "us";
  const kind = parts.find((part) => ["song", "album", "playlist"].includes(part));
  const id = parts.at(-1)?.replace(/^id/u, "") ?? "";
  if (kind === "song") return songLink(appleSong(id, country));
  if (kind === "album" && songId !== null) return songLink(appleSong(songId, country));
  const isList = kind === "album" ? NUMBER.test(id) : kind === "playlist" && APPLE_LIST.test(id);
  return isList ? listLink("apple", `${country}/${kind}/${id}`) : { kind: "other" };
}

/** `track/ID`, `de/album/ID`, `en-gb/playlist/ID`, `widget/dark/playlist/ID`. */
function parseDeezer(parts: readonly string[]): MusicLink {
  const [kind = "", id = ""] = parts.slice(-2);
  if (kind === "track") return songLink(deezerSong(id));
  const isList = (kind === "album" || kind === "playlist") && NUMBER.test(id);
  return isList ? listLink("deezer", `${kind}/${id}`) : { kind: "other" };
}

function songLink(target: MediaTarget | undefined): MusicLink {
  return target ? { kind: "song", target } : { kind: "other" };
}

function listLink(source: string, id: string): MusicLink {
  return { kind: "list", list: { source, id } };
}
