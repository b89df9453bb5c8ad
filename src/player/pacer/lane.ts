import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "../../core/clock.ts";
import { toAppError } from "../../core/errors.ts";
import { type OpusPackets, PACKET_MS } from "../../core/opus-packets.ts";
import type { PlaybackEnd } from "../voice-link.ts";
import { type FrameSink, SILENCE_FRAME, SILENCE_FRAMES } from "./frame-sink.ts";
import type { PaceCounts, PaceMeter } from "./pace-counts.ts";

/** A lane's time to send. */
interface Due {
  /** When it was to be, on the monotonic clock. */
  readonly dueMs: number;
  /** Times before it that passed unused. */
  readonly missed: number;
  /** Its next time has come as well. */
  readonly isCatchUp: boolean;
}

interface LaneDeps {
  readonly sink: FrameSink;
  readonly clock: Clock;
  readonly meter: PaceMeter;
  /** Asks for {@link Lane.onDue} from a frame's length after now on. */
  readonly enter: () => void;
}

/** The song that plays. */
interface Song {
  readonly packets: OpusPackets;
  /** Ends waiting for packets that nobody wants any more. */
  readonly waiting: AbortController;
  readonly settle: (end: PlaybackEnd["status"]) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * One guild's stretch of sound: songs, pauses and silence, frame after frame. A frame is taken as soon as the one
 * before was sent, so that reading has a frame's length of time, and the end of a song is known before its last frame
 * has been heard: the next song then goes on without a gap. Whatever stops the song (a pause, its end, packets that
 * are late) is announced by five frames of silence, unless it goes on within a frame's length.
 */
export class Lane {
  readonly #deps: LaneDeps;
  /** For the pacer: the step of the wheel in which it is due. */
  nextStep = 0;
  #song: Song | undefined;
  /** What is sent next; `undefined` = the song is not there yet, or there is none. */
  #frame: Buffer | undefined;
  #isHeld = false;
  #isClosed = false;
  /** All of them after a frame of a song; none = the pacer asks for nothing. */
  #silenceLeft = 0;
  #underrunSinceMs: number | undefined;
  #sentSincePlay = 0;
  #sentSinceReplace = 0;

  constructor(deps: LaneDeps) {
    this.#deps = deps;
  }

  /** Milliseconds sent since the last {@link play} or {@link replace}. */
  get positionMs(): number {
    return this.#sentSinceReplace * PACKET_MS;
  }

  get counts(): PaceCounts {
    return this.#deps.meter.counts;
  }

  /**
   * Plays packets to their end; the first one goes out before this returns if it is there. The caller closes them.
   * @throws {AppError} why reading or sending failed
   */
  async play(packets: OpusPackets, signal: AbortSignal): Promise<PlaybackEnd> {
    const ended = Promise.withResolvers<PlaybackEnd["status"]>();
    const interrupt = (): void => this.#finish("interrupted");
    this.#finish("interrupted");
    this.#isHeld = false;
    this.#sentSincePlay = 0;
    this.#sentSinceReplace = 0;
    if (this.#isClosed) ended.resolve("lost");
    else if (signal.aborted) ended.resolve("interrupted");
    else {
      signal.addEventListener("abort", interrupt, { once: true });
      this.#begin({
        packets,
        waiting: new AbortController(),
        settle: ended.resolve,
        fail: ended.reject,
      });
    }
    try {
      const status = await ended.promise;
      return { status, playedMs: this.#sentSincePlay * PACKET_MS };
    } finally {
      signal.removeEventListener("abort", interrupt);
    }
  }

