import type { Clock } from "../core/clock.ts";
import type { AppError } from "../core/errors.ts";
import type { GuildOptions } from "../core/guild-options.ts";
import type { Logger } from "../core/logger.ts";
import type { Preparation } from "../core/preparation.ts";
import type { Track } from "../core/track.ts";
import { Autoplay } from "./autoplay.ts";
import { type LoopMode, type PastSong, PlayOrder } from "./play-order.ts";
import { PlayLoop, type PlayLoopListener, type SessionState, type SongEnd } from "./play-loop.ts";
import type { AudioAhead, FindCuts, PlayableAudio, ProvideAudio } from "./playable-audio.ts";
import { Presence } from "./presence.ts";
import type { Queue, QueueItem } from "./queue.ts";
import type { Sleep } from "./sleep-timer.ts";
import type { SessionSnapshot } from "./snapshot.ts";
import { Standby } from "./standby.ts";
import type { VoiceChannelRef, VoiceGateway } from "./voice-link.ts";
import { VoiceSeat } from "./voice-seat.ts";

/** Told what happens to each song; showing it is its only part. */
export interface SessionListener {
  /** A song that is being prepared came further. */
  onLoading(session: GuildSession, item: QueueItem, preparation: Preparation | null): void;
  onStarted(session: GuildSession, item: QueueItem, audio: PlayableAudio): void;
  onPaused(session: GuildSession, item: QueueItem): void;
  onEnded(session: GuildSession, item: QueueItem, end: SongEnd): void;
  onFailed(session: GuildSession, item: QueueItem, error: AppError): void;
}

export interface GuildSessionDeps {
  readonly guildId: string;
  readonly voice: VoiceGateway;
  readonly provide: ProvideAudio;
  readonly ahead: AudioAhead;
  readonly cuts: FindCuts;
  readonly listener: SessionListener;
  /** What the guild has chosen; asked whenever it matters. */
  readonly options: (guildId: string) => GuildOptions;
  /** A song that goes with those of the session; asked while its last one plays. `undefined` = there is none. */
  readonly suggestNext: (session: GuildSession, signal: AbortSignal) => Promise<Track | undefined>;
  /** Something of {@link GuildSession.snapshot} is other than before; a position only when somebody has changed it. */
  readonly onChanged: (session: GuildSession) => void;
  /** [0, 1), anew each time. */
  readonly random: () => number;
  /** Unique in the process. */
  readonly newId: () => string;
  readonly clock: Clock;
  readonly log: Logger;
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
  readonly #presence: Presence;
  readonly #autoplay: Autoplay;
  #stopped = new AbortController();

