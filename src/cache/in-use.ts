/** Counts the readers of each file, so that nothing in use is removed and removal can wait for the last reader. */
export class InUse {
  readonly #readers = new Map<string, number>();
  readonly #afterRelease = new Map<string, (() => void)[]>();

  /** Notes one reader; call the result once when it is done. */
  acquire(ref: string): () => void {
    this.#readers.set(ref, (this.#readers.get(ref) ?? 0) + 1);
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.#release(ref);
    };
  }

  has(ref: string): boolean {
    return this.#readers.has(ref);
  }

  /** Calls back once, when the last reader of the file is done; at once when there is none. */
  whenReleased(ref: string, callback: () => void): void {
    if (!this.has(ref)) {
      callback();
      return;
    }
    this.#afterRelease.set(ref, [...(this.#afterRelease.get(ref) ?? []), callback]);
  }

  #release(ref: string): void {
    const left = (this.#readers.get(ref) ?? 1) - 1;
    if (left > 0) {
      this.#readers.set(ref, left);
      return;
    }
    this.#readers.delete(ref);
    const callbacks = this.#afterRelease.get(ref) ?? [];
    this.#afterRelease.delete(ref);
    for (const callback of callbacks) callback();
  }
}
