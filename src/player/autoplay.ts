import type { Clock } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import type { Track } from "../core/track.ts";
import type { PlayOrder } from "./play-order.ts";
import type { QueueItem } from "./queue.ts";

interface AutoplayDeps {
  readonly order: PlayOrder;
  readonly isOn: () => boolean;
  /** Fires when the session is stopped the next time. */
  readonly stopped: () => AbortSignal;
  /** A song that goes with those before; `undefined` = there is none. */
  readonly suggest: (signal: AbortSignal) => Promise<Track | undefined>;
  /** Plays on with this if the queue has come to its end meanwhile. */
  readonly add: (item: QueueItem) => void;
  readonly newId: () => string;
  readonly clock: Pick<Clock, "nowMs">;
  readonly log: Logger;
}

/** After so many songs in a row that could not be played no other one is looked for. */
const MAX_FAILURES = 3;

/** Chooses what comes after the last song, while that plays: then it can stand by like any other. */
export class Autoplay {
  readonly #deps: AutoplayDeps;
  #isAsking = false;
  /** Nothing goes with this one. */
  #lonely: QueueItem | undefined;
  #failures = 0;

  constructor(deps: AutoplayDeps) {
    this.#deps = deps;
  }

  /** Asks for a song if one is wanted now; it is dropped when the session was stopped by then. */
  look(): void {
    const { current } = this.#deps.order;
    if (!current || current === this.#lonely || this.#isAsking || !this.#isWanted) return;
    this.#isAsking = true;
    void this.#ask(current, this.#deps.stopped());
  }

  onHeard(): void {
    this.#failures = 0;
  }

  onFailed({ origin }: QueueItem): void {
    if (origin === "autoplay") this.#failures += 1;
  }

  get #isWanted(): boolean {
    const { order, isOn } = this.#deps;
    return this.#failures < MAX_FAILURES && order.queue.length === 0 && order.loop === "off" && isOn();
  }

  async #ask(last: QueueItem, signal: AbortSignal): Promise<void> {
    const { suggest, add, newId, clock, log } = this.#deps;
    const track = await suggest(signal).catch((error: unknown) => {
      log.warn("player.autoplay_failed", { error });
      return undefined;
    });
    this.#isAsking = false;
    if (!track) this.#lonely = last;
    if (!track || signal.aborted) {
      // Another song may be the last one by now.
      this.look();
      return;
    }
    if (!this.#isWanted) return;
    const { textChannelId, roomIds } = last;
    add({
      id: newId(),
      track,
      startMs: 0,
      requestedBy: { id: "", name: "" },
      textChannelId,
      ...(roomIds && { roomIds }),
      requestedAtMs: clock.nowMs(),
      origin: "autoplay",
    });
  }
}
