/** Counts the readers of each file, so that nothing in use is removed and removal can wait for the last reader. */
export class InUse {
  readonly #onChange: () => void;
  readonly #readers = new Map<string, number>();
  readonly #afterRelease = new Map<string, (() => void)[]>();

  /** `onChange` is told when a file gets its first reader or loses its last one. */
  constructor(onChange: () => void = () => undefined) {
    this.#onChange = onChange;
  }

  /** Files with a reader. */
  get refs(): string[] {
    return [...this.#readers.keys()];
  }

  /** Notes one reader; call the result once when it is done. */
  acquire(ref: string): () => void {
    const before = this.#readers.get(ref) ?? 0;
    this.#readers.set(ref, before + 1);
    if (before === 0) this.#onChange();
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
    this.#onChange();
    const callbacks = this.#afterRelease.get(ref) ?? [];
    this.#afterRelease.delete(ref);
    for (const callback of callbacks) callback();
  }
}
