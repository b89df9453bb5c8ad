import type { Clock } from "../core/clock.ts";
import { AppError, toAppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Preparation } from "../core/preparation.ts";
import { loadSong } from "./load-song.ts";
import type { PlayOrder } from "./play-order.ts";
import type { FindCuts, PlayableAudio, ProvideAudio } from "./playable-audio.ts";
import type { QueueItem } from "./queue.ts";
import { RunningSong } from "./running-song.ts";
import type { SongAhead, Standby } from "./standby.ts";
import type { PlaybackEnd, VoiceChannelRef } from "./voice-link.ts";
import type { VoiceSeat } from "./voice-seat.ts";

export type SessionState =
  | { readonly status: "idle" }
  | { readonly status: "loading"; readonly item: QueueItem; readonly preparation: Preparation | null }
  | { readonly status: "playing"; readonly item: QueueItem; readonly audio: PlayableAudio }
  | {
      readonly status: "paused";
      readonly because: PauseReason;
      readonly item: QueueItem;
      readonly audio: PlayableAudio;
    };

/** Why a song is held: somebody wanted it, or nobody listens. */
export type PauseReason = "asked" | "alone";

type HeardState = Extract<SessionState, { readonly audio: PlayableAudio }>;

/** How a song ended: by itself or not, before it could be heard, or to go on from that position later. */
export type SongEnd =
  | PlaybackEnd
  | { readonly status: "cancelled" }
  | { readonly status: "kept"; readonly positionMs: number };

/** Told what happens to each song, and when none is left to play. */
export interface PlayLoopListener {
  onLoading(item: QueueItem, preparation: Preparation | null): void;
  onStarted(item: QueueItem, audio: PlayableAudio): void;
  onPaused(item: QueueItem): void;
  onEnded(item: QueueItem, end: SongEnd): void;
  onFailed(item: QueueItem, error: AppError): void;
  /** The loop has come to its end. */
  onQuiet(): void;
}

interface PlayLoopDeps {
  readonly guildId: string;
  readonly order: PlayOrder;
  readonly seat: VoiceSeat;
  readonly standby: Standby;
  readonly provide: ProvideAudio;
  readonly cuts: FindCuts;
  readonly listener: PlayLoopListener;
  /** Why a song is to be held from its beginning; `undefined` = it is not. */
  readonly pauseAtStart: (item: QueueItem) => PauseReason | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Plays one song after another until none is left, in one voice channel. */
export class PlayLoop {
  readonly #deps: PlayLoopDeps;
  #state: SessionState = { status: "idle" };
  #channel: VoiceChannelRef | undefined;
  #isRunning = false;
  /** The rest of the queue is left waiting. */
  #isHalted = false;
  #current = new AbortController();
  /** The current song was broken off, to go on later. */
  #kept: SongEnd | undefined;
  #ending: Promise<void> = Promise.resolve();
  /** The song that is heard. */
  #song: RunningSong | undefined;
  #closing: Promise<unknown> = Promise.resolve();
  #renewals = 0;
  #remakes = 0;

  constructor(deps: PlayLoopDeps) {
    this.#deps = deps;
  }

  get state(): SessionState {
    return this.#state;
  }

  /** The voice channel it plays in, or is about to join; `undefined` = none. */
  get channel(): VoiceChannelRef | undefined {
    const isGoingOn = this.#isRunning && !this.#isHalted;
    return this.#deps.seat.link?.channel ?? (isGoingOn ? this.#channel : undefined);
  }

  /** Where in the current song it is, or is to begin, in milliseconds; 0 without one. */
  get positionMs(): number {
    const { current } = this.#deps.order;
    return this.#song?.positionMs ?? current?.resumeMs ?? current?.startMs ?? 0;
  }

  /** Plays in that channel from now on. */
  set channel(channel: VoiceChannelRef) {
    this.#channel = channel;
  }

