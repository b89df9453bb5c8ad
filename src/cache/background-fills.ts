import { Mutex } from "async-mutex";
import { throwIfAborted, untilAborted } from "../core/abort.ts";
import type { Clock } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import { cacheKey, type Track } from "../core/track.ts";
import type { FailureMemory } from "../db/failure-memory.ts";
import type { Settings } from "../db/settings.ts";
import { type AdmissionLimits, type Asked, refuseAdmission } from "../policy/admission.ts";
import { refusePrefetch, THROTTLED_BY } from "../policy/prefetch.ts";
import type { AudioCache } from "./audio-cache.ts";
import type { AudioRequest } from "./cached-audio.ts";
import { fieldsOf } from "./names.ts";

export interface BackgroundFillsDeps {
  readonly cache: Pick<AudioCache, "peek" | "prepare" | "quiet">;
  readonly failures: Pick<FailureMemory, "lastAtMs">;
  readonly isKept: (track: Track, asked: Asked) => Promise<boolean>;
  /** Remembers across restarts how many songs were fetched today. */
  readonly settings: Settings;
  readonly limits: AdmissionLimits;
  /** Most songs fetched in a day; 0 = none. */
  readonly perDay: number;
  readonly clock: Clock;
  readonly log: Logger;
}

const DAY_MS = 86_400_000;
const NAME = "prefetch.day";

/** Fetches songs that nobody waits for yet: one at a time in this process, and only while nobody waits for another. */
export class BackgroundFills {
  readonly #deps: BackgroundFillsDeps;
  readonly #turn = new Mutex();
  #unstoredAtMs: number | undefined;

  constructor(deps: BackgroundFillsDeps) {
    this.#deps = deps;
  }

  /**
   * True when the song is in the cache, from before or now; false when it is not worth it or not the time to fetch it.
   * The signal ends it, unless the song is nearly there.
   * @throws {AppError} why it cannot be fetched, `ABORTED`
   */
  async fetch(track: Track, request: AudioRequest, signal: AbortSignal): Promise<boolean> {
    const { cache, limits } = this.#deps;
    if (await cache.peek(track, request.profile)) return true;
    if (refuseAdmission(track, limits)) return false;
    return await untilAborted(
      this.#turn.runExclusive(() => this.#fetchNow(track, request, signal)),
      signal,
    );
  }

  async #fetchNow(track: Track, request: AudioRequest, signal: AbortSignal): Promise<boolean> {
    const { cache, log } = this.#deps;
    throwIfAborted(signal);
    const fields = fieldsOf(cacheKey(track), request);
    const refusal = await this.#refusal(track, request);
    if (refusal) {
      log.debug("prefetch.refused", { ...fields, why: refusal });
      return false;
    }
    // Who waits for a song comes first; this one takes the place of nobody when it begins.
    await cache.quiet(signal);
    log.info("prefetch.begun", fields);
    await this.#count();
    const outcome = await cache.prepare(track, request, signal);
    if (outcome === "unstored") this.#unstoredAtMs = this.#deps.clock.nowMs();
    return outcome !== "unstored";
  }

  async #refusal(track: Track, asked: Asked): Promise<string | undefined> {
    const { failures, isKept, perDay, clock } = this.#deps;
    return refusePrefetch({
      perDay,
      fetchedToday: await this.#fetchedToday(),
      unstoredAtMs: this.#unstoredAtMs,
      throttledAtMs: await failures.lastAtMs(THROTTLED_BY),
      isKept: await isKept(track, asked),
      nowMs: clock.nowMs(),
    });
  }

  /** Of the day by UTC. */
  async #fetchedToday(): Promise<number> {
    const [day, count] = ((await this.#deps.settings.get(NAME)) ?? "").split(":");
    return day === this.#today ? Number(count) : 0;
  }

  async #count(): Promise<void> {
    const count = (await this.#fetchedToday()) + 1;
    await this.#deps.settings.set(NAME, `${this.#today}:${count}`);
  }

  get #today(): string {
    return String(Math.floor(this.#deps.clock.nowMs() / DAY_MS));
  }
}
