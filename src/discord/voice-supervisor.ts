import {
  type DiscordGatewayAdapterCreator,
  type VoiceConnection,
  VoiceConnectionDisconnectReason,
  type VoiceConnectionState,
  VoiceConnectionStatus,
} from "@discordjs/voice";
import { GatewayOpcodes } from "discord.js";
import { AppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";

export interface VoiceSupervisorOptions {
  /** Longest time in one phase (signalling, connecting, disconnected) before it is tried anew. */
  readonly phaseMs: number;
  /** Tries before we give up. */
  readonly maxTries: number;
  /** A connection that worked for so long has earned all its tries anew. */
  readonly stableMs: number;
  /** Pause before the n-th try. */
  readonly pauseMs: (tries: number) => number;
  /** After close code 4014: how long a move to another channel may take before it counts as a kick. */
  readonly moveMs: number;
}

/** A channel that never answers is given up after about a minute. */
export const SUPERVISION: VoiceSupervisorOptions = {
  phaseMs: 10_000,
  maxTries: 4,
  stableMs: 60_000,
  pauseMs: (tries) => 1_000 * 2 ** (tries - 1),
  moveMs: 5_000,
};

/** Lets the library sign on, or not: while it is shut, a try to do so fails at once and without a trace. */
export class VoiceGate {
  isOpen = true;
  /** Discord says that we are in no voice channel. */
  onOut: () => void = () => undefined;

  /** The same adapter, behind the gate. */
  guard(creator: DiscordGatewayAdapterCreator): DiscordGatewayAdapterCreator {
    return (methods) => {
      const adapter = creator({
        ...methods,
        onVoiceStateUpdate: (state) => {
          methods.onVoiceStateUpdate(state);
          if (state.channel_id === null) this.onOut();
        },
      });
      return { ...adapter, sendPayload: (payload) => this.isOpen && adapter.sendPayload(payload) };
    };
  }
}

/** The connection to watch, and what it goes by. */
export interface Supervised {
  readonly connection: VoiceConnection;
  readonly gate: VoiceGate;
  readonly name: { readonly guildId: string; readonly channelId: string; readonly channel: string };
}

/** https://docs.discord.com/developers/topics/opcodes-and-status-codes#voice-voice-close-event-codes */
const CLOSE_KICKED_OR_MOVED = 4014;
const CLOSE_ENCRYPTION_REQUIRED = 4017;
const CLOSE_CALL_ENDED = 4022;

/** The same error again within so long belongs to the same outage. */
const OUTAGE_OVER_MS = 10_000;

/**
 * Keeps one voice connection alive, or gives it up. The library has no watchdog, and after most close codes it
 * signs on again at once and for ever; here every phase has a time limit, the tries are counted, and the pauses grow.
 */
export class VoiceSupervisor {
  readonly #connection: VoiceConnection;
  readonly #gate: VoiceGate;
  readonly #options: VoiceSupervisorOptions;
  readonly #log: Logger;
  readonly #name: Supervised["name"];
  #tries = 0;
  #readySinceMs = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #lastError = { message: "", atMs: Number.NEGATIVE_INFINITY };
  #end!: (error: AppError) => void;

  /** Resolves, once, with the reason why the connection is gone for good. */
  readonly ended: Promise<AppError>;

  constructor(
    { connection, gate, name }: Supervised,
    log: Logger,
    options: VoiceSupervisorOptions = SUPERVISION,
  ) {
    this.#connection = connection;
    this.#gate = gate;
    this.#options = options;
    this.#log = log;
    this.#name = name;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    // Without a listener an `error` event would end the process.
    connection.on("error", (error) => this.#onError(error));
    connection.on("stateChange", (before, after) => this.#onState(before, after));
    gate.onOut = () => this.#onOut();
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
    this.#gate.isOpen = true;
    if (this.#connection.state.status !== VoiceConnectionStatus.Destroyed) this.#connection.destroy();
  }

  /** While nothing listens at the server's port, every packet comes back as an error: told once in each outage. */
  #onError(error: Error): void {
    const nowMs = performance.now();
    const isNew = error.message !== this.#lastError.message || nowMs - this.#lastError.atMs > OUTAGE_OVER_MS;
    this.#lastError = { message: error.message, atMs: nowMs };
    if (isNew) this.#log.warn("voice.error", { ...this.#name, error });
  }

  #onState(before: VoiceConnectionState | undefined, after: VoiceConnectionState): void {
    this.#watchClose(before, after);
    if (before?.status === after.status) return;
    clearTimeout(this.#timer);
    this.#log.debug("voice.state", { ...this.#name, status: after.status });
    switch (after.status) {
      case VoiceConnectionStatus.Ready:
        this.#readySinceMs = performance.now();
        return;
      case VoiceConnectionStatus.Destroyed:
        this.#end(new AppError("VOICE_LOST"));
        return;
      case VoiceConnectionStatus.Signalling:
      case VoiceConnectionStatus.Connecting:
        this.#watch(`stuck while ${after.status}`);
        return;
      case VoiceConnectionStatus.Disconnected:
        this.#onDisconnected(after.reason);
    }
  }

  #onDisconnected(reason: VoiceConnectionDisconnectReason): void {
    if (reason === VoiceConnectionDisconnectReason.WebSocketClose) {
      // 4014: moved to another channel (a new server follows at once) or kicked. Never force our way back in.
      this.#timer = setTimeout(() => this.#onKicked(), this.#options.moveMs);
    } else if (this.#gate.isOpen) {
      // The server is being moved, or our gateway is away: both come back by themselves, or the watchdog asks anew.
      this.#watch("disconnected");
    } else {
      this.#rejoinAfterPause("closed");
    }
  }

  /** Whoever joins anew leaves first, and is then in another state. */
  #onOut(): void {
    const { state } = this.#connection;
    const isClosed =
      state.status === VoiceConnectionStatus.Disconnected &&
      state.reason === VoiceConnectionDisconnectReason.WebSocketClose;
    if (state.status === VoiceConnectionStatus.Ready || isClosed) this.#onKicked();
  }

  #onKicked(): void {
    const { channelId } = this.#connection.joinConfig;
    this.giveUp(new AppError("VOICE_KICKED", { channel: `<#${channelId ?? this.#name.channelId}>` }));
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
    if (code === CLOSE_KICKED_OR_MOVED) return;
    if (code === CLOSE_ENCRYPTION_REQUIRED) this.giveUp(new AppError("VOICE_ENCRYPTION"));
    else if (code === CLOSE_CALL_ENDED) this.giveUp(new AppError("VOICE_LOST"));
    // After the other codes the library signs on again, now: right for the first time, hammering from the second on.
    else if (this.#countTry()) this.#gate.isOpen = this.#tries === 1;
  }

  #watch(why: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#countTry()) this.#rejoinAfterPause(why);
    }, this.#options.phaseMs);
  }

  /** Any change of the state clears the timer: the connection has come further by itself then. */
  #rejoinAfterPause(why: string): void {
    this.#log.warn("voice.retry", { ...this.#name, why, tries: this.#tries });
    this.#timer = setTimeout(() => {
      this.#gate.isOpen = true;
      this.#rejoin();
      this.#watch(why);
    }, this.#options.pauseMs(this.#tries));
  }

  /** Leaves first: to those who are in the channel already Discord names no voice server. */
  #rejoin(): void {
    const { joinConfig, state } = this.#connection;
    const { guildId, channelId } = joinConfig;
    if (!this.#connection.disconnect() && "adapter" in state) {
      const d = { guild_id: guildId, channel_id: null, self_mute: false, self_deaf: false };
      state.adapter.sendPayload({ op: GatewayOpcodes.VoiceStateUpdate, d });
    }
    this.#connection.rejoin({ ...joinConfig, channelId });
  }

  /** False when it was one too many. */
  #countTry(): boolean {
    const now = performance.now();
    if (now - this.#readySinceMs > this.#options.stableMs) this.#tries = 0;
    this.#readySinceMs = Number.POSITIVE_INFINITY;
    this.#tries += 1;
    if (this.#tries <= this.#options.maxTries) return true;
    this.giveUp(new AppError("VOICE_UNREACHABLE", { channel: `<#${this.#name.channelId}>` }));
    return false;
  }
}
