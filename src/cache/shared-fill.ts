import { untilAborted } from "../core/abort.ts";
import type { Preparation } from "../core/preparation.ts";
import { worthFinishing } from "../policy/abandon.ts";

/** One running fill and everyone who waits for it. */
export class SharedFill<T> {
  readonly #abort = new AbortController();
  readonly #result: Promise<T>;
  readonly #listeners = new Set<(progress: Preparation) => void>();
  #progress: Preparation = { status: "starting" };
  #waiting = 0;

  constructor(work: (report: (progress: Preparation) => void, signal: AbortSignal) => Promise<T>) {
    this.#result = work((progress) => this.#report(progress), this.#abort.signal);
    // When everyone has left nobody is there to see a failure; it was logged where it happened.
    this.#result.catch(() => undefined);
  }

  /** Settles when the fill has, whoever waits. */
  get settled(): Promise<void> {
    return this.#result.then(
      () => undefined,
      () => undefined,
    );
  }

  /** Waits for the result. The signal ends the waiting; the fill ends with its last waiter unless it is nearly done. */
  async join(onProgress: ((progress: Preparation) => void) | undefined, signal: AbortSignal): Promise<T> {
    this.#waiting += 1;
    if (onProgress) {
      this.#listeners.add(onProgress);
      onProgress(this.#progress);
    }
    try {
      return await untilAborted(this.#result, signal);
    } finally {
      this.#waiting -= 1;
      if (onProgress) this.#listeners.delete(onProgress);
      if (this.#waiting === 0 && !worthFinishing(this.#progress)) this.#abort.abort();
    }
  }

  /** Ends it for everyone: the process is going down. */
  cancel(): void {
    this.#abort.abort();
  }

  /** False for a fill that was given up: a new comer must start another one. */
  get isJoinable(): boolean {
    return !this.#abort.signal.aborted;
  }

  #report(progress: Preparation): void {
    this.#progress = progress;
    for (const listener of this.#listeners) listener(progress);
  }
}
