/**
 * Parts of YouTube videos that are no music, as people mark them for SponsorBlock. Asked by the first four digits of a
 * hash, so that the service does not learn what is played. https://wiki.sponsor.ajay.app/w/API_Docs; the data are
 * CC BY-NC-SA 4.0.
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { Clock } from "../core/clock.ts";
import type { Cut } from "../core/cut.ts";
import { AppError, toAppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { type CacheKey, cacheKey, type Track } from "../core/track.ts";
import type { SideService } from "../sources/side-service.ts";

/** What was learned before. */
export interface SegmentMemory {
  /** `undefined` = never asked, or too long ago. */
  find(key: CacheKey, nowMs: number): Promise<readonly Cut[] | undefined>;
  remember(key: CacheKey, cuts: readonly Cut[], expiresAtMs: number, nowMs: number): Promise<void>;
}

export interface SponsorBlockDeps {
  readonly service: SideService;
  readonly memory: SegmentMemory;
  readonly clock: Pick<Clock, "nowMs">;
  readonly log: Logger;
}

const DAY_MS = 24 * 60 * 60_000;
const CATEGORIES = ["music_offtopic", "sponsor", "selfpromo", "interaction", "intro", "outro"];
/** Marks of another version of the video. */
const SAME_LENGTH_MS = 2_000;
/** Who marks nearly all of a song means something else than we do. */
const MOST_OF_SONG = 0.9;
/** A jump for less is heard more than what it leaves out. */
const SHORTEST_MS = 500;
const MOST_CUTS = 50;

const SEGMENT = z.object({
  segment: z.tuple([z.number(), z.number()]),
  /** Seconds; 0 = unknown. */
  videoDuration: z.number().catch(0),
  actionType: z.literal("skip").default("skip"),
});
const BUCKET = z.array(z.object({ videoID: z.string(), segments: z.array(z.unknown()) }));

/** Which parts of songs to leave out. Nothing waits for it, and nothing fails with it. */
export class SponsorBlock {
  readonly #deps: SponsorBlockDeps;

  constructor(deps: SponsorBlockDeps) {
    this.#deps = deps;
  }

  /** In their order, apart from each other; empty also when the service does not answer. Never rejects. */
  async cutsOf(track: Track, signal: AbortSignal): Promise<readonly Cut[]> {
    // What is remembered for all is not judged by a length that a list claims.
    if (track.source !== "youtube" || track.durationMs === null || track.isUnproven) return [];
    const { memory, clock, log } = this.#deps;
    try {
      const key = cacheKey(track);
      const known = await memory.find(key, clock.nowMs());
      if (known) return known;
      const cuts = await this.#ask(track.id, track.durationMs, signal);
      const nowMs = clock.nowMs();
      await memory.remember(key, cuts, nowMs + DAY_MS, nowMs);
      return cuts;
    } catch (error) {
      if (!signal.aborted) log.info("segments.failed", { id: track.id, code: toAppError(error).code });
      return [];
    }
  }

  async #ask(id: string, durationMs: number, signal: AbortSignal): Promise<readonly Cut[]> {
    const bucket = createHash("sha256").update(id).digest("hex").slice(0, 4);
    const query = new URLSearchParams({
      categories: JSON.stringify(CATEGORIES),
      actionTypes: '["skip"]',
      service: "YouTube",
    });
    const page = await this.#deps.service.read(`/api/skipSegments/${bucket}?${query.toString()}`, signal);
    if (page.status === 404) return [];
    if (page.status !== 200) throw new AppError("SOURCE_UNREACHABLE", { reason: String(page.status) });
    const videos = BUCKET.parse(JSON.parse(page.text));
    const segments = videos.filter(({ videoID }) => videoID === id).flatMap((video) => video.segments);
    return cutsFrom(segments, durationMs);
  }
}

/** What is marked, within the song, in its order, without overlaps. */
export function cutsFrom(segments: readonly unknown[], durationMs: number): readonly Cut[] {
  const marked = segments
    .flatMap((segment) => cutFrom(segment, durationMs) ?? [])
    .toSorted((a, b) => a.fromMs - b.fromMs);
  const merged: { fromMs: number; toMs: number }[] = [];
  for (const cut of marked) {
    const last = merged.at(-1);
    if (last && cut.fromMs <= last.toMs) last.toMs = Math.max(last.toMs, cut.toMs);
    else merged.push({ ...cut });
  }
  const cutMs = merged.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  return cutMs > durationMs * MOST_OF_SONG ? [] : merged.slice(0, MOST_CUTS);
}

function cutFrom(segment: unknown, durationMs: number): Cut | undefined {
  const { data } = SEGMENT.safeParse(segment);
  if (!data) return undefined;
  const isOfThis =
    data.videoDuration === 0 || Math.abs(data.videoDuration * 1_000 - durationMs) <= SAME_LENGTH_MS;
  const fromMs = Math.max(0, Math.round(data.segment[0] * 1_000));
  const toMs = Math.min(durationMs, Math.round(data.segment[1] * 1_000));
  const lengthMs = toMs - fromMs;
  const counts = isOfThis && lengthMs >= SHORTEST_MS && lengthMs <= durationMs * MOST_OF_SONG;
  return counts ? { fromMs, toMs } : undefined;
}
