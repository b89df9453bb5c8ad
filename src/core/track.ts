import { AppError } from "./errors.ts";

/** Names one recording at one source: all that is needed to fetch or to cache it. */
export interface TrackRef {
  /** Family of recordings, not of extractors: `youtube` whichever program fetches it, `direct`, `spotify` … */
  readonly source: string;
  /** For YouTube the 11-character video ID; for `direct` a hash of the address. */
  readonly id: string;
}

/** A part of a recording that has a name of its own. */
export interface Chapter {
  readonly title: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** A recording and what a person reads about it. All text is untrusted. */
export interface Track extends TrackRef {
  readonly title: string;
  /** Channel, uploader or artist; empty when unknown. */
  readonly artist: string;
  /** The page or file a person can open; for YouTube always built from the ID, never taken from input. */
  readonly url: string;
  /** Length in milliseconds; `null` = a live stream or unknown. */
  readonly durationMs: number | null;
  /** True only when the source says that it is live right now. */
  readonly isLive: boolean;
  readonly thumbnailUrl: string | null;
  /** In their order; empty = it has none, absent = nobody has asked its source yet. */
  readonly chapters?: readonly Chapter[];
  /**
   * What is said here was noted with a list, perhaps from somebody's file: good enough to be shown, and its source is
   * asked when it is to be played.
   */
  readonly isUnproven?: true;
}

/** A recording that was only named so far. */
export function namedTrack({ source, id, url }: TrackRef & Pick<Track, "url">): Track {
  return { source, id, url, title: "", artist: "", durationMs: null, isLive: false, thumbnailUrl: null };
}

declare const brand: unique symbol;

/** A name that is safe as a file name; only {@link cacheKey} and {@link parseCacheKey} make one. */
export type CacheKey = string & { readonly [brand]: "CacheKey" };

/** Services that name songs without giving their audio away. */
const NAMING_SERVICES: ReadonlySet<string> = new Set(["spotify", "apple", "deezer"]);

/**
 * True for a song that is only named so far: it is matched to a recording right before it is fetched, has no key of its
 * own, and is never stored under its name.
 */
export function isNamedOnly({ source }: TrackRef): boolean {
  return NAMING_SERVICES.has(source);
}

const YOUTUBE_ID = /^[A-Za-z0-9_-]{11}$/u;
const SAFE_PART = /^[A-Za-z0-9_-]{1,128}$/u;
const SOURCE_NAME = /^[a-z][a-z0-9-]{0,31}$/u;

/**
 * The one way from a recording to a file name: the video ID itself for YouTube, `source.id` for the rest.
 * @throws {AppError} `UNSAFE_ID` when a part could leave the cache folder or collide with another source, and for a song
 * that is only named
 */
export function cacheKey({ source, id }: TrackRef): CacheKey {
  if (source === "youtube") {
    if (!YOUTUBE_ID.test(id)) throw new AppError("UNSAFE_ID", { source, id });
    return id as CacheKey;
  }
  if (!isSafe({ source, id })) throw new AppError("UNSAFE_ID", { source, id });
  return `${source}.${id}` as CacheKey;
}

/** The recording a key (or a file name without its extension) stands for; `undefined` = not one of ours. */
export function parseCacheKey(name: string): { readonly key: CacheKey; readonly ref: TrackRef } | undefined {
  if (YOUTUBE_ID.test(name)) return { key: name as CacheKey, ref: { source: "youtube", id: name } };
  const dot = name.indexOf(".");
  const source = name.slice(0, Math.max(dot, 0));
  const id = name.slice(dot + 1);
  if (source === "youtube" || !isSafe({ source, id })) return undefined;
  return { key: name as CacheKey, ref: { source, id } };
}

function isSafe(ref: TrackRef): boolean {
  return SOURCE_NAME.test(ref.source) && SAFE_PART.test(ref.id) && !isNamedOnly(ref);
}

/** True for something that looks like a YouTube video ID. `videoseries` does too, and is none. */
export function isYoutubeId(text: string): boolean {
  return YOUTUBE_ID.test(text) && text !== "videoseries";
}
