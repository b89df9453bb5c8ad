/** Ends a download that drags on: a body that trickles, stands still or never ends. */
import type { Clock } from "../core/clock.ts";
import { AppError } from "../core/errors.ts";

/** How slow a body may be. */
export interface PaceLimits {
  /** In each window of this length the body must bring {@link PaceLimits.minBytesPerSecond} on average. */
  readonly rateWindowMs: number;
  readonly minBytesPerSecond: number;
  /** For everything, from the first look-up on. */
  readonly totalMs: number;
}

/** Watches one download; its signal fires with `DOWNLOAD_INCOMPLETE`. Must be stopped. */
export class PaceWatch {
  readonly #limits: PaceLimits;
  readonly #clock: Clock;
  readonly #controller = new AbortController();
  readonly #total: NodeJS.Timeout;
  #window: NodeJS.Timeout | undefined;
  #receivedBytes = 0;
  #before = { bytes: 0, atMs: 0 };

  constructor(limits: PaceLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
    this.#total = setTimeout(() => this.#end("too long"), limits.totalMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The answer is there: from now on its body is measured. */
  begin(): void {
    this.#before = { bytes: 0, atMs: this.#clock.monotonicMs() };
    this.#window = setInterval(() => this.#measure(), this.#limits.rateWindowMs);
  }

  /** @param bytes all of them so far */
  received(bytes: number): void {
    this.#receivedBytes = bytes;
  }

  stop(): void {
    clearTimeout(this.#total);
    clearInterval(this.#window);
  }

  #measure(): void {
    const atMs = this.#clock.monotonicMs();
    const enoughBytes = ((atMs - this.#before.atMs) / 1_000) * this.#limits.minBytesPerSecond;
    if (this.#receivedBytes - this.#before.bytes < enoughBytes) this.#end("too slow");
    this.#before = { bytes: this.#receivedBytes, atMs };
  }

  #end(reason: string): void {
    this.#controller.abort(new AppError("DOWNLOAD_INCOMPLETE", { reason }));
  }
}
