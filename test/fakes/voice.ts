/** Voice channels without Discord: packets are counted, time passes when a test says so. */
import { AppError } from "../../src/core/errors.ts";
import { type OpusPackets, PACKET_MS } from "../../src/core/opus-packets.ts";
import type { PlaybackEnd, VoiceChannelRef, VoiceGateway, VoiceLink } from "../../src/player/voice-link.ts";
import type { Gate } from "./gate.ts";

/** Plays packets as fast as it is let: `autoplay` at once, else when `finish` is called. */
export class FakeVoiceLink implements VoiceLink {
  channel: VoiceChannelRef;
  readonly #autoplay: boolean;
  readonly #refusal: () => AppError | undefined;
  readonly heard: string[] = [];
  isOpen = true;
  positionMs = 0;
  paused = 0;
  resumed = 0;
  left = 0;
  #end: ((status: PlaybackEnd["status"]) => void) | undefined;

  constructor(channel: VoiceChannelRef, autoplay: boolean, refusal: () => AppError | undefined) {
    this.channel = channel;
    this.#autoplay = autoplay;
    this.#refusal = refusal;
  }

  async play(packets: OpusPackets, signal: AbortSignal): Promise<PlaybackEnd> {
    if (this.#end) throw new Error("two songs at once");
    const ended = Promise.withResolvers<PlaybackEnd["status"]>();
    this.#end = ended.resolve;
    this.positionMs = 0;
    const interrupt = (): void => ended.resolve("interrupted");
    if (signal.aborted) interrupt();
    signal.addEventListener("abort", interrupt, { once: true });
    try {
      for (let packet = packets.next(); packet !== "end"; packet = packets.next()) {
        if (packet === "later") await packets.ready(signal);
        else this.#hear(packet);
      }
      if (this.#autoplay) ended.resolve("finished");
      return { status: await ended.promise, playedMs: this.positionMs };
    } finally {
      this.#end = undefined;
    }
  }

  #hear(packet: Buffer): void {
    this.heard.push(packet.toString());
    this.positionMs += PACKET_MS;
  }

  /** Takes what is there. */
  replace(packets: OpusPackets): void {
    this.positionMs = 0;
    for (let packet = packets.next(); typeof packet === "object"; packet = packets.next()) this.#hear(packet);
  }

  /** The running song is over. */
  finish(): void {
    this.#end?.("finished");
  }

  /** The connection is gone for good. */
  lose(): void {
    this.isOpen = false;
    this.#end?.("lost");
  }

  /** Refused while the voice channels refuse joins. */
  move(channel: VoiceChannelRef): void {
    const refusal = this.#refusal();
    if (refusal) throw refusal;
    this.channel = channel;
  }

  pause(): void {
    this.paused += 1;
  }

  resume(): void {
    this.resumed += 1;
  }

  leave(): void {
    this.left += 1;
    this.isOpen = false;
    this.#end?.("lost");
  }
}

export class FakeVoice implements VoiceGateway {
  readonly links: FakeVoiceLink[] = [];
  readonly joins: VoiceChannelRef[] = [];
  /** Joins in progress, and the most there ever were. */
  joining = 0;
  mostJoining = 0;
  autoplay = true;
  /** Thrown by the next joins. */
  refusal: AppError | undefined;
  /** Where the next joins wait. */
  gate: Gate | undefined;
  /** Where a join that was called off hangs up. */
  hangUp: Gate | undefined;
  /** Succeeds although it was called off in the meantime. */
  ignoresAbort = false;

  async join(channel: VoiceChannelRef, signal: AbortSignal): Promise<VoiceLink> {
    this.joins.push(channel);
    this.joining += 1;
    this.mostJoining = Math.max(this.mostJoining, this.joining);
    try {
      await this.gate?.pass(this.ignoresAbort ? undefined : signal);
      if (this.refusal) throw this.refusal;
    } catch (error) {
      await this.hangUp?.pass();
      throw signal.aborted ? new AppError("ABORTED", {}, { cause: error }) : error;
    } finally {
      this.joining -= 1;
    }
    const link = new FakeVoiceLink(channel, this.autoplay, () => this.refusal);
    this.links.push(link);
    return link;
  }

  get link(): FakeVoiceLink {
    const link = this.links.at(-1);
    if (!link) throw new Error("no channel was joined");
    return link;
  }
}
