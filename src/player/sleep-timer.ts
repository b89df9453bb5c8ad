import type { Clock } from "../core/clock.ts";

/** When playing is to end by itself: with the song, or at a time (milliseconds since the epoch). */
export type Sleep = { readonly after: "song" } | { readonly atMs: number };

interface SleepTimerDeps {
  readonly fallAsleep: () => void;
  readonly clock: Pick<Clock, "nowMs">;
}

/** Ends playing when somebody wanted it to. */
export class SleepTimer {
  readonly #deps: SleepTimerDeps;
  #sleep: Sleep | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: SleepTimerDeps) {
    this.#deps = deps;
  }

  get sleep(): Sleep | undefined {
    return this.#sleep;
  }

  /** `undefined` = playing goes on. */
  set(sleep: Sleep | undefined): void {
    clearTimeout(this.#timer);
    this.#sleep = sleep;
    if (!sleep || !("atMs" in sleep)) return;
    this.#timer = setTimeout(() => this.#end(), Math.max(0, sleep.atMs - this.#deps.clock.nowMs()));
    this.#timer.unref();
  }

  onSongOver(): void {
    if (this.#sleep && "after" in this.#sleep) this.#end();
  }

  #end(): void {
    this.set(undefined);
    this.#deps.fallAsleep();
  }
}
