/** What is still to play, in order. Pure data. */
export class Queue<T> {
  #items: T[] = [];

  push(items: readonly T[]): void {
    this.#items.push(...items);
  }

  /** Puts one back to the front. */
  putBack(item: T): void {
    this.#items.unshift(item);
  }

  /** Takes the next one out. */
  next(): T | undefined {
    return this.#items.shift();
  }

  /** Takes everything out. */
  clear(): T[] {
    const removed = this.#items;
    this.#items = [];
    return removed;
  }

  get items(): readonly T[] {
    return this.#items;
  }

  get length(): number {
    return this.#items.length;
  }
}
