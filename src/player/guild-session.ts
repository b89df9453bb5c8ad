import type { Clock } from "../core/clock.ts";
import { AppError, toAppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Preparation } from "../core/preparation.ts";
import type { Track } from "../core/track.ts";
import { loadSong } from "./load-song.ts";
import type { AudioAhead, PlayableAudio, ProvideAudio } from "./playable-audio.ts";
import { Queue, type QueueItem } from "./queue.ts";
import { RunningSong } from "./running-song.ts";
import { type SongAhead, Standby } from "./standby.ts";
import type { PlaybackEnd, VoiceChannelRef, VoiceGateway } from "./voice-link.ts";
import { VoiceSeat } from "./voice-seat.ts";

export type SessionState =
  | { readonly status: "idle" }
  | { readonly status: "loading"; readonly item: QueueItem; readonly preparation: Preparation | null }
  | { readonly status: "playing" | "paused"; readonly item: QueueItem; readonly audio: PlayableAudio };

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
  readonly clock: Clock;
  readonly log: Logger;
  /** The channel is left when nothing was played for so long. */
  readonly idleLeaveMs: number;
}

/** One guild's queue and the loop that empties it. */
export class GuildSession {
  readonly guildId: string;
  readonly queue = new Queue<QueueItem>(() => this.#lookAhead());
  readonly #deps: GuildSessionDeps;
  readonly #seat: VoiceSeat;
  readonly #standby: Standby;
  #state: SessionState = { status: "idle" };
  #channel: VoiceChannelRef | undefined;
  #draining = false;
  #stopped = new AbortController();
  #halted = false;
  #current = new AbortController();
  #ending: Promise<void> = Promise.resolve();
  /** The song that is heard. */
  #song: RunningSong | undefined;
  #closing: Promise<unknown> = Promise.resolve();
  #idleTimer: NodeJS.Timeout | undefined;
  #renewals = 0;

  constructor(deps: GuildSessionDeps) {
    this.#deps = deps;
    this.guildId = deps.guildId;
    this.#seat = new VoiceSeat(deps.voice);
    this.#standby = new Standby(deps.ahead, deps.guildId);
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Fires when it is stopped the next time: whoever is about to add songs is done then. */
  get stopped(): AbortSignal {
    return this.#stopped.signal;
  }

  /** The voice channel it plays in; `undefined` = none. */
  get channel(): VoiceChannelRef | undefined {
    return this.#seat.link?.channel ?? (this.#draining ? this.#channel : undefined);
  }

  /** Where in the current song it is, in milliseconds. */
  get positionMs(): number {
    return this.#song?.positionMs ?? 0;
  }

  /** Adds songs and starts the loop unless it runs. `channel` is where to play when it is not playing yet. */
  enqueue(items: readonly QueueItem[], channel: VoiceChannelRef): void {
    if (items.length === 0) return;
    this.queue.push(items);
    this.#start(channel);
  }

  /** Ends the current song; the next one starts. The song it ended, or `undefined` when there was none. */
  skip(): QueueItem | undefined {
    if (this.#state.status === "idle") return undefined;
    const { item } = this.#state;
    this.#current.abort();
    return item;
  }

  /** Holds the song. False when none is playing. */
  pause(): boolean {
    if (this.#state.status !== "playing") return false;
    this.#seat.link?.pause();
    this.#show({ ...this.#state, status: "paused" });
    return true;
  }

  /** Goes on with a held song, or with a queue that was kept when the voice connection was lost. */
  resume(channel: VoiceChannelRef): boolean {
    if (this.#state.status === "idle" && this.queue.length > 0) {
      this.#start(channel);
      return true;
    }
    if (this.#state.status !== "paused") return false;
    this.#seat.link?.resume();
    this.#show({ ...this.#state, status: "playing" });
    return true;
  }

  /**
   * Goes on at another position of the song, held or not.
   * @throws {AppError} `NOTHING_PLAYING`, `BEYOND_THE_END`, `NOT_ARRIVED`
   */
  async seek(toMs: number, signal: AbortSignal): Promise<void> {
    await this.#change((song) => song.seek(toMs, signal));
  }

  /** What stands by is opened anew, louder or softer than before. */
  reopenAhead(): void {
    this.#standby.reopen();
  }

  /** What stands by is prepared anew: from the next song on they are to sound otherwise. */
  prepareAnew(): void {
    this.#standby.keep([]);
    this.#lookAhead();
  }

  /**
   * Songs are to be louder or softer from now on: the current one goes on like that without a gap.
   * @throws {AppError} `NOT_ARRIVED`, or why it cannot be made so; it plays on as before
   */
  async renew(signal: AbortSignal): Promise<void> {
    this.#renewals += 1;
    this.reopenAhead();
    if (this.#song) await this.#change((song) => song.renew(signal));
  }

  /** Empties the queue, ends the song, leaves the channel. Resolves when all is quiet; tells how many were dropped. */
  async stop(): Promise<number> {
    this.#stopped.abort();
    this.#stopped = new AbortController();
    const dropped = this.queue.clear().length + (this.#state.status === "idle" ? 0 : 1);
    this.#current.abort();
    await this.#ending;
    await this.#closing;
    // Somebody may have asked for another song meanwhile: then we stay for it.
    if (this.#state.status === "idle" && this.queue.length === 0) this.#leave();
    return dropped;
  }

  /** Songs playing or waiting. */
  get tracks(): readonly Track[] {
    const current = this.#state.status === "idle" ? [] : [this.#state.item.track];
    return [...current, ...this.queue.items.map((item) => item.track)];
  }

  #start(channel: VoiceChannelRef): void {
    if (this.#draining) return;
    if (this.channel === undefined) this.#channel = channel;
    clearTimeout(this.#idleTimer);
    this.#draining = true;
    void this.#drain();
  }

  /** Never rejects: `#playOne` turns every failure into an event. */
  async #drain(): Promise<void> {
    for (let item = this.queue.items[0]; item; item = this.queue.items[0]) {
      // Before it leaves the queue, which lets go of what stood by for it.
      const ahead = this.#standby.take(item);
      this.queue.next();
      this.#ending = this.#playOne(item, ahead);
      await this.#ending;
      if (this.#halted) break;
    }
    // No await between the last look at the queue and this line, or a song queued in between would be lost.
    this.#halted = false;
    this.#draining = false;
    this.#idleTimer = setTimeout(() => this.#leave(), this.#deps.idleLeaveMs);
    this.#idleTimer.unref();
  }

  async #playOne(item: QueueItem, ahead: SongAhead | undefined): Promise<void> {
    this.#current = new AbortController();
    const { signal } = this.#current;
    const { listener, log } = this.#deps;
    const fields = { guildId: this.guildId, source: item.track.source, id: item.track.id };
    try {
      const end = await this.#loadAndPlay(item, ahead, signal);
      if (end.status === "lost") throw new AppError("VOICE_LOST");
      this.#over();
      log.info("player.finished", { ...fields, reason: end.status, durationMs: end.playedMs });
      listener.onEnded(this, item, end);
    } catch (error) {
      const startMs = this.#song?.positionMs ?? item.startMs;
      this.#over();
      if (signal.aborted) {
        listener.onEnded(this, item, { status: "cancelled" });
        return;
      }
      const failure = toAppError(error);
      log.warn("player.failed", { ...fields, code: failure.code, error: failure });
      if (failure.code.startsWith("VOICE_")) this.#keepForLater({ ...item, startMs });
      listener.onFailed(this, item, failure);
    }
  }

  async #loadAndPlay(
    item: QueueItem,
    ahead: SongAhead | undefined,
    signal: AbortSignal,
  ): Promise<PlaybackEnd> {
    const ready = ahead?.takeReady();
    const { link } = this.#seat;
    const renewals = this.#renewals;
    // Nothing is waited for in between: the song begins in the frame after the last one.
    if (ready && link) return await this.#play(new RunningSong({ item, ...ready, link }), signal);
    this.#state = { status: "loading", item, preparation: null };
    try {
      const joining = this.#seat.take(this.#channel);
      const onProgress = (preparation: Preparation): void => this.#onPreparation(item, preparation);
      const wish = { guildId: this.guildId, item, onProgress };
      const song = await loadSong({ provide: this.#deps.provide, wish, ready, joining }, signal);
      const playing = this.#play(song, signal);
      // It was opened before its channel was joined, and somebody has changed the volume meanwhile.
      if (renewals !== this.#renewals) song.renew(signal).catch(() => undefined);
      return await playing;
    } finally {
      // Not before: a download that was begun ahead goes on for who waits for it now.
      ahead?.close();
    }
  }

  async #play(song: RunningSong, signal: AbortSignal): Promise<PlaybackEnd> {
    const { clock, log } = this.#deps;
    const { item, audio } = song;
    this.#song = song;
    const playing = song.play(signal);
    audio.started();
    log.info("player.started", {
      guildId: this.guildId,
      source: item.track.source,
      id: item.track.id,
      outcome: audio.outcome,
      durationMs: audio.durationMs,
      ms: clock.nowMs() - item.requestedAtMs,
    });
    this.#show({ status: "playing", item, audio });
    this.#lookAhead();
    return await playing;
  }

  /** The song is heard no more. Closing it takes longer than the next one may wait. */
  #over(): void {
    this.#state = { status: "idle" };
    const song = this.#song;
    this.#song = undefined;
    if (song) this.#closing = Promise.allSettled([this.#closing, song.close()]);
  }

  async #change(change: (song: RunningSong) => Promise<void>): Promise<void> {
    const song = this.#song;
    if (!song) throw new AppError("NOTHING_PLAYING");
    await change(song);
    if (this.#song === song && this.#state.status !== "idle" && this.#state.status !== "loading")
      this.#show(this.#state);
  }

  #show(state: Extract<SessionState, { readonly audio: PlayableAudio }>): void {
    this.#state = state;
    const { listener } = this.#deps;
    if (state.status === "paused") listener.onPaused(this, state.item);
    else listener.onStarted(this, state.item, state.audio);
  }

  /** What comes next is prepared while something is heard, and let go when it comes no more. */
  #lookAhead(): void {
    if (this.#song) this.#standby.follow(this.queue.items);
    else this.#standby.keep(this.queue.items);
  }

  /** Without a voice connection every song would fail in turn: the queue waits instead. */
  #keepForLater(item: QueueItem): void {
    this.queue.putBack(item);
    this.#halted = true;
    this.#leave();
  }

  #onPreparation(item: QueueItem, preparation: Preparation): void {
    if (this.#state.status !== "loading" || this.#state.item !== item) return;
    this.#state = { status: "loading", item, preparation };
    this.#deps.listener.onLoading(this, item, preparation);
  }

  #leave(): void {
    clearTimeout(this.#idleTimer);
    this.#standby.keep([]);
    this.#seat.leave();
  }
}
