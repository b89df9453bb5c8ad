import type { AudioAhead } from "./playable-audio.ts";
import type { QueueItem } from "./queue.ts";
import { closeReady, openReady, type ReadySong } from "./ready-song.ts";

/** How many entries of a queue are fetched ahead; the first of them is opened too. */
const AHEAD = 2;

/** The next songs of a queue: fetched ahead, and the very next one opened, so that it can follow without a gap. */
export class Standby {
  readonly #ahead: AudioAhead;
  readonly #guildId: string;
  readonly #songs = new Map<QueueItem, SongAhead>();

  constructor(ahead: AudioAhead, guildId: string) {
    this.#ahead = ahead;
    this.#guildId = guildId;
  }

  /** Prepares the first of these and lets go of all others. */
  follow(queue: readonly QueueItem[]): void {
    const next = queue.slice(0, AHEAD);
    this.keep(next);
    for (const item of next) {
      const song = this.#songs.get(item) ?? new SongAhead(this.#ahead, { guildId: this.#guildId, item });
      this.#songs.set(item, song);
      if (item === next[0]) song.open();
    }
  }

  /** Lets go of all songs but these. */
  keep(queue: readonly QueueItem[]): void {
    for (const [item, song] of this.#songs) {
      if (queue.includes(item)) continue;
      this.#songs.delete(item);
      song.close();
    }
  }

  /** What was opened is opened anew; what is being fetched goes on. */
  reopen(): void {
    for (const song of this.#songs.values()) song.reopen();
  }

  /** Hands over what was prepared of a song, if anything; it is the caller's to close then. */
  take(item: QueueItem): SongAhead | undefined {
    const song = this.#songs.get(item);
    this.#songs.delete(item);
    return song;
  }
}

type Wish = Parameters<AudioAhead["find"]>[0];

/** One song that waits for its turn. Its failures are told when it is: then it is tried once more. */
export class SongAhead {
  readonly #ahead: AudioAhead;
  readonly #wish: Wish;
  readonly #abort = new AbortController();
  readonly #fetched: Promise<boolean>;
  #ready: ReadySong | undefined;
  /** Counts the tries to open it: only the last one counts. */
  #openings = 0;

  constructor(ahead: AudioAhead, wish: Wish) {
    this.#ahead = ahead;
    this.#wish = wish;
    this.#fetched = ahead.fetch(wish, this.#abort.signal).catch(() => false);
  }

  /** Opens it as soon as it is in the cache. */
  open(): void {
    if (this.#openings === 0) this.#open().catch(() => undefined);
  }

  /** Opens it once more: it is to sound otherwise than when it was opened. */
  reopen(): void {
    if (this.#openings === 0) return;
    this.#letGo();
    this.#open().catch(() => undefined);
  }

  /** The opened song, once; `undefined` = it is not ready. */
  takeReady(): ReadySong | undefined {
    const ready = this.#ready;
    this.#ready = undefined;
    return ready;
  }

  /** Nobody wants it any more: ends the fetching unless it is nearly done, and closes what was opened. */
  close(): void {
    this.#abort.abort();
    this.#letGo();
  }

  #letGo(): void {
    const ready = this.takeReady();
    if (ready) closeReady(ready).catch(() => undefined);
  }

  async #open(): Promise<void> {
    const { signal } = this.#abort;
    const opening = (this.#openings += 1);
    if (!(await this.#fetched) || signal.aborted) return;
    const audio = await this.#ahead.find(this.#wish);
    if (!audio) return;
    const ready = await openReady(audio, this.#wish.item, signal);
    if (signal.aborted || opening !== this.#openings) await closeReady(ready);
    else this.#ready = ready;
  }
}
