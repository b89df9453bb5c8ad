/** From a person's text to recordings: by what is remembered, else by the first source that serves them. */
import type { Clock } from "../core/clock.ts";
import { AppError, toAppError } from "../core/errors.ts";
import type { ListWish } from "../core/list-wish.ts";
import { isSite } from "../core/sites.ts";
import { type Chapter, namedTrack, type Track, type TrackRef } from "../core/track.ts";
import { inOrder } from "./list-order.ts";
import type { Matcher } from "./matcher.ts";
import type { ExpandLink } from "./music-services.ts";
import type { Namer } from "./named-song.ts";
import { parseQuery } from "./query.ts";
import { SharedLookups } from "./shared-lookups.ts";
import type { MediaTarget, PlaylistRef, Query, Source } from "./source.ts";

/** What was learned about queries and recordings before. */
export interface ResolutionMemory {
  /** `undefined` = unknown or expired; empty = nothing was found. */
  find(query: string, nowMs: number): Promise<readonly Track[] | undefined>;
  remember(query: string, tracks: readonly Track[], expiresAtMs: number, nowMs: number): Promise<void>;
  findTrack(ref: TrackRef): Promise<Track | undefined>;
  rememberTrack(track: Track, nowMs: number): Promise<void>;
}

/** What a text stands for. */
export type Resolution =
  | {
      readonly kind: "tracks";
      readonly tracks: readonly Track[];
      readonly startMs: number;
      /** Every extractor failed, so the own catalogue answered. */
      readonly fromCatalogue?: true;
    }
  /** Entries as they arrive; stop iterating and the work behind it ends. */
  | { readonly kind: "playlist"; readonly id: string; readonly entries: AsyncIterable<Track> };

/** What {@link createResolver} needs. */
export interface ResolverOptions {
  /** For YouTube the chain of extractors counts as one source. */
  readonly sources: readonly Source[];
  /** Services that tell what songs are called, and what their short links mean. */
  readonly namers: readonly Namer[];
  readonly expand: ExpandLink;
  readonly matcher: Pick<Matcher, "match" | "known">;
  readonly memory: ResolutionMemory;
  readonly clock: Clock;
  /** Gives [0, 1). */
  readonly random: () => number;
  /** How long a search is remembered. Default: seven days. */
  readonly ttlMs?: number;
  /** How long it is remembered that nothing was found. Default: ten minutes. */
  readonly emptyTtlMs?: number;
  /** Most entries read from one list; some never end. Default: 500. */
  readonly playlistLimit?: number;
}

/**
 * Starts to fetch a recording and resolves with its facts as soon as they come with it; `undefined` = they did not.
 * @throws {AppError} why it cannot be fetched
 */
export type BeginFetching = (target: MediaTarget, signal: AbortSignal) => Promise<Track | undefined>;

/** A text to make sense of. */
export interface Wish {
  readonly text: string;
  /** Given when the recording is wanted now: one run of an extractor then brings facts and audio. */
  readonly begin?: BeginFetching | undefined;
  readonly list?: ListWish | undefined;
}

/** Turns texts into recordings. */
export interface Resolver {
  /**
   * @throws {AppError} what {@link parseQuery} throws, `NOTHING_FOUND`, or what the source says
   */
  resolve(wish: Wish, signal: AbortSignal): Promise<Resolution>;
  /** At most `limit` matches for words, best first; for choosing among them. */
  search(text: string, limit: number, signal: AbortSignal): Promise<readonly Track[]>;
  /** What is remembered of a recording, or else what its source says about it now. */
  facts(target: MediaTarget, signal: AbortSignal): Promise<Track>;
  /** Chapters of a recording; its source is asked when nobody has told them yet. Empty = it has none. */
  chapters(track: Track, signal: AbortSignal): Promise<readonly Chapter[]>;
}

const WEEK_MS = 7 * 86_400_000;
const TEN_MINUTES_MS = 10 * 60_000;
const YOUTUBE = "youtube";
/** One request brings this many; fewer would cost the same. */
const SEARCH_RESULTS = 10;
/** Of a list that must be read as a whole. */
const MOST_ENTRIES = 5_000;
/** A look-up that others wait for outlives the one who asked first, but not this. */
const LONGEST_LOOKUP_MS = 60_000;

/** A resolver that needs no network for a recording whose facts are remembered or a search that was made before. */
export function createResolver(options: ResolverOptions): Resolver {
  return new RememberingResolver(options);
}

interface How {
  readonly begin: Wish["begin"];
  readonly list: ListWish;
}

class RememberingResolver implements Resolver {
  readonly #options: ResolverOptions;
  readonly #tracks = new SharedLookups<Track>(LONGEST_LOOKUP_MS);
  readonly #searches = new SharedLookups<readonly Track[]>(LONGEST_LOOKUP_MS);

  constructor(options: ResolverOptions) {
    this.#options = options;
  }

  async resolve({ text, begin, list = {} }: Wish, signal: AbortSignal): Promise<Resolution> {
    return await this.#meant(parseQuery(text), { begin, list }, signal);
  }

