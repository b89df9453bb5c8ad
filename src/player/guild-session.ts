import type { Clock } from "../core/clock.ts";
import type { AppError } from "../core/errors.ts";
import type { GuildOptions } from "../core/guild-options.ts";
import type { Logger } from "../core/logger.ts";
import type { Preparation } from "../core/preparation.ts";
import { shuffled } from "../core/shuffle.ts";
import type { Track } from "../core/track.ts";
import { fairOrder } from "../policy/fair-order.ts";
import { type LoopMode, type PastSong, PlayOrder } from "./play-order.ts";
import { PlayLoop, type PlayLoopListener, type SessionState } from "./play-loop.ts";
import type { AudioAhead, PlayableAudio, ProvideAudio } from "./playable-audio.ts";
import type { Queue, QueueItem } from "./queue.ts";
import { Standby } from "./standby.ts";
import type { PlaybackEnd, VoiceChannelRef, VoiceGateway } from "./voice-link.ts";
import { VoiceSeat } from "./voice-seat.ts";

/** Told what happens to each song; showing it is its only part. */
export interface SessionListener {
  /** A song that is being prepared came further. */
  onLoading(session: GuildSession, item: QueueItem, preparation: Preparation | null): void;
  onStarted(session: GuildSession, item: QueueItem, audio: PlayableAudio): void;
  onPaused(session: GuildSession, item: QueueItem): void;
  onEnded(session: GuildSession, item: QueueItem, end: PlaybackEnd | { readonly status: "cancelled" }): void;
  onFailed(session: GuildSession, item: QueueItem, error: AppError): void;
}

export interface GuildSessionDeps {
  readonly guildId: string;
  readonly voice: VoiceGateway;
  readonly provide: ProvideAudio;
  readonly ahead: AudioAhead;
  readonly listener: SessionListener;
  /** What the guild has chosen; asked whenever it matters. */
  readonly options: (guildId: string) => GuildOptions;
  /** [0, 1), anew each time. */
  readonly random: () => number;
  readonly clock: Clock;
  readonly log: Logger;
  /** The channel is left when nothing was played for so long. */
  readonly idleLeaveMs: number;
}

/** Where new songs go: behind all others, before them, or at once, which ends the song that plays. */
export type EnqueueAt = "end" | "next" | "now";

