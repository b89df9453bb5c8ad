import { Mutex } from "async-mutex";

/** One lock per key in this process: fills and removals of the same key never overlap. */
export class KeyedMutex {
  readonly #mutexes = new Map<string, Mutex>();

  /** Runs `work` when nobody else holds the key. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const mutex = this.#mutexes.get(key) ?? new Mutex();
    this.#mutexes.set(key, mutex);
    try {
      return await mutex.runExclusive(work);
    } finally {
      // Only when nobody waits: dropping it earlier would give the next comer a second lock for the same key.
      if (!mutex.isLocked() && this.#mutexes.get(key) === mutex) this.#mutexes.delete(key);
    }
  }

  /** Keys held or waited for. */
  get size(): number {
    return this.#mutexes.size;
  }
}