  async #meant(query: Query, how: How, signal: AbortSignal): Promise<Resolution> {
    switch (query.kind) {
      case "track": {
        if (how.list.isWhole && query.list) return this.#list(query.list, query.target, how, signal);
        const track = await this.#track(query.target, how.begin, signal);
        return { kind: "tracks", tracks: [track], startMs: query.startMs };
      }
      case "named":
        return { kind: "tracks", tracks: [await this.#recording(query.target, signal)], startMs: 0 };
      case "search":
        return { kind: "tracks", tracks: [await this.#best(query.text, signal)], startMs: 0 };
      case "playlist":
        return this.#list(query.playlist, query.startAt, how, signal);
      case "short": {
        const url = await this.#options.expand(query.url, signal);
        return await this.#meant(parseQuery(url.href), how, signal);
      }
    }
  }

  #list(list: PlaylistRef, startAt: TrackRef | null, how: How, signal: AbortSignal): Resolution {
    const { random, playlistLimit = 500 } = this.#options;
    // A mix has no end, so there is no whole of it to shuffle or to look for a song in.
    const isWhole = (how.list.isShuffled === true || startAt !== null) && !list.id.startsWith("RD");
    const range = { from: 1, limit: isWhole ? MOST_ENTRIES : playlistLimit };
    const entries = this.#serving(this.#listers, list.source).playlist(list, range, signal);
    return { kind: "playlist", id: list.id, entries: inOrder(entries, { ...how.list, startAt, random }) };
  }

  /** A song that is only named, as a recording: the one who asks waits for it, so it is looked for at once. */
  async #recording(target: MediaTarget, signal: AbortSignal): Promise<Track> {
    const { matcher } = this.#options;
    const known = await matcher.known(namedTrack(target));
    if (known) return known;
    const lookUp = (shared: AbortSignal): Promise<Track> =>
      this.#serving(this.#listers, target.source).resolve(target, shared);
    const song = await this.#tracks.join(`${target.source}:${target.id}`, lookUp, signal);
    return await matcher.match(song, signal);
  }

  async search(text: string, limit: number, signal: AbortSignal): Promise<readonly Track[]> {
    const words = normalizeSearch(text);
    const found = await this.#searches.join(words, (shared) => this.#findSearch(words, text, shared), signal);
    return found.slice(0, limit);
  }

  async facts(target: MediaTarget, signal: AbortSignal): Promise<Track> {
    return await this.#track(target, undefined, signal);
  }

  async chapters(track: Track, signal: AbortSignal): Promise<readonly Chapter[]> {
    const { memory, clock, sources } = this.#options;
    const told = track.chapters ?? (await memory.findTrack(track))?.chapters;
    if (told) return told;
    const lookUp = async (shared: AbortSignal): Promise<Track> => {
      const { chapters = [], ...fresh } = await this.#serving(sources, track.source).resolve(track, shared);
      await memory.rememberTrack({ ...fresh, chapters }, clock.nowMs());
      return { ...fresh, chapters };
    };
    const found = await this.#tracks.join(`chapters of ${track.source}:${track.id}`, lookUp, signal);
    return found.chapters ?? [];
  }

  async #track(target: MediaTarget, begin: Wish["begin"], signal: AbortSignal): Promise<Track> {
    const { memory, clock } = this.#options;
    const known = await memory.findTrack(target);
    // Whether a stream is live changes by itself, so that alone is asked again.
    if (known && !known.isLive) return { ...known, url: target.url };
    const lookUp = async (shared: AbortSignal): Promise<Track> => {
      const source = this.#serving(this.#options.sources, target.source);
      // A direct link tells its facts without being fetched.
      const told = target.source === "direct" ? undefined : await begin?.(target, shared).catch(unlessLive);
      const fresh = told ?? (await source.resolve(target, shared));
      await memory.rememberTrack(fresh, clock.nowMs());
      return fresh;
    };
    return await this.#tracks.join(`${target.source}:${target.id}`, lookUp, signal);
  }

  async #findSearch(words: string, text: string, signal: AbortSignal): Promise<readonly Track[]> {
    const { memory, clock, ttlMs = WEEK_MS, emptyTtlMs = TEN_MINUTES_MS } = this.#options;
    const known = await memory.find(words, clock.nowMs());
    if (known) return known;
    const fresh = await this.#serving(this.#options.sources, YOUTUBE).search(text, SEARCH_RESULTS, signal);
    const nowMs = clock.nowMs();
    await memory.remember(words, fresh, nowMs + (fresh.length === 0 ? emptyTtlMs : ttlMs), nowMs);
    return fresh;
  }

  /** The best match that is a recording; a live stream only when there is nothing else. */
  async #best(text: string, signal: AbortSignal): Promise<Track> {
    const found = await this.search(text, SEARCH_RESULTS, signal);
    const chosen = found.find(({ isLive }) => !isLive) ?? found[0];
    if (!chosen) throw new AppError("NOTHING_FOUND", { text });
    return chosen;
  }

  get #listers(): readonly Namer[] {
    return [...this.#options.sources, ...this.#options.namers];
  }

  #serving<T extends Pick<Source, "serves">>(sources: readonly T[], family: string): T {
    const found = sources.find((source) => source.serves(family));
    if (!found) throw isSite(family) ? new AppError("SOURCE_OFF", { source: family }) : missing(family);
    return found;
  }
}

function missing(family: string): AppError {
  return new AppError("EXTRACTOR_MISSING", { family });
}

/** What cannot be fetched because it is live can be heard all the same. */
function unlessLive(error: unknown): undefined {
  if (toAppError(error).code !== "LIVE_NOT_SUPPORTED") throw error;
}

/** Words that mean the same search: compatibility forms, case and blanks do not count. */
export function normalizeSearch(text: string): string {
  return text.normalize("NFKC").toLowerCase().replaceAll(/\s+/gu, " ").trim();
}
