import type { LiveSong, LiveTranscoder } from "../audio/live.ts";
import type { AudioProfile } from "../core/audio-profile.ts";
import { ArrivingSong } from "./arriving-song.ts";

/** One who wants to hear a song while it arrives. */
export interface Listening {
  readonly song: LiveSong;
  /** Hears it no more. Resolves when, after the last one, no child is left. Idempotent. */
  leave(): Promise<void>;
}

interface Leg {
  readonly song: LiveSong;
  readonly stop: AbortController;
  listeners: number;
}

/** The sound of one running fill: a live leg from the first who wants to hear it until the last one has gone. */
export class OnAir {
  /** What the fill tells of the download. */
  readonly arrival: ArrivingSong;
  readonly #live: LiveTranscoder;
  readonly #profile: AudioProfile;
  readonly #all: Set<OnAir>;
  readonly #endings = new Set<Promise<void>>();
  #leg: Leg | undefined;

  /** `all`: where it is noted as long as it is heard. */
  constructor(live: LiveTranscoder, profile: AudioProfile, all: Set<OnAir>) {
    this.arrival = new ArrivingSong({ isAltered: profile.effect !== undefined });
    this.#live = live;
    this.#profile = profile;
    this.#all = all;
  }

  /** Hears it from its beginning, together with those who hear it already. */
  join(): Listening {
    const leg = (this.#leg ??= this.#start());
    leg.listeners += 1;
    let left: Promise<void> | undefined;
    return { song: leg.song, leave: () => (left ??= this.#leave(leg)) };
  }

  /** Ends the sound for everyone: the process is going down. Resolves when no child is left. */
  async close(): Promise<void> {
    this.#leg?.stop.abort();
    await Promise.all([this.#leg?.song.ended, ...this.#endings]);
  }

  #start(): Leg {
    const { arrival } = this;
    const stop = new AbortController();
    arrival.retain();
    this.#all.add(this);
    const tapePath = (): string => arrival.newTapePath();
    const song = this.#live.start({ arrival, profile: this.#profile, tapePath }, stop.signal);
    return { song, stop, listeners: 0 };
  }

  async #leave(leg: Leg): Promise<void> {
    leg.listeners -= 1;
    if (leg.listeners > 0) return;
    leg.stop.abort();
    // Who comes now begins with a leg of its own.
    if (this.#leg === leg) this.#leg = undefined;
    const ending = leg.song.release().finally(() => this.arrival.release());
    this.#endings.add(ending);
    await ending.finally(() => this.#endings.delete(ending));
    if (!this.#leg && this.#endings.size === 0) this.#all.delete(this);
  }
}
