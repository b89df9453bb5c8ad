/** Lyrics from LRCLIB, a free catalogue that asks no key. https://lrclib.net/docs */
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { untilAborted } from "../core/abort.ts";
import type { Clock } from "../core/clock.ts";
import { AppError } from "../core/errors.ts";
import type { KeptLyrics, Lyrics, LyricsFinder } from "../core/lyrics.ts";
import { type CacheKey, cacheKey, type Track } from "../core/track.ts";
import type { SideService } from "../sources/side-service.ts";
import { parseLrc } from "./lrc.ts";
import { type SongName, songName } from "./song-name.ts";

/** What was found before. */
export interface LyricsMemory {
  /** `undefined` = never looked for, or too long ago. */
  find(key: CacheKey, nowMs: number): Promise<KeptLyrics | undefined>;
  remember(key: CacheKey, lyrics: KeptLyrics, expiresAtMs: number, nowMs: number): Promise<void>;
}

export interface LrclibDeps {
  readonly service: SideService;
  readonly memory: LyricsMemory;
  readonly clock: Clock;
  /** Between two requests; default: 300 ms. */
  readonly pauseMs?: number;
}

const PAUSE_MS = 300;
const DAY_MS = 24 * 60 * 60_000;
const FOUND_FOR_MS = 180 * DAY_MS;
/** Somebody may write them down. */
const MISSING_FOR_MS = 7 * DAY_MS;
/** Lines with times of a recording that is longer or shorter by more would run beside the song. */
const SAME_LENGTH_MS = 2_000;
const MOST_LINES = 400;
const MOST_LINE_CHARACTERS = 300;
const MOST_CHARACTERS = 50_000;
const NONE: KeptLyrics = { plain: null, synced: null, isInstrumental: false };

const text = z
  .string()
  .transform((written) => written.slice(0, MOST_CHARACTERS))
  .nullish()
  .catch(null);
const RECORD = z.object({
  trackName: z.string(),
  artistName: z.string(),
  /** Seconds. */
  duration: z.number().nullish().catch(null),
  instrumental: z.boolean().nullish().catch(null),
  plainLyrics: text,
  syncedLyrics: text,
});
type LyricsRecord = z.infer<typeof RECORD>;

/** One song at a time, one request at a time, never fast: it is somebody's free service. */
export class Lrclib implements LyricsFinder {
  readonly #deps: LrclibDeps;
  #turn: Promise<unknown> = Promise.resolve();
  #restsUntilMs = 0;

  constructor(deps: LrclibDeps) {
    this.#deps = deps;
  }

  async find(track: Track, signal: AbortSignal): Promise<Lyrics | undefined> {
    const key = cacheKey(track);
    const known = await this.#remembered(key);
    return readable(known ?? (await this.#inTurn(() => this.#lookUp(key, track, signal), signal)));
  }

  async #inTurn<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const before = this.#turn;
    const over = Promise.withResolvers<void>();
    this.#turn = before.then(() => over.promise);
    try {
      await untilAborted(before, signal);
      return await work();
    } finally {
      over.resolve();
    }
  }

  async #lookUp(key: CacheKey, track: Track, signal: AbortSignal): Promise<KeptLyrics> {
    // Whoever was before may have wanted the same.
    const known = await this.#remembered(key);
    if (known) return known;
    const name = songName(track);
    const record = await this.#ask(name, track.durationMs, signal);
    const found = record ? kept(record, track.durationMs) : NONE;
    // What is remembered for all is not looked for by a name that a list claims.
    if (track.isUnproven) return found;
    const { memory, clock } = this.#deps;
    const nowMs = clock.nowMs();
    const lastsMs = isNothing(found) ? MISSING_FOR_MS : FOUND_FOR_MS;
    await memory.remember(key, found, nowMs + lastsMs, nowMs);
    return found;
  }

