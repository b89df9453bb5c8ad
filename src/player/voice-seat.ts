import { AppError } from "../core/errors.ts";
import type { VoiceChannelRef, VoiceGateway, VoiceLink } from "./voice-link.ts";

/** A session's place in a voice channel: taken once for all its songs, left when it is told to. */
export class VoiceSeat {
  readonly #voice: VoiceGateway;
  #link: VoiceLink | undefined;
  #joining: Promise<VoiceLink> | undefined;
  #left: Promise<unknown> = Promise.resolve();
  #abort = new AbortController();

  constructor(voice: VoiceGateway) {
    this.#voice = voice;
  }

  /** The channel it is in; `undefined` = none, or the connection is gone for good. */
  get link(): VoiceLink | undefined {
    return this.#link?.isOpen ? this.#link : undefined;
  }

  /**
   * Stays where it is, else joins. One join at a time, shared by the songs: skipping one must not hang up.
   * @throws {AppError} what the gateway throws, `ABORTED` when it was called off
   */
  async take(channel: VoiceChannelRef | undefined): Promise<VoiceLink> {
    if (this.link) return this.link;
    if (!channel) throw new AppError("INTERNAL", { detail: "a session plays in a channel it was given" });
    const joining = (this.#joining ??= this.#connect(channel, this.#abort.signal));
    try {
      return await joining;
    } finally {
      if (this.#joining === joining) this.#joining = undefined;
    }
  }

  /** Hangs up, and calls off a join. */
  leave(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#left = Promise.allSettled([this.#left, this.#joining]);
    this.#joining = undefined;
    this.#link?.leave();
    this.#link = undefined;
  }

  async #connect(channel: VoiceChannelRef, signal: AbortSignal): Promise<VoiceLink> {
    // A join that was called off may still be hanging up.
    await this.#left;
    const link = await this.#voice.join(channel, signal);
    if (signal.aborted) {
      link.leave();
      throw new AppError("ABORTED", {}, { cause: signal.reason });
    }
    this.#link = link;
    return link;
  }
}
