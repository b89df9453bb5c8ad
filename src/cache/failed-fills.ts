import type { Clock } from "../core/clock.ts";
import { AppError } from "../core/errors.ts";
import type { CacheKey } from "../core/track.ts";
import type { FailureMemory } from "../db/failure-memory.ts";
import { retryPauseMs } from "../policy/retry.ts";

export interface FailedFillsDeps {
  readonly failures: FailureMemory;
  readonly clock: Clock;
}

/** Keeps a recording that could not be fetched from being tried again too soon. */
export class FailedFills {
  readonly #deps: FailedFillsDeps;

  constructor(deps: FailedFillsDeps) {
    this.#deps = deps;
  }

  /** @throws {AppError} the failure of before, while it is too early for another try */
  async refuse(key: CacheKey): Promise<void> {
    const { failures, clock } = this.#deps;
    const failure = await failures.find(key);
    if (failure && failure.retryAtMs > clock.nowMs()) throw new AppError(failure.code, failure.context);
  }

  /** For as long as its kind asks for, longer with each failure in a row. */
  async remember(key: CacheKey, error: AppError): Promise<void> {
    const { failures, clock } = this.#deps;
    const before = await failures.find(key);
    const attempts = (before?.attempts ?? 0) + 1;
    const pauseMs = retryPauseMs(error, attempts);
    if (pauseMs === 0) return;
    const nowMs = clock.nowMs();
    const failure = { code: error.code, context: speakable(error), attempts, retryAtMs: nowMs + pauseMs };
    await failures.remember(key, failure, nowMs);
  }

  async forget(key: CacheKey): Promise<void> {
    await this.#deps.failures.forget(key);
  }
}

/** The part of an error's facts that its sentence may name. Raw program output stays out. */
function speakable(error: AppError): Record<string, string | number> {
  const entries = Object.entries(error.context).filter(
    (entry): entry is [string, string | number] =>
      typeof entry[1] === "string" || typeof entry[1] === "number",
  );
  return Object.fromEntries(entries.filter(([name]) => name !== "detail"));
}
