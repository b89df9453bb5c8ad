import { setTimeout as delay } from "node:timers/promises";
import {
  type VoiceConnection,
  VoiceConnectionDisconnectReason,
  type VoiceConnectionState,
  VoiceConnectionStatus,
} from "@discordjs/voice";
import { AppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";

export interface VoiceSupervisorOptions {
  /** Longest time in one phase (signalling, connecting, disconnected) before it is tried anew. */
  readonly phaseMs: number;
  /** Tries in {@link VoiceSupervisorOptions.windowMs} before we give up. */
  readonly maxTries: number;
  readonly windowMs: number;
  /** Pause before the n-th try. */
  readonly pauseMs: (tries: number) => number;
  /** After close code 4014: how long a move to another channel may take before it counts as a kick. */
  readonly moveMs: number;
}

export const SUPERVISION: VoiceSupervisorOptions = {
  phaseMs: 10_000,
  maxTries: 5,
  windowMs: 60_000,
  pauseMs: (tries) => Math.min(1_000 * 2 ** (tries - 1), 10_000),
  moveMs: 5_000,
};

/** https://docs.discord.com/developers/topics/opcodes-and-status-codes#voice-voice-close-event-codes */
const CLOSE_ENCRYPTION_REQUIRED = 4017;
const CLOSE_CALL_ENDED = 4022;

/**
 * Keeps one voice connection alive, or gives it up. The library has no watchdog, and after most close codes it
 * signs on again at once and for ever; here every phase has a time limit and the tries are counted.
 */
export class VoiceSupervisor {
  readonly #connection: VoiceConnection;
  readonly #options: VoiceSupervisorOptions;
  readonly #log: Logger;
  readonly #name: { readonly guildId: string; readonly channelId: string; readonly channel: string };
  readonly #tries: number[] = [];
  #timer: NodeJS.Timeout | undefined;
  #end!: (error: AppError) => void;

  /** Resolves, once, with the reason why the connection is gone for good. */
  readonly ended: Promise<AppError>;

  constructor(
    connection: VoiceConnection,
    name: { readonly guildId: string; readonly channelId: string; readonly channel: string },
    log: Logger,
    options: VoiceSupervisorOptions = SUPERVISION,
  ) {
    this.#connection = connection;
    this.#options = options;
    this.#log = log;
    this.#name = name;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    // Without a listener an `error` event would end the process.
    connection.on("error", (error) => log.warn("voice.error", { ...name, error }));
    connection.on("stateChange", (before, after) => this.#onState(before, after));
    this.#onState(undefined, connection.state);
  }

  /** Resolves when packets can be sent. @throws {AppError} why they never can. */
  async ready(): Promise<void> {
    if (this.#connection.state.status === VoiceConnectionStatus.Ready) return;
    const ready = new Promise<undefined>((resolve) => {
      this.#connection.once(VoiceConnectionStatus.Ready, () => resolve(undefined));
    });
    const error = await Promise.race([ready, this.ended]);
    if (error) throw error;
  }

  /** Leaves; `ended` resolves with `error`. */
  giveUp(error: AppError): void {
    clearTimeout(this.#timer);
    this.#end(error);
    if (this.#connection.state.status !== VoiceConnectionStatus.Destroyed) this.#connection.destroy();
  }

  #onState(before: VoiceConnectionState | undefined, after: VoiceConnectionState): void {
    this.#watchClose(before, after);
    if (before?.status === after.status) return;
    clearTimeout(this.#timer);
    this.#log.debug("voice.state", { ...this.#name, status: after.status });
    switch (after.status) {
      case VoiceConnectionStatus.Ready:
        return;
      case VoiceConnectionStatus.Destroyed:
        this.#end(new AppError("VOICE_LOST"));
        return;
      case VoiceConnectionStatus.Signalling:
      case VoiceConnectionStatus.Connecting:
        this.#retryAfter(this.#options.phaseMs, `stuck while ${after.status}`);
        return;
      case VoiceConnectionStatus.Disconnected:
        this.#onDisconnected(after.reason);
    }
  }

  #onDisconnected(reason: VoiceConnectionDisconnectReason): void {
    if (reason !== VoiceConnectionDisconnectReason.WebSocketClose) {
      // The server is being moved, or our gateway is away: both come back by themselves, or the watchdog asks anew.
      this.#retryAfter(this.#options.phaseMs, "disconnected");
      return;
    }
    // 4014: moved to another channel (a new server follows at once) or kicked. Never force our way back in.
    this.#timer = setTimeout(() => this.giveUp(new AppError("VOICE_LOST")), this.#options.moveMs);
  }

  /** The library keeps close codes to itself, but its networking object tells them. */
  #watchClose(before: VoiceConnectionState | undefined, after: VoiceConnectionState): void {
    const old = before && "networking" in before ? before.networking : undefined;
    const now = "networking" in after ? after.networking : undefined;
    if (!now || now === old) return;
    now.prependOnceListener("close", (code: number) => this.#onClose(code));
  }

  #onClose(code: number): void {
    this.#log.info("voice.closed", { ...this.#name, code });
    if (code === CLOSE_ENCRYPTION_REQUIRED) this.giveUp(new AppError("VOICE_ENCRYPTION"));
    else if (code === CLOSE_CALL_ENDED) this.giveUp(new AppError("VOICE_LOST"));
    // After the other codes the library signs on again by itself; that counts as a try.
    else this.#countTry();
  }

  #retryAfter(ms: number, why: string): void {
    this.#timer = setTimeout(() => {
      this.#retry(why).catch((error: unknown) =>
        this.#log.error("voice.retry_failed", { ...this.#name, error }),
      );
    }, ms);
  }

  async #retry(why: string): Promise<void> {
    if (!this.#countTry()) return;
    this.#log.warn("voice.retry", { ...this.#name, why, tries: this.#tries.length });
    await delay(this.#options.pauseMs(this.#tries.length));
    const { status } = this.#connection.state;
    if (status === VoiceConnectionStatus.Destroyed || status === VoiceConnectionStatus.Ready) return;
    this.#connection.rejoin();
    this.#retryAfter(this.#options.phaseMs, why);
  }

  /** False when it was one too many. */
  #countTry(): boolean {
    const now = performance.now();
    while (this.#tries[0] !== undefined && now - this.#tries[0] > this.#options.windowMs) this.#tries.shift();
    this.#tries.push(now);
    if (this.#tries.length <= this.#options.maxTries) return true;
    this.giveUp(new AppError("VOICE_UNREACHABLE", { channel: `<#${this.#name.channelId}>` }));
    return false;
  }
}