  /** Goes on with other packets from the next frame on; the caller closes those that played. Idle without a song. */
  replace(packets: OpusPackets): void {
    if (!this.#song) return;
    this.#song.waiting.abort();
    this.#sentSinceReplace = 0;
    this.#begin({ ...this.#song, packets, waiting: new AbortController() });
  }

  /** Holds the song where it is. */
  pause(): void {
    if (this.#song) this.#isHeld = true;
  }

  resume(): void {
    this.#isHeld = false;
    this.#goOn();
  }

  /** Ends the song as lost; no frame goes out any more. */
  close(): void {
    this.#isClosed = true;
    this.#finish("lost");
  }

  /** For the pacer: sends what is due. False = nothing to send until it enters anew. */
  onDue(due: Due): boolean {
    const isSounding = this.#frame !== undefined && !this.#isHeld;
    try {
      if (isSounding) this.#sendFrame(due);
      // Silence has nothing to catch up with.
      else if (!due.isCatchUp && this.#silenceLeft > 0) this.#sendSilence(due.dueMs);
    } catch (error) {
      this.#onSinkFailed(error);
    }
    return this.#silenceLeft > 0;
  }

  #begin(song: Song): void {
    this.#song = song;
    this.#frame = undefined;
    if (this.#take(song)) this.#goOn();
    else void this.#await(song);
  }

  /** Out of silence at once, without waiting for a turn of the wheel; a frame that comes early harms nobody. */
  #goOn(): void {
    const isSounding = this.#silenceLeft === SILENCE_FRAMES;
    if (isSounding || this.#isHeld || !this.#frame) return;
    this.#silenceLeft = SILENCE_FRAMES;
    try {
      this.#sendFrame({ dueMs: this.#deps.clock.monotonicMs(), missed: 0, isCatchUp: false });
      this.#deps.enter();
    } catch (error) {
      this.#onSinkFailed(error);
    }
  }

  #sendFrame({ dueMs, missed, isCatchUp }: Due): void {
    const { sink, clock, meter } = this.#deps;
    const song = this.#song;
    if (!song || !this.#frame || !sink.send(this.#frame)) return;
    const nowMs = clock.monotonicMs();
    meter.sent(nowMs - dueMs, isCatchUp);
    if (missed > 0) meter.missed(missed);
    if (this.#underrunSinceMs !== undefined) meter.underrunEnded(nowMs - this.#underrunSinceMs);
    this.#underrunSinceMs = undefined;
    this.#silenceLeft = SILENCE_FRAMES;
    this.#sentSincePlay += 1;
    this.#sentSinceReplace += 1;
    this.#frame = undefined;
    if (!this.#take(song)) void this.#await(song);
  }

  #sendSilence(dueMs: number): void {
    if (this.#isStarving && this.#underrunSinceMs === undefined) {
      this.#underrunSinceMs = dueMs;
      this.#deps.meter.underrunBegan();
    }
    this.#deps.sink.send(SILENCE_FRAME);
    this.#silenceLeft -= 1;
    if (this.#silenceLeft === 0) this.#deps.sink.rest();
  }

  /** A song is to go on and its packets are not there. */
  get #isStarving(): boolean {
    return this.#song !== undefined && !this.#isHeld && this.#sentSincePlay > 0;
  }

  /** Takes the next frame, or learns that there is none. False = it has to be waited for. */
  #take(song: Song): boolean {
    try {
      const next = song.packets.next();
      if (next === "later") return false;
      if (next === "end") this.#finish("finished");
      else this.#frame = next;
    } catch (error) {
      this.#fail(error);
    }
    return true;
  }

  async #await(song: Song): Promise<void> {
    const { signal } = song.waiting;
    try {
      await song.packets.ready(signal);
      while (!signal.aborted && !this.#take(song)) {
        // A source that is less ready than it says must not keep the process busy.
        await delay(PACKET_MS, undefined, { signal });
        await song.packets.ready(signal);
      }
      if (!signal.aborted) this.#goOn();
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  #onSinkFailed(error: unknown): void {
    this.#silenceLeft = 0;
    this.#fail(error);
  }

  #fail(error: unknown): void {
    this.#endSong()?.fail(toAppError(error));
  }

  #finish(status: PlaybackEnd["status"]): void {
    this.#endSong()?.settle(status);
  }

  #endSong(): Song | undefined {
    const song = this.#song;
    song?.waiting.abort();
    this.#song = undefined;
    this.#frame = undefined;
    this.#underrunSinceMs = undefined;
    return song;
  }
}
