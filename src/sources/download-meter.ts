// Judges a download while it runs: too large, too slow, too long. What a server announces is not believed.
import { setTimeout as delay } from "node:timers/promises";
import { throwIfAborted } from "../core/abort.ts";
import type { Clock } from "../core/clock.ts";
import { AppError } from "../core/errors.ts";

/** When a download is too slow. A server that sends one byte a second would otherwise hold us for days. */
export interface PaceLimits {
  /** Until the first byte of audio, counted from when it may be fetched. */
  readonly firstByteMs: number;
  /** At least this much on average over each window. */
  readonly minBytesPerSecond: number;
  readonly windowMs: number;
}

export const DEFAULT_PACE: PaceLimits = {
  firstByteMs: 15_000,
  minBytesPerSecond: 16 * 1024,
  windowMs: 30_000,
};

/** Longest time a whole download may take, for a recording of this length. */
export function downloadTimeMs(durationMs: number): number {
  return 3 * durationMs + 60_000;
}

export class DownloadMeter {
  readonly #clock: Clock;
  readonly #maxBytes: number;
  readonly #pace: PaceLimits;
  #startMs = Infinity;
  #deadlineMs = Infinity;
  /** Start of the present window; `undefined` = nothing has come yet. */
  #window: { readonly startMs: number; readonly bytes: number } | undefined;

  constructor(options: { readonly clock: Clock; readonly maxBytes: number; readonly pace: PaceLimits }) {
    this.#clock = options.clock;
    this.#maxBytes = options.maxBytes;
    this.#pace = options.pace;
  }

  /** From now on bytes are expected, for so long; a recording that is known to come later says how much later. */
  start(limitMs: number, notBeforeMs = 0): void {
    this.#startMs = this.#clock.monotonicMs() + notBeforeMs;
    this.#deadlineMs = this.#startMs + limitMs;
  }

  /**
   * Call it now and then, with what has arrived in total.
   * @throws {AppError} `FILE_TOO_LARGE`, `SOURCE_UNREACHABLE` (nothing came), `DOWNLOAD_INCOMPLETE` (too slow)
   */
  check(bytes: number): void {
    if (bytes > this.#maxBytes) {
      throw new AppError("FILE_TOO_LARGE", { limitBytes: this.#maxBytes, bytes });
    }
    const nowMs = this.#clock.monotonicMs();
    if (nowMs > this.#deadlineMs) throw tooSlow("longer than it may take", bytes);
    if (bytes > 0) this.#checkPace(bytes, nowMs);
    else if (nowMs - this.#startMs > this.#pace.firstByteMs) {
      throw new AppError("SOURCE_UNREACHABLE", { detail: `no byte within ${this.#pace.firstByteMs} ms` });
    }
  }

  #checkPace(bytes: number, nowMs: number): void {
    // What an earlier attempt left behind is there before anything is expected.
    if (nowMs < this.#startMs) return;
    this.#window ??= { startMs: nowMs, bytes };
    const elapsedMs = nowMs - this.#window.startMs;
    if (elapsedMs < this.#pace.windowMs) return;
    const needed = (this.#pace.minBytesPerSecond * elapsedMs) / 1000;
    if (bytes - this.#window.bytes < needed) throw tooSlow(`less than ${needed} bytes in a window`, bytes);
    this.#window = { startMs: nowMs, bytes };
  }
}

/** A look at a download, and the time between two of them. */
export interface Watch {
  readonly look: () => void | Promise<void>;
  readonly everyMs: number;
}

/**
 * Lets a download run and looks at it now and then: what a look throws ends the download.
 * @throws {AppError} `ABORTED`; what a look throws; what the download throws
 */
export async function watched<T>(
  download: (ended: AbortSignal) => Promise<T>,
  watch: Watch,
  signal: AbortSignal,
): Promise<T> {
  const stop = new AbortController();
  const watching = lookUntil(stop, watch);
  try {
    return await download(AbortSignal.any([signal, stop.signal]));
  } catch (error) {
    throwIfAborted(signal);
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    stop.abort();
    await watching;
  }
}

async function lookUntil(stop: AbortController, { look, everyMs }: Watch): Promise<void> {
  const { signal } = stop;
  for (;;) {
    await delay(everyMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      await look();
    } catch (error) {
      stop.abort(error);
    }
  }
}

function tooSlow(detail: string, bytes: number): AppError {
  return new AppError("DOWNLOAD_INCOMPLETE", { detail: `too slow: ${detail}`, bytes });
}
