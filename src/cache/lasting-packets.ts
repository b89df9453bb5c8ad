// What is heard of a song while it arrives, and from its file where that breaks off.
import { untilAborted } from "../core/abort.ts";
import { type OpusPackets, PACKET_MS, type Playback } from "../core/opus-packets.ts";
import type { OpenAudio } from "./cached-audio.ts";

/** A song that is heard while it arrives. */
export interface Sound {
  readonly open: OpenAudio["open"];
  /** Waits for what it goes on with when the sound has broken off; `why` is for the log. Rejects when there is none. */
  readonly finished: (why: unknown, signal: AbortSignal) => Promise<OpenAudio>;
}

type State =
  | { readonly status: "arriving" }
  | { readonly status: "changing"; readonly done: Promise<void> }
  | { readonly status: "finished"; readonly audio: OpenAudio }
  | { readonly status: "failed"; readonly error: unknown };

/**
 * Packets of a song that arrives. A full disk, a dead ffmpeg or a fill that another process took over end its sound,
 * not the song: it goes on at the same packet when its file is there. Where none comes, `next` throws why the sound ended.
 */
export class LastingPackets implements OpusPackets {
  readonly #sound: Sound;
  readonly #playback: Playback;
  readonly #closing = new AbortController();
  #packets: OpusPackets;
  #takenMs = 0;
  #state: State = { status: "arriving" };
  #closed: Promise<void> | undefined;

  private constructor(sound: Sound, playback: Playback, packets: OpusPackets) {
    this.#sound = sound;
    this.#playback = playback;
    this.#packets = packets;
  }

  static async open(sound: Sound, playback: Playback, signal: AbortSignal): Promise<LastingPackets> {
    return new LastingPackets(sound, playback, await sound.open(playback, signal));
  }

  next(): Buffer | "later" | "end" {
    const state = this.#state;
    if (state.status === "failed") throw state.error;
    if (state.status === "changing") return "later";
    try {
      const packet = this.#packets.next();
      if (typeof packet !== "string") this.#takenMs += PACKET_MS;
      return packet;
    } catch (error) {
      if (state.status === "finished") throw error;
      this.#state = { status: "changing", done: this.#goOver(error) };
      return "later";
    }
  }

  async ready(signal: AbortSignal): Promise<void> {
    if (this.#state.status === "changing") await untilAborted(this.#state.done, signal);
    if (this.#state.status !== "failed") await this.#packets.ready(signal);
  }

  async close(): Promise<void> {
    await (this.#closed ??= this.#close());
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    if (this.#state.status === "changing") await this.#state.done;
    await this.#packets.close();
    if (this.#state.status === "finished") await this.#state.audio.close();
  }

  /** Never rejects. */
  async #goOver(why: unknown): Promise<void> {
    const { signal } = this.#closing;
    let audio: OpenAudio | undefined;
    try {
      await this.#packets.close();
      audio = await this.#sound.finished(why, signal);
      const startMs = this.#playback.startMs + this.#takenMs;
      this.#packets = await audio.open({ ...this.#playback, startMs }, signal);
      this.#state = { status: "finished", audio };
    } catch {
      this.#state = { status: "failed", error: why };
      await audio?.close().catch(() => undefined);
    }
  }
}
