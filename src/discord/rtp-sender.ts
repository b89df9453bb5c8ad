import { AppError } from "../core/errors.ts";
import { type FrameSink, SILENCE_FRAME } from "../player/pacer/frame-sink.ts";
import type { RtpOutbox } from "./rtp-outbox.ts";
import { RtpSealer } from "./rtp-sealer.ts";
import type { RtpSession } from "./rtp-session.ts";

export interface RtpSenderDeps {
  /** Where to send; `undefined` = the connection is away. */
  readonly session: () => RtpSession | undefined;
  readonly outbox: Pick<RtpOutbox, "add">;
  readonly setSpeaking: (isSpeaking: boolean) => void;
  /** Is anybody there to hear it? */
  readonly hasListeners: () => boolean;
}

/** How often a frame is offered to an encrypted call (50 times a second) before we say that it will not let us in. */
const ENCRYPTION_PATIENCE_FRAMES = 500;

/**
 * Sends frames in a voice session: end-to-end encryption, RTP header, transport encryption, UDP. The numbering is the
 * library's, so that it goes on over songs, pauses and resumes; a new session brings a new key and new numbers. While
 * there is no session, or the call has not let us in, frames wait.
 */
export class RtpSender implements FrameSink {
  readonly #deps: RtpSenderDeps;
  #data: RtpSession["connectionData"] | undefined;
  #sealer: RtpSealer | undefined;
  #refused = 0;

  constructor(deps: RtpSenderDeps) {
    this.#deps = deps;
  }

  /** @throws {AppError} `VOICE_ENCRYPTION`, `VOICE_LOST` */
  send(frame: Buffer): boolean {
    const session = this.#deps.session();
    if (!session) return false;
    const { dave, connectionData, udp } = session;
    const isPlain = !dave || dave.protocolVersion === 0 || isSilence(frame);
    if (!isPlain && !dave.session?.ready) return this.#isUnheard();
    this.#refused = 0;
    const payload = isPlain || !dave.session ? frame : dave.session.encryptOpus(frame);
    const packet = this.#sealerOf(connectionData).seal(payload);
    if (!connectionData.speaking) this.#deps.setSpeaking(true);
    this.#deps.outbox.add(udp, packet);
    return true;
  }

  rest(): void {
    this.#deps.setSpeaking(false);
  }

  /**
   * Nobody could hear a frame from outside the group. Alone in the call there is no group, and the song passes unheard;
   * with listeners it waits.
   */
  #isUnheard(): boolean {
    if (!this.#deps.hasListeners()) return true;
    this.#refused += 1;
    if (this.#refused > ENCRYPTION_PATIENCE_FRAMES) throw new AppError("VOICE_ENCRYPTION");
    return false;
  }

  #sealerOf(data: RtpSession["connectionData"]): RtpSealer {
    if (this.#sealer === undefined || data !== this.#data) {
      this.#data = data;
      this.#sealer = new RtpSealer(data);
    }
    // After 2^32 packets a nonce would come twice, which gives the key away: only another session has another key.
    if (this.#sealer.isExhausted) throw new AppError("VOICE_LOST");
    return this.#sealer;
  }
}

/** Silence is never encrypted between the ends: clients and servers look for it. */
function isSilence(frame: Buffer): boolean {
  return frame.length === SILENCE_FRAME.length && frame.equals(SILENCE_FRAME);
}
