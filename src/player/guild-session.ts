import { untilAborted } from "../core/abort.ts";
import type { Clock } from "../core/clock.ts";
import { AppError, toAppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Preparation } from "../core/preparation.ts";
import type { Track } from "../core/track.ts";
import type { PlayableAudio, ProvideAudio } from "./playable-audio.ts";
import { Queue, type QueueItem } from "./queue.ts";
import type { PlaybackEnd, VoiceChannelRef, VoiceGateway, VoiceLink } from "./voice-link.ts";
import { VoiceSeat } from "./voice-seat.ts";

export type SessionState =
  | { readonly status: "idle" }
  | { readonly status: "loading"; readonly item: QueueItem; readonly preparation: Preparation | null }
  | {
      readonly status: "playing";
      readonly item: QueueItem;
      readonly audio: PlayableAudio;
      readonly startedAtMs: number;
    }
  | { readonly status: "paused"; readonly item: QueueItem; readonly audio: PlayableAudio };

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
  readonly listener: SessionListener;
  readonly clock: Clock;
  readonly log: Logger;
  /** The channel is left when nothing was played for so long. */
  readonly idleLeaveMs: number;
}

/** One guild's queue and the loop that empties it. */
export class GuildSession {
  readonly guildId: string;
  readonly queue = new Queue<QueueItem>();
  readonly #deps: GuildSessionDeps;
  readonly #seat: VoiceSeat;
  #state: SessionState = { status: "idle" };
  #channel: VoiceChannelRef | undefined;
  #draining = false;
  #stops = 0;
  #halted = false;
  #current = new AbortController();
  #ending: Promise<void> = Promise.resolve();
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(deps: GuildSessionDeps) {
    this.#deps = deps;
    this.guildId = deps.guildId;
    this.#seat = new VoiceSeat(deps.voice);
  }

  get state(): SessionState {
    return this.#state;
  }

  /** How often it was stopped. Who adds songs one by one is done when it changes. */
  get stops(): number {
    return this.#stops;
  }

  /** The voice channel it plays in; `undefined` = none. */
  get channel(): VoiceChannelRef | undefined {
    return this.#seat.link?.channel ?? (this.#draining ? this.#channel : undefined);
  }

  /** Milliseconds of the current song that were sent. */
  get positionMs(): number {
    if (this.#state.status === "idle" || this.#state.status === "loading") return 0;
    return this.#state.item.startMs + (this.#seat.link?.positionMs ?? 0);
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
    const { item, audio } = this.#state;
    this.#seat.link?.pause();
    this.#state = { status: "paused", item, audio };
    this.#deps.listener.onPaused(this, item);
    return true;
  }

  /** Goes on with a held song, or with a queue that was kept when the voice connection was lost. */
  resume(channel: VoiceChannelRef): boolean {
    if (this.#state.status === "idle" && this.queue.length > 0) {
      this.#start(channel);
      return true;
    }
    if (this.#state.status !== "paused") return false;
    const { item, audio } = this.#state;
    this.#seat.link?.resume();
    this.#state = { status: "playing", item, audio, startedAtMs: this.#deps.clock.nowMs() - this.positionMs };
    this.#deps.listener.onStarted(this, item, audio);
    return true;
  }

  /** Empties the queue, ends the song, leaves the channel. Resolves when all is quiet; tells how many were dropped. */
  async stop(): Promise<number> {
    this.#stops += 1;
    const dropped = this.queue.clear().length + (this.#state.status === "idle" ? 0 : 1);
    this.#current.abort();
    await this.#ending;
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
    for (let item = this.queue.next(); item; item = this.queue.next()) {
      this.#ending = this.#playOne(item);
      await this.#ending;
      if (this.#halted) break;
    }
    // No await between the last look at the queue and this line, or a song queued in between would be lost.
    this.#halted = false;
    this.#draining = false;
    this.#idleTimer = setTimeout(() => this.#leave(), this.#deps.idleLeaveMs);
    this.#idleTimer.unref();
  }

  async #playOne(item: QueueItem): Promise<void> {
    this.#current = new AbortController();
    const { signal } = this.#current;
    const { listener, log } = this.#deps;
    const fields = { guildId: this.guildId, source: item.track.source, id: item.track.id };
    try {
      const end = await this.#loadAndPlay(item, signal);
      if (end.status === "lost") throw new AppError("VOICE_LOST");
      this.#state = { status: "idle" };
      log.info("player.finished", { ...fields, reason: end.status, durationMs: end.playedMs });
      listener.onEnded(this, item, end);
    } catch (error) {
      this.#state = { status: "idle" };
      if (signal.aborted) {
        listener.onEnded(this, item, { status: "cancelled" });
        return;
      }
      const failure = toAppError(error);
      log.warn("player.failed", { ...fields, code: failure.code, error: failure });
      if (failure.code.startsWith("VOICE_")) this.#keepForLater(item);
      listener.onFailed(this, item, failure);
    }
  }

  async #loadAndPlay(item: QueueItem, signal: AbortSignal): Promise<PlaybackEnd> {
    const { provide } = this.#deps;
    this.#state = { status: "loading", item, preparation: null };
    // Joining takes as long as preparing a cached song, so both start at once.
    const joining = this.#seat.take(this.#channel);
    const unheard = new AbortController();
    joining.catch((error: unknown) => unheard.abort(error));
    const onProgress = (preparation: Preparation): void => this.#onPreparation(item, preparation);
    const waiting = AbortSignal.any([signal, unheard.signal]);
    const audio = await provide({ guildId: this.guildId, item, onProgress }, waiting).catch(
      (error: unknown) => {
        // Where we may not join there is no point in fetching first.
        throw unheard.signal.aborted ? unheard.signal.reason : error;
      },
    );
    try {
      return await this.#play(item, { audio, joining }, signal);
    } finally {
      await audio.close();
    }
  }

  /** The first packets are read while the channel is being joined. */
  async #play(
    item: QueueItem,
    { audio, joining }: { readonly audio: PlayableAudio; readonly joining: Promise<VoiceLink> },
    signal: AbortSignal,
  ): Promise<PlaybackEnd> {
    const { clock, log, listener } = this.#deps;
    const packets = await audio.open({ startMs: item.startMs }, signal);
    try {
      await packets.ready(signal);
      const link = await untilAborted(joining, signal);
      this.#state = { status: "playing", item, audio, startedAtMs: clock.nowMs() };
      log.info("player.started", {
        guildId: this.guildId,
        source: item.track.source,
        id: item.track.id,
        outcome: audio.outcome,
        durationMs: audio.durationMs,
        ms: clock.nowMs() - item.requestedAtMs,
      });
      audio.started();
      const playing = link.play(packets, signal);
      listener.onStarted(this, item, audio);
      return await playing;
    } finally {
      await packets.close();
    }
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
    this.#seat.leave();
  }
}