  constructor(deps: GuildSessionDeps) {
    this.#deps = deps;
    const { guildId, clock, log } = deps;
    this.guildId = guildId;
    this.#seat = new VoiceSeat(deps.voice);
    this.#standby = new Standby(deps.ahead, guildId);
    const options = (): GuildOptions => deps.options(guildId);
    const seat = this.#seat;
    const standby = this.#standby;
    this.#order = new PlayOrder({
      options,
      onChange: () => this.#onOrder(),
      clock,
    });
    this.#loop = new PlayLoop({
      ...deps,
      order: this.#order,
      seat,
      standby,
      listener: this.#loopListener(),
      pauseAtStart: (item) => this.#presence.pauseAtStart(item),
    });
    const onLeft = (): void => deps.onChanged(this);
    this.#presence = new Presence({ guildId, loop: this.#loop, seat, standby, options, onLeft, clock, log });
    this.#autoplay = new Autoplay({
      order: this.#order,
      isOn: () => options().autoplay,
      stopped: () => this.stopped,
      suggest: (signal) => deps.suggestNext(this, signal),
      add: (item) => this.#addChosen(item),
      newId: deps.newId,
      clock,
      log,
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

  /** When playing ends by itself; `undefined` = when nothing is left. */
  get sleep(): Sleep | undefined {
    return this.#presence.sleepTimer.sleep;
  }

  set sleep(sleep: Sleep | undefined) {
    this.#presence.sleepTimer.set(sleep);
    this.#deps.onChanged(this);
  }

  /** Songs playing or waiting. */
  get tracks(): readonly Track[] {
    const current = this.#order.current ? [this.#order.current.track] : [];
    return [...current, ...this.queue.items.map((item) => item.track)];
  }

  /** What follows when the current song ends by itself, first things first. */
  get upcoming(): readonly QueueItem[] {
    return this.#order.upcoming;
  }

  /**
   * Adds songs of one person and starts playing unless it does. `channel` is where to play when it is not playing yet.
   * Songs that are to be next come behind `after` while that waits. Tells how many were added: of many, those that the
   * queue has room for.
   * @throws {AppError} `QUEUE_FULL`, `PERSON_QUEUE_FULL`
   */
  enqueue(
    items: readonly QueueItem[],
    channel: VoiceChannelRef,
    { at = "end", after }: { readonly at?: EnqueueAt; readonly after?: QueueItem | undefined } = {},
  ): number {
    if (items.length === 0) return 0;
    const fitting = this.#order.fitting(items);
    if (at === "end") this.#order.append(fitting);
    else this.queue.insert(fitting, after ? this.queue.items.indexOf(after) + 2 : 1);
    if (at === "now") this.#loop.skip();
    this.#start(channel);
    return fitting.length;
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
    this.#order.shuffle(this.#deps.random);
  }

  /** Holds the song. False when none is playing. */
  pause(): boolean {
    return this.#loop.pause("asked");
  }

  /** Goes on with a held song, or with a queue that was kept when the voice connection was lost. */
  resume(channel: VoiceChannelRef): boolean {
    this.#presence.heldId = undefined;
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
   * The current song is to sound otherwise, too: it goes on so, where it is by then, when it has been made so. Where that
   * cannot be done it plays on as before.
   */
  async remake(): Promise<void> {
    await this.#loop.remake();
  }

  /**
   * Songs are to be louder or softer from now on: the current one goes on like that without a gap.
   * @throws {AppError} `NOT_ARRIVED`, or why it cannot be made so; it plays on as before
   */
  async renew(signal: AbortSignal): Promise<void> {
    this.reopenAhead();
    await this.#loop.renew(signal);
  }

  /**
   * Who listens in the bot's channel. Without anybody the song is held, if the guild wants that, until somebody comes;
   * what a person held stays held.
   */
  setAudience(personIds: ReadonlySet<string>): void {
    this.#presence.look(personIds);
    // People can drag the bot to another channel.
    this.#deps.onChanged(this);
  }

  /** The guild's options are others than before. */
  onOptions(): void {
    this.#presence.look();
    this.#autoplay.look();
  }

  /** All that is needed to go on after a restart. */
  snapshot(): SessionSnapshot {
    const { current } = this.#order;
    const { state } = this;
    return {
      version: 1,
      current: current ? { item: current, positionMs: this.positionMs } : null,
      waiting: [...this.queue.items],
      history: this.history,
      loop: this.loop,
      isPaused: state.status === "paused" && state.because === "asked",
      sleep: this.sleep ?? null,
      channel: this.channel ?? null,
    };
  }

  /** Goes on where a session was when its snapshot was taken. What was asked for meanwhile comes after that. */
  restore(snapshot: SessionSnapshot): void {
    const { current, isPaused, sleep, channel } = snapshot;
    this.#order.restore(snapshot);
    if (isPaused) this.#presence.heldId = current?.item.id;
    if (sleep) this.sleep = sleep;
    if (channel && this.queue.length > 0) this.#start(channel);
    else if (channel && this.#deps.options(this.guildId).stay) this.moveTo(channel).catch(() => undefined);
  }

  /**
   * Plays on in another channel, or goes there and waits for songs; a queue that was kept goes on there.
   * @throws {AppError} as {@link VoiceGateway.join}; it stays where it is
   */
  async moveTo(channel: VoiceChannelRef): Promise<void> {
    const link = await this.#seat.take(channel);
    if (link.channel.channelId !== channel.channelId) link.move(channel);
    this.#loop.channel = channel;
    this.#presence.noteIdle(false);
    if (this.queue.length > 0) this.#start(channel);
    else if (this.state.status === "idle") this.#presence.noteIdle(true);
    this.#deps.onChanged(this);
  }

  /** Empties the queue, ends the song, leaves the channel. Resolves when all is quiet; tells how many were dropped. */
  async stop(): Promise<number> {
    this.#stopped.abort();
    this.#stopped = new AbortController();
    this.sleep = undefined;
    this.#presence.heldId = undefined;
    const dropped = this.#order.stop();
    this.#loop.skip();
    await this.#loop.quiet();
    // Somebody may have asked for another song meanwhile: then we stay for it.
    if (this.state.status === "idle" && this.queue.length === 0) this.#presence.leave();
    return dropped;
  }

  /** The bot ends: everything is kept as it is. Resolves when all is quiet. */
  async close(): Promise<void> {
    this.#stopped.abort();
    this.#loop.suspend();
    await this.#loop.quiet();
    this.#presence.leave();
  }

  /** While the last song plays or right after it, unless the channel was left since. */
  #addChosen(item: QueueItem): void {
    const { channel } = this;
    if (!channel) return;
    this.queue.push([item]);
    this.#start(channel);
  }

  #goTo(channel: VoiceChannelRef): void {
    this.#loop.skip();
    this.#start(channel);
  }

  #start(channel: VoiceChannelRef): void {
    this.#presence.noteIdle(false);
    this.#loop.start(channel);
  }

  #onOrder(): void {
    this.#loop.lookAhead();
    this.#autoplay.look();
    this.#deps.onChanged(this);
  }

  #loopListener(): PlayLoopListener {
    const { listener, onChanged } = this.#deps;
    return {
      onLoading: (item, preparation) => listener.onLoading(this, item, preparation),
      onStarted: (item, audio) => {
        this.#autoplay.onHeard();
        onChanged(this);
        listener.onStarted(this, item, audio);
      },
      onPaused: (item) => {
        onChanged(this);
        listener.onPaused(this, item);
      },
      onEnded: (item, end) => {
        listener.onEnded(this, item, end);
        this.#presence.sleepTimer.onSongOver();
      },
      onFailed: (item, error) => {
        this.#autoplay.onFailed(item);
        listener.onFailed(this, item, error);
        this.#presence.sleepTimer.onSongOver();
      },
      onQuiet: () => {
        this.#standby.keep([]);
        this.#presence.noteIdle(true);
        onChanged(this);
      },
    };
  }
}
