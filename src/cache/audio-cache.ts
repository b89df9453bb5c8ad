import type { ReadOpusPackets } from "../audio/transcoder.ts";
import { throwIfAborted } from "../core/abort.ts";
import type { AudioProfile, CacheEntry } from "../core/audio-profile.ts";
import type { Clock } from "../core/clock.ts";
import { AppError, toAppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { type CacheKey, cacheKey, type Track } from "../core/track.ts";
import type { FailureMemory } from "../db/failure-memory.ts";
import type { CacheIndex } from "../db/cache-index.ts";
import type { Lease } from "../db/leases.ts";
import type { PlayLog } from "../db/play-log.ts";
import type { Preparation } from "../core/preparation.ts";
import { evictionKey } from "../policy/eviction.ts";
import { retryPauseMs } from "../policy/retry.ts";
import type { OpenBlob, PlayableBlobs } from "../storage/blob-store.ts";
import { Adoption, type AdoptionDeps } from "./adoption.ts";
import { type FilledAudio, type FillDeps, fill } from "./fill.ts";
import type { InUse } from "./in-use.ts";
import type { KeyGuard } from "./key-guard.ts";
import { SharedFill } from "./shared-fill.ts";

export interface AudioCacheDeps extends FillDeps, AdoptionDeps {
  readonly index: CacheIndex;
  readonly plays: PlayLog;
  readonly failures: FailureMemory;
  /** Has no way to delete: playback cannot remove a file. */
  readonly blobs: PlayableBlobs;
  readonly readPackets: ReadOpusPackets;
  readonly guard: KeyGuard;
  readonly inUse: InUse;
  /** Clock of the eviction policy, for the rank a play gives a file. */
  readonly evictionClock: () => number;
  readonly clock: Clock;
  readonly log: Logger;
  /** Told after each published file; where a limit is enforced. */
  readonly onPublished?: () => void;
}

export interface AudioRequest {
  readonly profile: AudioProfile;
  readonly guildId: string;
  readonly onProgress?: (progress: Preparation) => void;
}

/** Long enough to read and decode the longest song that is kept. */
const ADOPTION_LIMIT_MS = 60_000;

export type Outcome = "hit" | "miss" | "shared";

/** Verified audio, open for reading. It stays readable and is not removed until it is closed. */
export interface CachedAudio {
  readonly entry: CacheEntry;
  readonly outcome: Outcome;
  /** Opus packets of 20 ms. Can be read once. */
  packets(): AsyncGenerator<Buffer, void, undefined>;
  close(): Promise<void>;
}

/** A key whose lease we hold. */
interface Held {
  readonly key: CacheKey;
  readonly lease: Lease;
}

/** Whether a fill had to fetch, or found the file after all: filled by somebody meanwhile, or without a row. */
type Filled = "downloaded" | "found";

/** Track in, playable audio out, downloaded at most once. */
export class AudioCache {
  readonly #deps: AudioCacheDeps;
  readonly #adoption: Adoption;
  readonly #fills = new Map<string, SharedFill<Filled>>();
  #closed = false;

  constructor(deps: AudioCacheDeps) {
    this.#deps = deps;
    this.#adoption = new Adoption(deps);
  }

  /** The row of a file that would be a hit now; does not count as a look-up. */
  async peek(track: Track, profile: AudioProfile): Promise<CacheEntry | undefined> {
    return this.#deps.index.find(cacheKey(track), profile.id);
  }

  /**
   * Looks, and on a miss joins the fill of this recording or starts it. The signal ends the waiting only.
   * @throws {AppError} why it cannot be played, the same for everyone who waited
   */
  async acquire(track: Track, request: AudioRequest, signal: AbortSignal): Promise<CachedAudio> {
    const askedAtMs = this.#deps.clock.monotonicMs();
    const key = cacheKey(track);
    const hit = await this.#open(key, request, "hit");
    if (hit) return this.#started(hit, request, askedAtMs);
    if (this.#closed) throw new AppError("ABORTED");

    const { shared, outcome } = this.#join(key, track, request);
    if (outcome === "shared") this.#deps.log.info("cache.shared", this.#fields(key, request));
    const filled = await shared.join(request.onProgress, signal);
    const audio = await this.#open(key, request, filled === "found" ? "hit" : outcome);
    if (audio && signal.aborted) await audio.close();
    throwIfAborted(signal);
    // Between the fill and this line an admin may have cleared the cache.
    if (!audio)
      throw new AppError("INTERNAL", { detail: "the file was removed while it was being opened", key });
    return this.#started(audio, request, askedAtMs);
  }

  /** Stops all fills, waits until they have cleaned up, and starts no other. What is cached stays playable. */
  async close(): Promise<void> {
    this.#closed = true;
    const fills = [...this.#fills.values()];
    for (const shared of fills) shared.cancel();
    await Promise.all(fills.map((shared) => shared.settled));
  }

  #join(
    key: CacheKey,
    track: Track,
    request: AudioRequest,
  ): { shared: SharedFill<Filled>; outcome: Outcome } {
    const name = `${request.profile.id}/${key}`;
    const running = this.#fills.get(name);
    if (running?.isJoinable) return { shared: running, outcome: "shared" };
    const shared = new SharedFill<Filled>((report, signal) =>
      this.#deps.guard
        .run(
          key,
          (lease, held) =>
            this.#lookAgainOrFill({ key, lease, track }, { ...request, onProgress: report }, held),
          signal,
        )
        .finally(() => {
          if (this.#fills.get(name) === shared) this.#fills.delete(name);
        }),
    );
    this.#fills.set(name, shared);
    return { shared, outcome: "miss" };
  }

  async #lookAgainOrFill(
    held: Held & { readonly track: Track },
    request: AudioRequest & { readonly onProgress: (progress: Preparation) => void },
    signal: AbortSignal,
  ): Promise<Filled> {
    const { key, track } = held;
    throwIfAborted(signal);
    if (await this.#findOrHeal(held, request)) return "found";
    if (await this.#adoption.adopt(held, request.profile, track, signal)) return "found";
    await this.#refuseIfFailedLately(key);
    this.#deps.log.info("cache.miss", this.#fields(key, request));
    try {
      const work = { key, track, profile: request.profile, onProgress: request.onProgress };
      await fill(this.#deps, work, (audio) => this.#publish(held, request, audio), signal);
      await this.#deps.failures.forget(key);
      return "downloaded";
    } catch (error) {
      throw await this.#remember(key, request, toAppError(error));
    }
  }

  async #publish({ key, lease }: Held, request: AudioRequest, audio: FilledAudio): Promise<void> {
    const { blobs, index, clock, log } = this.#deps;
    const entry = {
      key,
      profileId: request.profile.id,
      blobRef: blobRef(key, request.profile),
      bytes: audio.facts.bytes,
      durationMs: audio.facts.durationMs,
      sha256: audio.facts.sha256,
      sourceLoudness: audio.sourceLoudness,
      loudness: audio.loudness,
      createdAtMs: clock.nowMs(),
    };
    if ((await blobs.publish(entry.blobRef, audio.path)) === "exists") {
      // The adoption just before found nothing, so another process published meanwhile. Its file is the one.
      const limit = AbortSignal.timeout(ADOPTION_LIMIT_MS);
      if (await this.#adoption.adopt({ key, lease }, request.profile, audio.track, limit)) return;
      // It failed its checks and was set aside.
      if ((await blobs.publish(entry.blobRef, audio.path)) === "exists")
        throw new AppError("CACHE_UNWRITABLE", { key });
    }
    await index.save(entry, audio.track, lease);
    const { bytes, durationMs } = entry;
    log.info("cache.published", { ...this.#fields(key, request), bytes, durationMs });
    this.#deps.onPublished?.();
  }

  /** Row and file together, or neither. */
  async #find(
    key: CacheKey,
    request: AudioRequest,
  ): Promise<{ entry: CacheEntry; blob: OpenBlob } | undefined> {
    const entry = await this.#deps.index.find(key, request.profile.id);
    if (!entry) return undefined;
    const blob = await this.#deps.blobs.open(entry.blobRef);
    if (blob?.bytes === entry.bytes) return { entry, blob };
    await blob?.close();
    return undefined;
  }

  /**
   * A row without its file heals into a miss, a torn file is set aside. Only under the key's lock: two who heal at
   * once would set aside what the first of them has already fetched again.
   */
  async #findOrHeal({ key, lease }: Held, request: AudioRequest): Promise<boolean> {
    const { index, blobs, log } = this.#deps;
    const found = await this.#find(key, request);
    await found?.blob.close();
    const entry = found ? undefined : await index.find(key, request.profile.id);
    if (!entry) return found !== undefined;
    const isDamaged = await blobs.setAside(entry.blobRef);
    await index.markEvicted(key, request.profile.id, lease);
    const what = isDamaged ? "damaged file, set aside" : "row without file";
    log.warn("cache.repaired", { ...this.#fields(key, request), found: what });
    return false;
  }

  async #open(key: CacheKey, request: AudioRequest, outcome: Outcome): Promise<CachedAudio | undefined> {
    const found = await this.#find(key, request);
    if (!found) return undefined;
    const { entry, blob } = found;
    const release = this.#deps.inUse.acquire(entry.blobRef);
    return {
      entry,
      outcome,
      packets: () => this.#deps.readPackets(blob.file),
      close: () => blob.close().finally(release),
    };
  }

  /** Counts the play without making it wait. */
  #started(audio: CachedAudio, request: AudioRequest, askedAtMs: number): CachedAudio {
    const { clock, index, plays, log } = this.#deps;
    const { entry, outcome } = audio;
    const { key, profileId, bytes } = entry;
    const waitedMs = clock.monotonicMs() - askedAtMs;
    const atMs = clock.nowMs();
    if (outcome === "hit") log.info("cache.hit", { ...this.#fields(key, request), bytes, ms: waitedMs });
    const rank = evictionKey({ clock: this.#deps.evictionClock(), playCount: entry.playCount + 1, bytes });
    const bytesSaved = outcome === "miss" ? 0 : bytes;
    const play = { atMs, guildId: request.guildId, key, profileId, outcome, waitedMs, bytesSaved };
    Promise.all([index.recordPlay(entry, atMs, rank), plays.record(play)]).catch((error: unknown) =>
      log.error("cache.play_not_counted", { key, error }),
    );
    return audio;
  }

  async #refuseIfFailedLately(key: CacheKey): Promise<void> {
    const failure = await this.#deps.failures.find(key);
    if (failure && failure.retryAtMs > this.#deps.clock.nowMs())
      throw new AppError(failure.code, failure.context);
  }

  async #remember(key: CacheKey, request: AudioRequest, error: AppError): Promise<AppError> {
    const { failures, clock, log } = this.#deps;
    log.warn("cache.fill_failed", { ...this.#fields(key, request), code: error.code, error });
    const before = await failures.find(key);
    const attempts = (before?.attempts ?? 0) + 1;
    const pauseMs = retryPauseMs(error, attempts);
    if (pauseMs === 0) return error;
    const nowMs = clock.nowMs();
    await failures.remember(
      key,
      { code: error.code, context: speakable(error), attempts, retryAtMs: nowMs + pauseMs },
      nowMs,
    );
    return error;
  }

  #fields(key: CacheKey, request: AudioRequest): { key: CacheKey; profile: string; guildId: string } {
    return { key, profile: request.profile.id, guildId: request.guildId };
  }
}

/** Name of the file of a recording in a profile. */
export function blobRef(key: CacheKey, profile: Pick<AudioProfile, "id">): string {
  return `${profile.id}/${key}.opus`;
}

/** The part of an error's facts that its sentence may name. Raw program output stays out. */
function speakable(error: AppError): Record<string, string | number> {
  const entries = Object.entries(error.context).filter(
    (entry): entry is [string, string | number] =>
      typeof entry[1] === "string" || typeof entry[1] === "number",
  );
  return Object.fromEntries(entries.filter(([name]) => name !== "detail"));
}