/** One guild's music: what plays, what waits, and where. */
export class GuildSession {
  readonly guildId: string;
  readonly #deps: GuildSessionDeps;
  readonly #order: PlayOrder;
  readonly #seat: VoiceSeat;
  readonly #standby: Standby;
  readonly #loop: PlayLoop;
  #stopped = new AbortController();
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(deps: GuildSessionDeps) {
    this.#deps = deps;
    const { guildId, clock } = deps;
    this.guildId = guildId;
    this.#seat = new VoiceSeat(deps.voice);
    this.#standby = new Standby(deps.ahead, guildId);
    this.#order = new PlayOrder({ clock, onChange: () => this.#loop.lookAhead() });
    this.#loop = new PlayLoop({
      ...deps,
      order: this.#order,
      seat: this.#seat,
      standby: this.#standby,
      listener: this.#loopListener(),
    });
  }

  get state(): SessionState {
    return this.#loop.state;
  }

  /** What waits, in order. */
  get queue(): Queue<QueueItem> {
    return this.#order.queue;
  }

  /** The songs that were played, newest first. */
  get history(): readonly PastSong[] {
    return this.#order.history;
  }

  get loop(): LoopMode {
    return this.#order.loop;
  }

  set loop(mode: LoopMode) {
    this.#order.loop = mode;
  }

  /** Fires when it is stopped the next time: whoever is about to add songs is done then. */
  get stopped(): AbortSignal {
    return this.#stopped.signal;
  }

  /** The voice channel it plays in; `undefined` = none. */
  get channel(): VoiceChannelRef | undefined {
    return this.#loop.channel;
  }

  /** Where in the current song it is, in milliseconds. */
  get positionMs(): number {
    return this.#loop.positionMs;
  }

  /** Songs playing or waiting. */
  get tracks(): readonly Track[] {
    const current = this.#order.current ? [this.#order.current.track] : [];
    return [...current, ...this.queue.items.map((item) => item.track)];
  }

  /** Adds songs and starts playing unless it does. `channel` is where to play when it is not playing yet. */
  enqueue(
    items: readonly QueueItem[],
    channel: VoiceChannelRef,
    { at = "end" }: { readonly at?: EnqueueAt } = {},
  ): void {
    if (items.length === 0) return;
    if (at === "end") this.#append(items);
    else this.queue.insert(items);
    if (at === "now") this.#loop.skip();
    this.#start(channel);
  }

  /** Ends the current song; the next one starts. The song it ended, or `undefined` when there was none. */
  skip(): QueueItem | undefined {
    if (this.state.status === "idle") return undefined;
    const { item } = this.state;
    this.#loop.skip();
    return item;
  }

  /** Goes to the song with that position of the queue. Which one that is, or `undefined` when there is none. */
  skipTo(position: number, channel: VoiceChannelRef): QueueItem | undefined {
    const item = this.#order.skipTo(position);
    if (item) this.#goTo(channel);
    return item;
  }

  /** Goes back to the song before, after which the current one comes again. `undefined` = none was played. */
  back(channel: VoiceChannelRef): QueueItem | undefined {
    const item = this.#order.back();
    if (item) this.#goTo(channel);
    return item;
  }

  /** Mixes what waits; people go on taking turns if they do. */
  shuffle(): void {
    const mixed = shuffled(this.queue.items, this.#deps.random);
    this.queue.replace(this.#isFair ? this.#inTurns([], mixed) : mixed);
  }

  /** Holds the song. False when none is playing. */
  pause(): boolean {
    return this.#loop.pause();
  }

  /** Goes on with a held song, or with a queue that was kept when the voice connection was lost. */
  resume(channel: VoiceChannelRef): boolean {
    if (this.state.status !== "idle" || this.queue.length === 0) return this.#loop.resume();
    this.#start(channel);
    return true;
  }

  /**
   * Goes on at another position of the song, held or not.
   * @throws {AppError} `NOTHING_PLAYING`, `BEYOND_THE_END`, `NOT_ARRIVED`
   */
  async seek(toMs: number, signal: AbortSignal): Promise<void> {
    await this.#loop.seek(toMs, signal);
  }

  /** Plays the song, or the chapter, from its beginning. @throws {AppError} as {@link seek} */
  async replay(signal: AbortSignal): Promise<void> {
    const { current } = this.#order;
    await this.seek(current?.endMs === undefined ? 0 : current.startMs, signal);
  }

  /** What stands by is opened anew, louder or softer than before. */
  reopenAhead(): void {
    this.#standby.reopen();
  }

  /** What stands by is prepared anew: from the next song on they are to sound otherwise. */
  prepareAnew(): void {
    this.#standby.keep([]);
    this.#loop.lookAhead();
  }

  /**
   * Songs are to be louder or softer from now on: the current one goes on like that without a gap.
   * @throws {AppError} `NOT_ARRIVED`, or why it cannot be made so; it plays on as before
   */
  async renew(signal: AbortSignal): Promise<void> {
    this.reopenAhead();
    await this.#loop.renew(signal);
  }

  /** Empties the queue, ends the song, leaves the channel. Resolves when all is quiet; tells how many were dropped. */
  async stop(): Promise<number> {
    this.#stopped.abort();
    this.#stopped = new AbortController();
    const dropped = this.#order.clear() + (this.state.status === "idle" ? 0 : 1);
    this.#loop.skip();
    await this.#loop.quiet();
    // Somebody may have asked for another song meanwhile: then we stay for it.
    if (this.state.status === "idle" && this.queue.length === 0) this.#leave();
    return dropped;
  }

  get #isFair(): boolean {
    return this.#deps.options(this.guildId).fairQueue;
  }

  /** What the bot chose comes after what people ask for. */
  #append(items: readonly QueueItem[]): void {
    const waiting = this.queue.items;
    const asked = waiting.findLastIndex(({ origin }) => origin === undefined) + 1;
    if (this.#isFair)
      this.queue.replace([...this.#inTurns(waiting.slice(0, asked), items), ...waiting.slice(asked)]);
    else this.queue.insert(items, asked + 1);
  }

  #inTurns(waiting: readonly QueueItem[], coming: readonly QueueItem[]): QueueItem[] {
    const { current } = this.#order;
    return fairOrder({ waiting, coming, current, personOf: ({ requestedBy }) => requestedBy.id });
  }

  #goTo(channel: VoiceChannelRef): void {
    this.#loop.skip();
    this.#start(channel);
  }

  #start(channel: VoiceChannelRef): void {
    clearTimeout(this.#idleTimer);
    this.#loop.start(channel);
  }

  #leave(): void {
    clearTimeout(this.#idleTimer);
    this.#standby.keep([]);
    this.#seat.leave();
  }

  #loopListener(): PlayLoopListener {
    const { listener, idleLeaveMs } = this.#deps;
    return {
      onLoading: (item, preparation) => listener.onLoading(this, item, preparation),
      onStarted: (item, audio) => listener.onStarted(this, item, audio),
      onPaused: (item) => listener.onPaused(this, item),
      onEnded: (item, end) => listener.onEnded(this, item, end),
      onFailed: (item, error) => listener.onFailed(this, item, error),
      onQuiet: () => {
        clearTimeout(this.#idleTimer);
        this.#idleTimer = setTimeout(() => this.#leave(), idleLeaveMs);
        this.#idleTimer.unref();
      },
    };
  }
}
