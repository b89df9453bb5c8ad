/** Counts the readers of each file, so that nothing in use is removed. */
export class InUse {
  readonly #onChange: () => void;
  readonly #readers = new Map<string, number>();

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

  #release(ref: string): void {
    const left = (this.#readers.get(ref) ?? 1) - 1;
    if (left > 0) {
      this.#readers.set(ref, left);
      return;
    }
    this.#readers.delete(ref);
    this.#onChange();
  }
}
