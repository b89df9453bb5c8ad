/** The services that only name songs, put together, and what their short links mean. */
import type { Clock } from "../core/clock.ts";
import { AppError } from "../core/errors.ts";
import { createAppleMusic } from "./apple-music.ts";
import { createDeezer } from "./deezer.ts";
import { parseMusicUrl } from "./music-links.ts";
import type { Namer } from "./named-song.ts";
import { parseSiteUrl } from "./site-links.ts";
import { createSideService } from "./side-service.ts";
import { createSpotify } from "./spotify.ts";

export interface MusicServicesOptions {
  /** Addresses other than their own. That for short links stands before the host of each. */
  readonly urls: Readonly<Partial<Record<"spotify" | "apple" | "deezer" | "short-links", string>>>;
  readonly proxyUrl: string | undefined;
  readonly clock: Clock;
}

/** What a short link means, as a link that can be parsed. @throws {AppError} `LINK_DEAD`, what reading a page throws */
export type ExpandLink = (url: URL, signal: AbortSignal) => Promise<URL>;

export function createMusicServices({ urls, ...line }: MusicServicesOptions): {
  readonly namers: readonly Namer[];
  readonly expand: ExpandLink;
} {
  const { spotify, apple, deezer, "short-links": shortLinks } = urls;
  const namers = [
    createSpotify(createSideService({ baseUrl: spotify ?? "https://open.spotify.com", ...line })),
    createAppleMusic(createSideService({ baseUrl: apple ?? "https://music.apple.com", ...line })),
    createDeezer(createSideService({ baseUrl: deezer ?? "https://api.deezer.com", ...line })),
  ];
  const baseUrl = shortLinks ?? "https://link.deezer.com";
  const redirects = createSideService({ baseUrl, endsAt: isMeaning, ...line });
  const expand: ExpandLink = async (url, signal) => {
    const address = shortLinks === undefined ? url.href : `/${url.hostname}${url.pathname}`;
    const page = await redirects.read(address, signal);
    const found = [page.url, ...linksIn(page.text)].find(isMeaning);
    if (!found) throw new AppError("LINK_DEAD", { host: url.hostname });
    return found;
  };
  return { namers, expand };
}

function isMeaning(url: URL): boolean {
  const kind = parseMusicUrl(url)?.kind ?? parseSiteUrl(url)?.kind ?? "other";
  return ["song", "list", "track"].includes(kind);
}

/** Some short links answer with a page that has the link in it, for phones. */
function linksIn(html: string): URL[] {
  const found = html.slice(0, 500_000).matchAll(/https:\/\/[a-z.]{1,40}\/[\w\-./?=&%]{1,300}/gu);
  return [...found].flatMap(([text]) => URL.parse(text.replaceAll("&amp;", "&")) ?? []);
}
