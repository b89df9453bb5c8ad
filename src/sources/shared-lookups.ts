/** Lets everyone who asks the same thing at the same time wait for one answer. */
import { throwIfAborted, untilAborted } from "../core/abort.ts";
import { AppError } from "../core/errors.ts";

/** Look-ups that are running now, by what they are for. */
export class SharedLookups<T> {
  readonly #longestMs: number;
  readonly #running = new Map<string, Promise<T>>();

  /** @param longestMs a look-up outlives the one who asked first, but not this time */
  constructor(longestMs: number) {
    this.#longestMs = longestMs;
  }

  /**
   * Joins the running look-up of that name or starts it. The caller's signal ends only the caller's waiting.
   * @throws {AppError} `ABORTED`, `SOURCE_UNREACHABLE` when it took too long, else what the work throws
   */
  async join(key: string, work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    throwIfAborted(signal);
    return await untilAborted(this.#running.get(key) ?? this.#start(key, work), signal);
  }

  #start(key: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const started = this.#within(work).finally(() => this.#running.delete(key));
    // Nobody may be waiting any more when it fails.
    started.catch(() => undefined);
    this.#running.set(key, started);
    return started;
  }

  async #within(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const limit = AbortSignal.timeout(this.#longestMs);
    try {
      return await work(limit);
    } catch (error) {
      if (limit.aborted) throw new AppError("SOURCE_UNREACHABLE", { reason: "too long" }, { cause: error });
      throw error;
    }
  }
}
