/** A clock that stands still until a test moves it. */
import type { Clock } from "../../src/core/clock.ts";

export class FakeClock implements Clock {
  #nowMs: number;
  #monotonicMs = 1_000;

  constructor(nowMs = Date.UTC(2026, 0, 1)) {
    this.#nowMs = nowMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  advance(ms: number): void {
    this.#nowMs += ms;
    this.#monotonicMs += ms;
  }
}
