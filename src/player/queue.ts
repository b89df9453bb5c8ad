import type { Track } from "../core/track.ts";

/** One entry of a queue. */
export interface QueueItem {
  /** Unique in the process. */
  readonly id: string;
  readonly track: Track;
  /** Where in the song to begin, in milliseconds. */
  readonly startMs: number;
  readonly requestedBy: { readonly id: string; readonly name: string };
  /** Text channel in which the song was asked for. */
  readonly textChannelId: string;
  readonly requestedAtMs: number;
  /** One line to show with the song, such as where it comes from. */
  readonly note?: string;
}

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
