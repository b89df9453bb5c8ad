import type { Track } from "../core/track.ts";

/** One entry of a queue. */
export interface QueueItem {
  /** Unique among what plays and waits in the process. */
  readonly id: string;
  readonly track: Track;
  /** Where in the song to begin, in milliseconds. */
  readonly startMs: number;
  /** Where it ends before the song does, in milliseconds: it is a chapter then. */
  readonly endMs?: number;
  /** What that chapter is called; untrusted. */
  readonly chapter?: string;
  /** Where to go on this time: it was broken off there. */
  readonly resumeMs?: number;
  /** Whose song it is; nobody's when the bot chose it (see `origin`). */
  readonly requestedBy: { readonly id: string; readonly name: string };
  /** Text channel in which the song was asked for. */
  readonly textChannelId: string;
  /** The text channel, and the voice channel of the one who asked. */
  readonly roomIds?: readonly string[];
  /** The list that the song comes from; absent = it was asked for alone. */
  readonly playlistId?: string;
  readonly requestedAtMs: number;
  /** The bot chose it when the queue came to its end. */
  readonly origin?: "autoplay";
  /** One line to show with the song, such as where it comes from. */
  readonly note?: string;
}

/** Where in its recording a song begins when it is played from the beginning, in milliseconds. */
export function beginningOf({ startMs, endMs }: QueueItem): number {
  return endMs === undefined ? 0 : startMs;
}

/** Tells songs from those before them in the order it is asked: true = the same part of the same recording again. */
export function isRepeated(): (item: QueueItem) => boolean {
  const seen = new Set<string>();
  return ({ track, startMs, endMs }) => {
    const part = [track.source, track.id, ...(endMs === undefined ? [] : [startMs, endMs])].join(" ");
    const known = seen.has(part);
    seen.add(part);
    return known;
  };
}

/** What is still to play, in order. Positions are as people count: the next one is number 1. */
export class Queue<T> {
  readonly #onChange: () => void;
  #items: T[] = [];

  /** `onChange` is told after each change. */
  constructor(onChange: () => void = () => undefined) {
    this.#onChange = onChange;
  }

  get items(): readonly T[] {
    return this.#items;
  }

  get length(): number {
    return this.#items.length;
  }

  /** Puts these behind all others. */
  push(items: readonly T[]): void {
    this.insert(items, this.length + 1);
  }

  /** Puts these before what has that position; behind the last one when there is none. */
  insert(items: readonly T[], position = 1): void {
    this.#items.splice(position - 1, 0, ...items);
    this.#onChange();
  }

  /** Takes the next one out. */
  next(): T | undefined {
    const item = this.#items.shift();
    this.#onChange();
    return item;
  }

  /** Takes out what has the positions from the first to the last; tells what that was. */
  remove(first: number, last = first): T[] {
    const removed = this.#items.splice(first - 1, Math.max(0, last - first + 1));
    this.#onChange();
    return removed;
  }

  /** Takes out all that fit; tells what that was. */
  removeWhere(fits: (item: T) => boolean): T[] {
    const removed = new Set(this.#items.filter((item) => fits(item)));
    this.replace(this.#items.filter((item) => !removed.has(item)));
    return [...removed];
  }

  /** Gives one another position. What it was, or `undefined` when there is none. */
  move(from: number, to: number): T | undefined {
    const [item] = this.#items.splice(from - 1, 1);
    if (item !== undefined) this.#items.splice(to - 1, 0, item);
    this.#onChange();
    return item;
  }

  /** Takes everything out. */
  clear(): T[] {
    const removed = this.#items;
    this.replace([]);
    return removed;
  }

  /** These wait from now on, in this order. */
  replace(items: readonly T[]): void {
    this.#items = [...items];
    this.#onChange();
  }
}
