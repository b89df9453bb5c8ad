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
  /** The text channel, and the voice channel of the one who asked. */
  readonly roomIds?: readonly string[];
  /** The list that the song comes from; absent = it was asked for alone. */
  readonly playlistId?: string;
  readonly requestedAtMs: number;
  /** One line to show with the song, such as where it comes from. */
  readonly note?: string;
}

/** What is still to play, in order. */
export class Queue<T> {
  readonly #onChange: () => void;
  #items: T[] = [];

  /** `onChange` is told after each change. */
  constructor(onChange: () => void = () => undefined) {
    this.#onChange = onChange;
  }

  push(items: readonly T[]): void {
    this.#items.push(...items);
    this.#onChange();
  }

  /** Puts one back to the front. */
  putBack(item: T): void {
    this.#items.unshift(item);
    this.#onChange();
  }

  /** Takes the next one out. */
  next(): T | undefined {
    const item = this.#items.shift();
    this.#onChange();
    return item;
  }

  /** Takes everything out. */
  clear(): T[] {
    const removed = this.#items;
    this.#items = [];
    this.#onChange();
    return removed;
  }

  get items(): readonly T[] {
    return this.#items;
  }

  get length(): number {
    return this.#items.length;
  }
}
