import type { Clock } from "../core/clock.ts";
import { AppError } from "../core/errors.ts";
import type { GuildOptions } from "../core/guild-options.ts";
import { shuffled } from "../core/shuffle.ts";
import { fairOrder } from "../policy/fair-order.ts";
import { queueRoom } from "../policy/queue-room.ts";
import { Queue, type QueueItem } from "./queue.ts";

/** What is repeated: nothing, the song that plays until somebody skips it, or all songs in turn. */
export type LoopMode = "off" | "track" | "queue";

/** How a song ended. */
export type SongEnding = "finished" | "interrupted" | "cancelled" | "failed";

/** A song that was played, or was to be. */
export interface PastSong {
  readonly item: QueueItem;
  readonly ending: SongEnding;
  readonly endedAtMs: number;
}

/** What an order goes on from after a restart. */
export interface SavedOrder {
  readonly current: { readonly item: QueueItem; readonly positionMs: number } | null;
  readonly waiting: readonly QueueItem[];
  readonly history: readonly PastSong[];
  readonly loop: LoopMode;
}

interface PlayOrderDeps {
  readonly options: () => Pick<GuildOptions, "fairQueue" | "queueCap" | "personCap">;
  /** Told after each change. */
  readonly onChange: () => void;
  readonly clock: Pick<Clock, "nowMs">;
}

const HISTORY = 50;

/** In which order songs are played: what plays, what waits, what was played, and what is repeated. */
export class PlayOrder {
  readonly queue: Queue<QueueItem>;
  readonly #deps: PlayOrderDeps;
  #current: QueueItem | undefined;
  /** The current song as it is played once more. */
  #again: QueueItem | undefined;
  #history: readonly PastSong[] = [];
  #loop: LoopMode = "off";

  constructor(deps: PlayOrderDeps) {
    this.#deps = deps;
    this.queue = new Queue(deps.onChange);
  }

  /** Newest first. */
  get history(): readonly PastSong[] {
    return this.#history;
  }

  get loop(): LoopMode {
    return this.#loop;
  }

  set loop(mode: LoopMode) {
    this.#loop = mode;
    this.#deps.onChange();
  }

  get current(): QueueItem | undefined {
    return this.#current;
  }

  /** What follows when the current song ends by itself, first things first. */
  get upcoming(): readonly QueueItem[] {
    const waiting = this.queue.items;
    if (!this.#again || this.#loop === "off") return waiting;
    return this.#loop === "track" ? [this.#again, ...waiting] : [...waiting, this.#again];
  }

  /**
   * As many of these songs of one person as may still wait here.
   * @throws {AppError} `QUEUE_FULL`, `PERSON_QUEUE_FULL` when there is no room for a single one
   */
  fitting(items: readonly QueueItem[]): readonly QueueItem[] {
    const waiting = this.queue.items;
    const personId = items[0]?.requestedBy.id;
    const { count, full } = queueRoom({
      ...this.#deps.options(),
      waiting: waiting.length,
      theirs: () => waiting.filter(({ requestedBy }) => requestedBy.id === personId).length,
    });
    if (count === 0) throw new AppError(full.code, { cap: full.cap });
    return items.slice(0, count);
  }

  /** Adds songs behind the others. What the bot chose comes after what people ask for. */
  append(items: readonly QueueItem[]): void {
    const waiting = this.queue.items;
    const asked = waiting.findLastIndex(({ origin }) => origin === undefined) + 1;
    if (this.#deps.options().fairQueue)
      this.queue.replace([...this.#inTurns(waiting.slice(0, asked), items), ...waiting.slice(asked)]);
    else this.queue.insert(items, asked + 1);
  }

  /** Mixes what waits; people go on taking turns if they do. */
  shuffle(random: () => number): void {
    const mixed = shuffled(this.queue.items, random);
    this.queue.replace(this.#deps.options().fairQueue ? this.#inTurns([], mixed) : mixed);
  }

  /** The next song becomes the current one. */
  take(): void {
    this.#current = this.queue.items[0];
    this.#again = this.#current && fromItsBeginning(this.#current);
    this.queue.next();
  }

  /** The current song has ended, and comes again if it is to. */
  end(ending: SongEnding, playedMs: number): void {
    const { item, again } = this.#letGo();
    if (!item || !again) return;
    // What has no sound or cannot be played would be repeated without an end, and without a rest.
    const mayRepeat = ending !== "failed" && (ending !== "finished" || playedMs > 0);
    if (mayRepeat && this.#loop === "track" && ending === "finished") {
      this.queue.insert([again]);
      return;
    }
    const past = { item, ending, endedAtMs: this.#deps.clock.nowMs() };
    this.#history = [past, ...this.#history].slice(0, HISTORY);
    if (mayRepeat && this.#loop === "queue") this.queue.push([again]);
  }

  /** The current song waits again, at the front, to go on where it was broken off. */
  putBack(resumeMs: number): void {
    const { item } = this.#letGo();
    if (item) this.queue.insert([goingOnAt(item, resumeMs)]);
  }

  /** The song before the current one is the next one, and after it comes the current one, from its beginning. */
  back(): QueueItem | undefined {
    const past = this.#history.find(({ ending }) => ending !== "failed");
    if (!past) return undefined;
    this.#history = this.#history.filter((other) => other !== past);
    const item = fromItsBeginning(past.item);
    const { again } = this.#letGo();
    // When all songs are repeated it waits at the end already.
    const others = this.queue.items.filter(({ id }) => id !== item.id);
    this.queue.replace([item, ...(again ? [again] : []), ...others]);
    return item;
  }

  /** The song with that position is the next one. Those before it are dropped, or come again if they are to. */
  skipTo(position: number): QueueItem | undefined {
    const item = this.queue.items[position - 1];
    if (!item) return undefined;
    const passed = this.queue.items.slice(0, position - 1);
    const rest = this.queue.items.slice(position - 1);
    this.queue.replace(this.#loop === "queue" ? [...rest, ...passed] : rest);
    return item;
  }

  /** Goes on where another order was; what waits already comes after that. */
  restore({ current, waiting, history, loop }: SavedOrder): void {
    this.#history = [...this.#history, ...history].slice(0, HISTORY);
    this.#loop = loop;
    const brokenOff = current ? [goingOnAt(current.item, current.positionMs)] : [];
    this.queue.insert([...brokenOff, ...waiting]);
  }

  /** Nothing waits and nothing is repeated, and the current song counts as over. Tells how many were dropped. */
  stop(): number {
    this.#loop = "off";
    const playing = this.#current ? 1 : 0;
    // Before the queue is empty: nothing is to follow this song.
    this.end("interrupted", 0);
    return this.queue.clear().length + playing;
  }

  #inTurns(waiting: readonly QueueItem[], coming: readonly QueueItem[]): QueueItem[] {
    return fairOrder({
      waiting,
      coming,
      current: this.#current,
      personOf: ({ requestedBy }) => requestedBy.id,
    });
  }

  #letGo(): { readonly item: QueueItem | undefined; readonly again: QueueItem | undefined } {
    const parted = { item: this.#current, again: this.#again };
    this.#current = undefined;
    this.#again = undefined;
    return parted;
  }
}

/** A live stream goes on without its listeners. */
function goingOnAt(item: QueueItem, resumeMs: number): QueueItem {
  return item.track.isLive ? item : { ...item, resumeMs };
}

/** The same object unless it was broken off: what stands by is known by it. */
function fromItsBeginning(item: QueueItem): QueueItem {
  if (item.resumeMs === undefined) return item;
  const { resumeMs: _over, ...anew } = item;
  return anew;
}