  /** Goes through the queue unless it does already. `channel` is where to play when it is in none yet. */
  start(channel: VoiceChannelRef): void {
    if (this.channel === undefined) this.#channel = channel;
    // A song that was broken off may not be over yet: it goes on then.
    this.#isHalted = false;
    if (this.#isRunning) return;
    this.#isRunning = true;
    void this.#drain();
  }

  /** Ends the current song; the next one starts. */
  skip(): void {
    this.#current.abort();
  }

  /** Resolves when the current song has ended and everything of those before is closed. */
  async quiet(): Promise<void> {
    await this.#ending;
    await this.#closing;
  }

  /** Breaks the song off: it waits again, to go on from here, and so does everything behind it. */
  suspend(): void {
    const { positionMs } = this;
    this.#kept = { status: "kept", positionMs };
    this.#deps.order.putBack(positionMs);
    this.#isHalted = this.#isRunning;
    this.#current.abort();
  }

  /** Holds the song. False when none is playing, or when it is held for that reason already. */
  pause(because: PauseReason): boolean {
    const state = this.#state;
    if (state.status === "playing") this.#deps.seat.link?.pause();
    // Who holds what is held because nobody listens wants it to stay so.
    else if (state.status !== "paused" || because === state.because || because === "alone") return false;
    this.#show({ status: "paused", because, item: state.item, audio: state.audio });
    return true;
  }

  /** Goes on with a held song. False when none is held. */
  resume(): boolean {
    const state = this.#state;
    if (state.status !== "paused") return false;
    this.#deps.seat.link?.resume();
    this.#show({ status: "playing", item: state.item, audio: state.audio });
    return true;
  }

  /**
   * Goes on at another position of the song, held or not.
   * @throws {AppError} `NOTHING_PLAYING`, `BEYOND_THE_END`, `NOT_ARRIVED`
   */
  async seek(toMs: number, signal: AbortSignal): Promise<void> {
    await this.#change((song) => song.seek(toMs, signal));
  }

  /**
   * The song is to sound otherwise from now on, and goes on like that without a gap.
   * @throws {AppError} `NOT_ARRIVED`, or why it cannot be made so; it plays on as before
   */
  async renew(signal: AbortSignal): Promise<void> {
    this.#renewals += 1;
    if (this.#song) await this.#change((song) => song.renew(signal));
  }

  /**
   * The song that plays is fetched once more, in the sound that its guild wants by now, and goes on with that when it is
   * there. Never rejects: where it cannot be had so, it plays on as before.
   */
  async remake(): Promise<void> {
    this.#remakes += 1;
    const song = this.#song;
    const { guildId, provide, log } = this.#deps;
    if (!song) return;
    const wish = { guildId, item: song.item, onProgress: () => undefined };
    await this.#change(() => song.remake((signal) => provide(wish, signal))).catch((error: unknown) =>
      log.warn("player.not_remade", { guildId, id: song.item.track.id, error }),
    );
  }

  /** What comes next is prepared while something is heard, and let go when it comes no more. */
  lookAhead(): void {
    const { standby, order } = this.#deps;
    if (this.#song) standby.follow(order.upcoming);
    else standby.keep(order.upcoming);
  }

  /** Never rejects: `#playOne` turns every failure into an event. */
  async #drain(): Promise<void> {
    const { order, standby, listener } = this.#deps;
    for (let item = order.queue.items[0]; item; item = order.queue.items[0]) {
      // Before it leaves the queue, which lets go of what stood by for it.
      const ahead = standby.take(item);
      order.take();
      this.#ending = this.#playOne(item, ahead);
      await this.#ending;
      if (this.#isHalted) break;
    }
    // No await between the last look at the queue and this line, or a song queued in between would be lost.
    this.#isHalted = false;
    this.#isRunning = false;
    listener.onQuiet();
  }

  async #playOne(item: QueueItem, ahead: SongAhead | undefined): Promise<void> {
    this.#current = new AbortController();
    this.#kept = undefined;
    const { signal } = this.#current;
    const { guildId, order, listener, log } = this.#deps;
    const fields = { guildId, source: item.track.source, id: item.track.id };
    try {
      const end = await this.#loadAndPlay(item, ahead, signal);
      if (end.status === "lost") throw end.reason ?? new AppError("VOICE_LOST");
      this.#over();
      order.end(end.status, end.playedMs);
      log.info("player.finished", { ...fields, reason: end.status, durationMs: end.playedMs });
      listener.onEnded(item, this.#kept ?? end);
    } catch (error) {
      const { positionMs } = this;
      this.#over();
      if (signal.aborted) {
        order.end("cancelled", 0);
        listener.onEnded(item, this.#kept ?? { status: "cancelled" });
        return;
      }
      const failure = toAppError(error);
      log.warn("player.failed", { ...fields, code: failure.code, error: failure });
      if (failure.code.startsWith("VOICE_")) this.#keepForLater(positionMs);
      else order.end("failed", 0);
      listener.onFailed(item, failure);
    }
  }

  async #loadAndPlay(
    item: QueueItem,
    ahead: SongAhead | undefined,
    signal: AbortSignal,
  ): Promise<PlaybackEnd> {
    const { guildId, seat, provide } = this.#deps;
    const ready = ahead?.takeReady();
    const { link } = seat;
    const [renewals, remakes] = [this.#renewals, this.#remakes];
    // Nothing is waited for in between: the song begins in the frame after the last one.
    if (ready && link) return await this.#play(new RunningSong({ item, ...ready, link }), signal);
    this.#state = { status: "loading", item, preparation: null };
    try {
      const joining = seat.take(this.#channel);
      const onProgress = (preparation: Preparation): void => this.#onPreparation(item, preparation);
      const wish = { guildId, item, onProgress };
      const song = await loadSong({ provide, wish, ready, joining }, signal);
      const playing = this.#play(song, signal);
      // It was opened before its channel was joined, and somebody has changed the volume meanwhile.
      if (renewals !== this.#renewals) song.renew(signal).catch(() => undefined);
      if (remakes !== this.#remakes) void this.remake();
      return await playing;
    } finally {
      // Not before: a download that was begun ahead goes on for who waits for it now.
      ahead?.close();
    }
  }

  async #play(song: RunningSong, signal: AbortSignal): Promise<PlaybackEnd> {
    const { guildId, pauseAtStart, clock, log } = this.#deps;
    const { item, audio } = song;
    this.#song = song;
    const playing = song.play(signal);
    audio.started();
    log.info("player.started", {
      guildId,
      source: item.track.source,
      id: item.track.id,
      outcome: audio.outcome,
      durationMs: audio.durationMs,
      ms: clock.nowMs() - item.requestedAtMs,
    });
    this.#show({ status: "playing", item, audio });
    const because = pauseAtStart(item);
    if (because) this.pause(because);
    void this.#leaveOut(song, signal);
    this.lookAhead();
    return await playing;
  }

  /** A song without its cuts is better than one that has to wait for them, and one with them better than none. */
  async #leaveOut(song: RunningSong, signal: AbortSignal): Promise<void> {
    const { guildId, cuts } = this.#deps;
    const { item } = song;
    const found = await cuts({ guildId, item }, signal).catch(() => []);
    // The next packet is due: what is shown can wait.
    if (found.length > 0) song.leaveOut(found, () => setImmediate(() => this.#showAgain(song)));
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
    this.#showAgain(song);
  }

  #showAgain(song: RunningSong): void {
    if (this.#song === song && this.#state.status !== "idle" && this.#state.status !== "loading")
      this.#show({ ...this.#state, audio: song.audio });
  }

  #show(state: HeardState): void {
    this.#state = state;
    const { listener } = this.#deps;
    if (state.status === "paused") listener.onPaused(state.item);
    else listener.onStarted(state.item, state.audio);
  }

  /** Without a voice connection every song would fail in turn: the queue waits instead. */
  #keepForLater(positionMs: number): void {
    const { order, seat, standby } = this.#deps;
    order.putBack(positionMs);
    this.#isHalted = true;
    standby.keep([]);
    seat.leave();
  }

  #onPreparation(item: QueueItem, preparation: Preparation): void {
    if (this.#state.status !== "loading" || this.#state.item !== item) return;
    this.#state = { status: "loading", item, preparation };
    this.#deps.listener.onLoading(item, preparation);
  }
}
