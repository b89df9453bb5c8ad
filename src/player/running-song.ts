import { throwIfAborted } from "../core/abort.ts";
import type { Cut } from "../core/cut.ts";
import { AppError } from "../core/errors.ts";
import { formatDuration } from "../core/format.ts";
import { type OpusPackets, PACKET_MS } from "../core/opus-packets.ts";
import type { PlayableAudio } from "./playable-audio.ts";
import { beginningOf, type QueueItem } from "./queue.ts";
import { closeReady, openPackets, type ReadySong } from "./ready-song.ts";
import { SongPackets } from "./song-packets.ts";
import type { PlaybackEnd, VoiceLink } from "./voice-link.ts";

interface RunningSongParts extends ReadySong {
  readonly item: QueueItem;
  readonly link: VoiceLink;
}

/** How long a change waits for packets of a song that is still arriving. */
const PATIENCE_MS = 3_000;

/** A song that is heard: which packets of it play, and where in the song that is. */
export class RunningSong {
  readonly item: QueueItem;
  readonly #link: VoiceLink;
  readonly #over = new AbortController();
  #audio: PlayableAudio;
  #remaking = new AbortController();
  #packets: SongPackets;
  #cuts: readonly Cut[] = [];
  #onJump: () => void = () => undefined;
  #changing: Promise<unknown> = Promise.resolve();

  constructor({ item, audio, packets, link }: RunningSongParts) {
    this.item = item;
    this.#audio = audio;
    this.#link = link;
    this.#packets = this.#part(packets, item.resumeMs ?? item.startMs);
  }

  /** Milliseconds of the recording that were heard or skipped. */
  get positionMs(): number {
    return this.#packets.positionAfter(this.#link.positionMs);
  }

  get audio(): PlayableAudio {
    return this.#audio;
  }

  /** Sends it, to its end. */
  async play(signal: AbortSignal): Promise<PlaybackEnd> {
    return await this.#link.play(this.#packets, signal);
  }

