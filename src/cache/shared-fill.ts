import { untilAborted } from "../core/abort.ts";
import type { Preparation } from "../core/preparation.ts";
import { worthFinishing } from "../policy/abandon.ts";

/** One running fill and everyone who waits for it. */
export class SharedFill<T> {
  readonly #abort = new AbortController();
  readonly #result: Promise<T>;
  readonly #onLeft: (result: T) => void;
  readonly #listeners = new Set<(progress: Preparation) => void>();
  #progress: Preparation = { status: "starting" };
  #waiting = 0;
  #done: { readonly result: T } | undefined;

  /** `onLeft` is told once, when the result is there and nobody waits for it any more. */
  constructor(
    work: (report: (progress: Preparation) => void, signal: AbortSignal) => Promise<T>,
    onLeft: (result: T) => void,
  ) {
    this.#onLeft = onLeft;
    this.#result = work((progress) => this.#report(progress), this.#abort.signal);
    // When everyone has left nobody is there to see a failure; it was logged where it happened.
    this.#result.then(
      (result) => {
        this.#done = { result };
        this.#leave();
        return undefined;
      },
      () => undefined,
    );
  }

  /** For those who have entered. */
  get result(): Promise<T> {
    return this.#result;
  }

  /** Settles when the fill has, whoever waits. */
  get settled(): Promise<void> {
    return this.#result.then(
      () => undefined,
      () => undefined,
    );
  }

  /**
   * Waits for the result. The signal ends the waiting; the fill ends with its last waiter unless it is nearly done.
   * `take` is called with the result before anybody is told that the last waiter has left.
   */
  async join<U>(
    onProgress: ((progress: Preparation) => void) | undefined,
    take: (result: T) => U,
    signal: AbortSignal,
  ): Promise<{ readonly result: T; readonly taken: U }> {
    const leave = this.enter(onProgress);
    try {
      const result = await untilAborted(this.#result, signal);
      return { result, taken: take(result) };
    } finally {
      leave();
    }
  }

  /** One more for whom it runs. Returns how to leave; idempotent. */
  enter(onProgress?: (progress: Preparation) => void): () => void {
    this.#waiting += 1;
    if (onProgress) {
      this.#listeners.add(onProgress);
      onProgress(this.#progress);
    }
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      this.#waiting -= 1;
      if (onProgress) this.#listeners.delete(onProgress);
      if (this.#waiting === 0 && !worthFinishing(this.#progress)) this.#abort.abort();
      this.#leave();
    };
  }

  /** Ends it for everyone: the process is going down. */
  cancel(): void {
    this.#abort.abort();
  }

  /** False for a fill that was given up: a new comer must start another one. */
  get isJoinable(): boolean {
    return !this.#abort.signal.aborted;
  }

  #leave(): void {
    const done = this.#done;
    if (!done || this.#waiting > 0) return;
    this.#done = undefined;
    this.#onLeft(done.result);
  }

  #report(progress: Preparation): void {
    this.#progress = progress;
    for (const listener of this.#listeners) listener(progress);
  }
}
