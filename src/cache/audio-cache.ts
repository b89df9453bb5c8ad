import type { LiveTranscoder } from "../audio/live.ts";
import type { OpenOpusFile } from "../audio/transcoder.ts";
import { throwIfAborted, untilAborted } from "../core/abort.ts";
import type { AudioProfile, CacheEntry } from "../core/audio-profile.ts";
import { AppError, toAppError } from "../core/errors.ts";
import { type CacheKey, cacheKey, namedTrack, type Track, type TrackRef } from "../core/track.ts";
import type { AudioRequest, CachedAudio, OpenAudio, Outcome } from "./cached-audio.ts";
import { type Filled, Filler, type FillerDeps } from "./filler.ts";
import type { InUse } from "./in-use.ts";
import type { KeyGuard } from "./key-guard.ts";
import type { Sound } from "./lasting-packets.ts";
import { fillLeased } from "./leased-fill.ts";
import { fieldsOf } from "./names.ts";
import { OnAir } from "./on-air.ts";
import { countPlay, type PlayCounterDeps } from "./play-counter.ts";
import { arrivingAudio, enter, type Heard, type RunningFill, unlessTakenOver } from "./running-fill.ts";
import { SharedFill } from "./shared-fill.ts";

export interface AudioCacheDeps extends FillerDeps, PlayCounterDeps {
  readonly openOpusFile: OpenOpusFile;
  readonly guard: KeyGuard;
  readonly inUse: InUse;
  /** Absent = a song is heard when it is finished. */
  readonly live?: LiveTranscoder;
}

/** Who began a fill by a link alone needs a moment to come back for the song. */
const HANDOVER_MS = 10_000;
/** How often a song may be cleared or taken over by another process while somebody waits for it. */
const MOST_TRIES = 4;

/** Track in, playable audio out, downloaded at most once. */
export class AudioCache {
  readonly #deps: AudioCacheDeps;
  readonly #filler: Filler;
  readonly #fills = new Map<string, RunningFill>();
  /** Fills that wait for the listener who began them. */
  readonly #begun = new WeakMap<SharedFill<Filled>, AbortController>();
  readonly #refreshes = new Set<Promise<void>>();
  /** Of songs that are heard while they arrive, some after their fill has ended. */
  readonly #sounds = new Set<OnAir>();
  readonly #shutdown = new AbortController();
  #closed = false;

  constructor(deps: AudioCacheDeps) {
    this.#deps = deps;
    this.#filler = new Filler(deps);
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
    return this.#counting(await this.#openOrFill(track, request, signal), request, askedAtMs);
  }