  #remembered(key: CacheKey): Promise<KeptLyrics | undefined> {
    return this.#deps.memory.find(key, this.#deps.clock.nowMs());
  }

  /** By its exact name and length, then by its name, then by whatever sounds like it. */
  async #ask(
    { title, artist }: SongName,
    durationMs: number | null,
    signal: AbortSignal,
  ): Promise<LyricsRecord | undefined> {
    const named = { track_name: title, artist_name: artist };
    if (artist !== "" && durationMs !== null) {
      const duration = String(Math.round(durationMs / 1_000));
      const exact = RECORD.safeParse(await this.#read("/api/get", { ...named, duration }, signal));
      if (exact.data) return exact.data;
    }
    const wanted = { title, artist, durationMs };
    const byName = artist === "" ? [] : records(await this.#read("/api/search", named, signal));
    const found = best(byName, wanted);
    if (found) return found;
    return best(records(await this.#read("/api/search", { q: `${artist} ${title}`.trim() }, signal)), wanted);
  }

  /** `undefined` = it has no such thing. */
  async #read(path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<unknown> {
    const { service, clock, pauseMs = PAUSE_MS } = this.#deps;
    const waitMs = this.#restsUntilMs - clock.monotonicMs();
    if (waitMs > 0) await untilAborted(delay(waitMs), signal);
    try {
      const page = await service.read(`${path}?${new URLSearchParams(query).toString()}`, signal);
      if (page.status === 404) return undefined;
      if (page.status !== 200) throw new AppError("SOURCE_UNREACHABLE", { reason: String(page.status) });
      return parseJson(page.text);
    } finally {
      this.#restsUntilMs = clock.monotonicMs() + pauseMs;
    }
  }
}

function parseJson(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch (cause) {
    throw new AppError("SOURCE_UNREACHABLE", { reason: "its answer is no JSON" }, { cause });
  }
}

function records(answer: unknown): LyricsRecord[] {
  const list = Array.isArray(answer) ? answer : [];
  return list.flatMap((entry) => RECORD.safeParse(entry).data ?? []);
}

/** Of the same song, the one whose length is nearest; one with times goes first where they would fit. */
function best(
  found: readonly LyricsRecord[],
  wanted: SongName & { readonly durationMs: number | null },
): LyricsRecord | undefined {
  const rank = (record: LyricsRecord): number =>
    distanceMs(record, wanted.durationMs) - (kept(record, wanted.durationMs).synced === null ? 0 : DAY_MS);
  return found
    .filter((record) => isSameSong(record, wanted) && !isNothing(kept(record, wanted.durationMs)))
    .toSorted((a, b) => rank(a) - rank(b))[0];
}

/** All words of the title are in the other, and the artists share one. */
function isSameSong(record: LyricsRecord, { title, artist }: SongName): boolean {
  const other = songName({ title: record.trackName, artist: record.artistName });
  const [mine, theirs] = [wordsOf(title), wordsOf(other.title)];
  const [few, many] = mine.size <= theirs.size ? [mine, theirs] : [theirs, mine];
  const by = wordsOf(`${record.artistName} ${record.trackName}`);
  const isByThem = artist === "" || [...wordsOf(artist)].some((word) => by.has(word));
  return few.size > 0 && isByThem && [...few].every((word) => many.has(word));
}

function wordsOf(written: string): ReadonlySet<string> {
  const letters = written.slice(0, MOST_LINE_CHARACTERS).normalize("NFKD").replaceAll(/\p{M}/gu, "");
  return new Set(letters.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
}

function distanceMs({ duration }: LyricsRecord, durationMs: number | null): number {
  return durationMs === null || !duration ? DAY_MS / 2 : Math.abs(duration * 1_000 - durationMs);
}

/** Times are kept only where the recordings are equally long. */
function kept(record: LyricsRecord, durationMs: number | null): KeptLyrics {
  const fits = distanceMs(record, durationMs) <= SAME_LENGTH_MS;
  const { plainLyrics, syncedLyrics, instrumental } = record;
  const lines = syncedLyrics ? parseLrc(syncedLyrics) : [];
  return {
    plain: plainLyrics || lines.map((line) => line.text).join("\n") || null,
    synced: fits && lines.length > 0 ? (syncedLyrics ?? null) : null,
    isInstrumental: instrumental === true,
  };
}

function isNothing({ plain, synced, isInstrumental }: KeptLyrics): boolean {
  return plain === null && synced === null && !isInstrumental;
}

function readable(found: KeptLyrics): Lyrics | undefined {
  if (isNothing(found)) return undefined;
  const { plain, synced, isInstrumental } = found;
  const lines = (plain ?? "").split(/\r\n|\r|\n/u).slice(0, MOST_LINES);
  return {
    isInstrumental,
    lines: lines.map((line) => line.slice(0, MOST_LINE_CHARACTERS).trim()),
    timed: synced === null ? [] : parseLrc(synced),
  };
}