  /**
   * Goes on at another position. What plays goes on until the first packets of that are there.
   * @throws {AppError} `LIVE_ONLY`, `BEYOND_THE_END`, `NOT_ARRIVED`, `NOTHING_PLAYING` when the song ended meanwhile
   */
  async seek(toMs: number, signal: AbortSignal): Promise<void> {
    if (this.#audio.isLive) throw new AppError("LIVE_ONLY");
    const durationMs = this.item.endMs ?? this.audio.durationMs;
    // Of a song that is still arriving nobody may know how long it is.
    if (durationMs > 0 && toMs >= durationMs)
      throw new AppError("BEYOND_THE_END", { length: this.#asShown(durationMs) });
    await this.#inTurn(async () => {
      await this.#goOnWith(await this.#packetsFrom(toMs, signal), toMs);
    });
  }

  /**
   * Goes on where it is with packets that are made anew, which sound otherwise. Nothing to do when it ends meanwhile.
   * @throws {AppError} `NOT_ARRIVED`, or why it cannot be made so; it plays on as before
   */
  async renew(signal: AbortSignal): Promise<void> {
    try {
      await this.#inTurn(async () => {
        const fromMs = this.positionMs;
        const packets = await this.#packetsFrom(fromMs, signal);
        const ready = { audio: this.#audio, packets };
        await this.#goOnWith(packets, await this.#catchUp(ready, fromMs, signal));
      });
    } catch (error) {
      if (!this.#over.signal.aborted) throw error;
    }
  }

  /**
   * Goes on where it is with other audio of the same song, as soon as that is there; it may take its time, and only the
   * last one that is wanted is heard. Nothing to do when the song ends meanwhile.
   * @throws {AppError} why there is none; it plays on as before
   */
  async remake(provide: (signal: AbortSignal) => Promise<PlayableAudio>): Promise<void> {
    this.#remaking.abort();
    this.#remaking = new AbortController();
    const signal = AbortSignal.any([this.#remaking.signal, this.#over.signal]);
    try {
      const audio = await provide(signal);
      await this.#inTurn(() => this.#goOverTo(audio, signal));
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #goOverTo(audio: PlayableAudio, signal: AbortSignal): Promise<void> {
    const before = this.#audio;
    try {
      throwIfAborted(signal);
      const fromMs = this.positionMs;
      const packets = await openPackets(audio, fromMs, signal);
      const atMs = await this.#catchUp({ audio, packets }, fromMs, signal);
      this.#audio = audio;
      await this.#goOnWith(packets, atMs);
    } catch (error) {
      await audio.close();
      throw error;
    }
    await before.close();
  }

  /** Leaves these parts out from now on, in their order, where that can be done without a wait; tells of each. */
  leaveOut(cuts: readonly Cut[], onJump: () => void): void {
    this.#cuts = cuts;
    this.#onJump = onJump;
    this.#packets.leaveOut(cuts, this.#lengthMs);
  }

  /** Lets go of it, once it is heard no more. */
  async close(): Promise<void> {
    this.#over.abort();
    await this.#changing;
    await closeReady({ packets: this.#packets, audio: this.audio });
  }

  /** One change after another: each begins where the one before has led. */
  async #inTurn(change: () => Promise<void>): Promise<void> {
    const changed = this.#changing.then(change);
    this.#changing = changed.catch(() => undefined);
    await changed;
  }

  /** 0 = not known yet. */
  get #lengthMs(): number {
    return this.audio.durationMs || (this.item.track.durationMs ?? 0);
  }

  #part(packets: OpusPackets, fromMs: number): SongPackets {
    const part = new SongPackets({
      packets,
      fromMs,
      endMs: this.item.endMs,
      tempo: tempoOf(this.#audio),
      open: (startMs) => this.#packetsFrom(startMs, this.#over.signal),
      onJump: () => this.#onJump(),
    });
    part.leaveOut(this.#cuts, this.#lengthMs);
    return part;
  }

  async #packetsFrom(startMs: number, signal: AbortSignal): Promise<OpusPackets> {
    return await this.#patiently((limit) => openPackets(this.audio, startMs, limit), startMs, signal);
  }

  /** Drops what has been played since; making packets is many times faster than playing them. */
  async #catchUp({ audio, packets }: ReadySong, fromMs: number, signal: AbortSignal): Promise<number> {
    let atMs = fromMs;
    try {
      while (atMs < this.positionMs) {
        const packet = packets.next();
        if (packet === "end") break;
        if (packet === "later") await this.#patiently((limit) => packets.ready(limit), atMs, signal);
        else atMs += PACKET_MS * tempoOf(audio);
      }
      return atMs;
    } catch (error) {
      await packets.close();
      throw error;
    }
  }

  /** Waits for what lies at a position, but not for ever. */
  async #patiently<T>(
    work: (limit: AbortSignal) => Promise<T>,
    atMs: number,
    signal: AbortSignal,
  ): Promise<T> {
    const patience = AbortSignal.timeout(PATIENCE_MS);
    try {
      return await work(AbortSignal.any([signal, this.#over.signal, patience]));
    } catch (error) {
      if (this.#over.signal.aborted) throw new AppError("NOTHING_PLAYING");
      throw patience.aborted ? new AppError("NOT_ARRIVED", { position: this.#asShown(atMs) }) : error;
    }
  }

  /** A position as people know it: of a chapter, within that. */
  #asShown(atMs: number): string {
    return formatDuration(atMs - beginningOf(this.item));
  }

  /** No wait between looking at the position and this. */
  async #goOnWith(packets: OpusPackets, fromMs: number): Promise<void> {
    const before = this.#packets;
    this.#packets = this.#part(packets, fromMs);
    this.#link.replace(this.#packets);
    await before.close();
  }
}

function tempoOf({ tempo = 1 }: PlayableAudio): number {
  return tempo;
}
