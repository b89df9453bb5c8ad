import type { Clock } from "../core/clock.ts";

const FAILURES_IN_A_ROW = 3;
const REST_MS = 60_000;

/** Leaves a service alone for a minute after three failures in a row; then one call tries whether it is back. */
export class Breaker {
  readonly #clock: Clock;
  #failures = 0;
  #restsUntilMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** False = it is not to be asked now. Whoever is told true says how it went. */
  mayAsk(): boolean {
    if (this.#failures < FAILURES_IN_A_ROW) return true;
    const nowMs = this.#clock.monotonicMs();
    if (nowMs < this.#restsUntilMs) return false;
    this.#restsUntilMs = nowMs + REST_MS;
    return true;
  }

  answered(): void {
    this.#failures = 0;
  }

  failed(): void {
    this.#failures += 1;
    this.#restsUntilMs = this.#clock.monotonicMs() + REST_MS;
  }
}
