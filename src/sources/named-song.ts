/** Songs as music services name them. All of it is untrusted. */
import { AppError } from "../core/errors.ts";
import type { Track } from "../core/track.ts";
import type { SidePage } from "./side-service.ts";
import type { MediaTarget, Source } from "./source.ts";
import { cleanText } from "./untrusted-text.ts";

/** Tells what songs and lists of one service are called. It has no audio, and no search of its own is needed. */
export type Namer = Pick<Source, "name" | "serves" | "resolve" | "playlist">;

/** What a service says about a song. */
export interface SongFacts {
  readonly title: string;
  readonly artists: readonly string[];
  readonly durationMs?: number | null | undefined;
  readonly pictureUrl?: string | null | undefined;
}

/** Servers of the services' own pictures: what is shown to people comes from nowhere else. */
const PICTURE_HOSTS = /(?:^|\.)(?:scdn\.co|spotifycdn\.com|mzstatic\.com|dzcdn\.net)$/u;

/** A song that is to be matched to a recording. */
export function namedSong(target: MediaTarget, facts: SongFacts): Track {
  const { durationMs, pictureUrl } = facts;
  return {
    ...target,
    title: cleanText(facts.title) || target.id,
    artist: cleanText(facts.artists.join(", ")),
    durationMs: durationMs && durationMs > 0 ? Math.round(durationMs) : null,
    isLive: false,
    thumbnailUrl: pictureUrl ? ownPicture(pictureUrl) : null,
  };
}

function ownPicture(text: string): string | null {
  const url = URL.parse(text);
  return url?.protocol === "https:" && PICTURE_HOSTS.test(url.hostname) ? url.href : null;
}

/** The text of the script with that ID in a page; `undefined` = there is none. */
export function scriptOf(html: string, id: string): string | undefined {
  const at = [`id="${id}"`, `id=${id}`].map((name) => html.indexOf(name)).find((found) => found >= 0);
  if (at === undefined) return undefined;
  const start = html.indexOf(">", at) + 1;
  const end = html.indexOf("</script>", start);
  return start > 0 && end > 0 ? html.slice(start, end) : undefined;
}

/** A JSON text as a value; `undefined` = it is none. */
export function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A page that is there. @throws {AppError} `LINK_DEAD`, `PLAYLIST_UNAVAILABLE` */
export function existing(page: SidePage, what: "song" | "list"): SidePage {
  if (page.status === 200) return page;
  throw new AppError(what === "song" ? "LINK_DEAD" : "PLAYLIST_UNAVAILABLE", { status: page.status });
}

/** A page came, and it is not what such pages were when this was written. */
export function unreadable(service: string): AppError {
  return new AppError("SERVICE_UNREADABLE", { service });
}

/** The entries of a range that counts from 1. */
export function inRange<T>(all: readonly T[], range: { readonly from: number; readonly limit: number }): T[] {
  return all.slice(range.from - 1, range.from - 1 + range.limit);
}