  async #openOrFill(track: Track, request: AudioRequest, signal: AbortSignal): Promise<OpenAudio> {
    const key = cacheKey(track);
    const hit = await this.#open(key, request, "hit");
    this.#deps.onStep?.("M0 looked up");
    if (hit) return hit;
    for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
      const audio = await this.#fillAndOpen(key, track, request, signal);
      if (audio) return audio;
    }
    throw new AppError("INTERNAL", { detail: "the file was removed each time before it was opened", key });
  }

  /** `undefined` = somebody else took the song over or away in the meantime, so that it is worth looking again. */
  async #fillAndOpen(
    key: CacheKey,
    track: Track,
    request: AudioRequest,
    signal: AbortSignal,
  ): Promise<OpenAudio | undefined> {
    if (this.#closed) throw new AppError("ABORTED");
    const { outcome: how, ...fill } = this.#join(key, track, request);
    const handover = this.#begun.get(fill.shared);
    const outcome = handover ? "miss" : how;
    this.#begun.delete(fill.shared);
    if (outcome === "shared") this.#deps.log.info("cache.shared", fieldsOf(key, request));
    const place = enter(fill, request.onProgress);
    endHandover(handover);
    let audio: OpenAudio | undefined;
    try {
      const first = await untilAborted(place.first, signal);
      const find = (): Promise<CacheEntry | undefined> => this.peek(track, request.profile);
      const asked = { track, request, outcome };
      const finished = this.#finished(fill.shared.result, asked);
      if (first === "audible") audio = arrivingAudio(fill, place, { ...asked, find, finished });
      else audio = first && (await this.#openFilled(key, first, { request, outcome }));
      if (signal.aborted) await audio?.close();
      throwIfAborted(signal);
      return audio;
    } finally {
      if (!audio?.isArriving) place.leave().catch(() => undefined);
    }
  }

  /** What a song goes on with whose sound has broken off: its file, or what another process makes of it. */
  #finished(
    fill: Promise<Filled>,
    { track, request, outcome }: Pick<Heard, "track" | "request" | "outcome">,
  ): Sound["finished"] {
    return async (why, signal) => {
      const filled = await untilAborted(fill.catch(unlessTakenOver), signal);
      // The sound was ended, it was not lost.
      if (this.#closed) throw new AppError("ABORTED");
      const key = cacheKey(track);
      this.#deps.log.warn("cache.sound_lost", { ...fieldsOf(key, request), error: why });
      const file = filled && (await this.#openFilled(key, filled, { request, outcome }));
      return file ?? (await this.#openOrFill(track, request, signal));
    };
  }

  async #openFilled(
    key: CacheKey,
    filled: Filled,
    { request, outcome }: { readonly request: AudioRequest; readonly outcome: Outcome },
  ): Promise<OpenAudio | undefined> {
    if (filled.how === "unstored") return this.#openUnstored(filled, outcome);
    return await this.#open(key, request, filled.how === "found" ? "hit" : outcome);
  }

  /** Like {@link acquire}, but `undefined` where that would have to fetch. */
  async acquireCached(track: Track, request: AudioRequest): Promise<CachedAudio | undefined> {
    const hit = await this.#open(cacheKey(track), request, "hit");
    return hit && this.#counting(hit, request, this.#deps.clock.monotonicMs());
  }

  /**
   * Starts or joins the fill of a recording that nothing is known about, and resolves with its facts as soon as they
   * come with it; `undefined` = they did not. The fill goes on for a while, so that the song can be acquired.
   * @throws {AppError} why it cannot be fetched
   */
  async begin(
    target: TrackRef & Pick<Track, "url">,
    request: AudioRequest,
    signal: AbortSignal,
  ): Promise<Track | undefined> {
    if (this.#closed) throw new AppError("ABORTED");
    const { shared, facts, outcome } = this.#join(cacheKey(target), namedTrack(target), request);
    const handover = new AbortController();
    const filled = shared.join(request.onProgress, () => undefined, handover.signal).catch(unlessTakenOver);
    try {
      return await untilAborted(Promise.race([facts, filled.then(() => undefined)]), signal);
    } finally {
      if (outcome === "miss") this.#begun.set(shared, handover);
      setTimeout(() => handover.abort(), signal.aborted ? 0 : HANDOVER_MS).unref();
    }
  }

  /** Resolves when no fill runs. @throws {AppError} `ABORTED` */
  async quiet(signal: AbortSignal): Promise<void> {
    while (this.#fills.size > 0) {
      const running = [...this.#fills.values()].map(({ shared }) => shared.settled);
      await untilAborted(Promise.all(running), signal);
    }
  }

  /**
   * Has a song fetched for later, without counting a play. The signal ends the waiting.
   * @throws {AppError} why it cannot be fetched
   */
  async prepare(
    track: Track,
    request: AudioRequest,
    signal: AbortSignal,
  ): Promise<"there already" | "fetched" | "unstored"> {
    const key = cacheKey(track);
    if (await this.#deps.index.find(key, request.profile.id)) return "there already";
    if (this.#closed) throw new AppError("ABORTED");
    const { shared } = this.#join(key, track, request);
    const { result } = await shared.join(request.onProgress, () => undefined, signal);
    if (result.how === "unstored") return "unstored";
    return result.how === "found" ? "there already" : "fetched";
  }

  /**
   * Fetches a song anew, however it failed before; what is there plays on until the new file is accepted.
   * @throws {AppError} why it could not be fetched; the old file is still there then
   */
  async refresh(track: Track, request: AudioRequest, signal: AbortSignal): Promise<void> {
    if (this.#closed) throw new AppError("ABORTED");
    const key = cacheKey(track);
    const stop = AbortSignal.any([signal, this.#shutdown.signal]);
    const wish = { onProgress: () => undefined, ...request, track };
    const refreshing = this.#deps.guard.run(
      key,
      (lease, held) => this.#filler.refresh({ key, lease }, wish, held),
      stop,
    );
    this.#refreshes.add(refreshing);
    try {
      await refreshing;
    } finally {
      this.#refreshes.delete(refreshing);
    }
  }

  /** Stops all fills, waits until they have cleaned up, and starts no other. What is cached stays playable. */
  async close(): Promise<void> {
    this.#closed = true;
    const fills = [...this.#fills.values()].map(({ shared }) => shared);
    for (const shared of fills) shared.cancel();
    this.#shutdown.abort();
    const sounds = [...this.#sounds].map((sound) => sound.close());
    await Promise.allSettled([...fills.map((shared) => shared.settled), ...sounds, ...this.#refreshes]);
    await this.#deps.tally.close();
  }

  #join(key: CacheKey, track: Track, request: AudioRequest): RunningFill & { readonly outcome: Outcome } {
    const name = `${request.profile.id}/${key}`;
    const running = this.#fills.get(name);
    if (running?.shared.isJoinable) return { ...running, outcome: "shared" };
    const { live } = this.#deps;
    const filling = { guard: this.#deps.guard, filler: this.#filler };
    const { promise: facts, resolve: onTrack } = Promise.withResolvers<Track>();
    const sound = live && new OnAir(live, request.profile, this.#sounds);
    const told = { onTrack, ...(sound && { arrival: sound.arrival }) };
    const shared = new SharedFill<Filled>(
      (onProgress, signal) =>
        fillLeased(filling, key, { ...request, track, onProgress, ...told }, signal)
          .catch((error: unknown) => {
            sound?.arrival.fail(toAppError(error));
            throw error;
          })
          .finally(() => {
            if (this.#fills.get(name)?.shared === shared) this.#fills.delete(name);
            sound?.arrival.release();
          }),
      (filled) => this.#letGo(filled),
    );
    const fill = { shared, facts, sound };
    this.#fills.set(name, fill);
    return { ...fill, outcome: "miss" };
  }

  async #open(key: CacheKey, request: AudioRequest, outcome: Outcome): Promise<OpenAudio | undefined> {
    const { index, blobs, openOpusFile, inUse } = this.#deps;
    const entry = await index.find(key, request.profile.id);
    const blob = entry && (await blobs.open(entry.blobRef));
    if (!blob) return undefined;
    if (blob.bytes !== entry.bytes) {
      await blob.close();
      return undefined;
    }
    const release = inUse.acquire(entry.blobRef);
    return {
      entry,
      outcome,
      isStored: true,
      isArriving: false,
      open: (playback, signal) => openOpusFile(blob, playback, signal),
      close: () => blob.close().finally(release),
    };
  }

  #openUnstored(filled: Filled & { how: "unstored" }, outcome: Outcome): OpenAudio {
    const { entry } = filled;
    const reader = filled.file.acquire();
    return {
      entry,
      outcome,
      isStored: false,
      isArriving: false,
      open: (playback, signal) => this.#deps.openOpusFile(reader, playback, signal),
      close: () => reader.release(),
    };
  }

  /** Nobody waits any more: what could not be kept goes with its last reader. */
  #letGo(filled: Filled): void {
    if (filled.how !== "unstored") return;
    filled.file.release().catch((error: unknown) => this.#deps.log.warn("cache.not_closed", { error }));
  }

  /** How long it was waited for is known now; whether it is heard, when it is. */
  #counting(audio: OpenAudio, request: AudioRequest, askedAtMs: number): CachedAudio {
    const waitedMs = this.#deps.clock.monotonicMs() - askedAtMs;
    let isCounted = false;
    const started = (): void => {
      if (!isCounted) countPlay(this.#deps, { ...audio, request, waitedMs });
      isCounted = true;
    };
    return { ...audio, started };
  }
}

/** A begun fill that was taken over ends with its last listener. */
function endHandover(handover: AbortController | undefined): void {
  handover?.abort();
}
