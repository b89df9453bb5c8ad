import type { AppError } from "../core/errors.ts";
import type { OpusPackets } from "../core/opus-packets.ts";

/** A voice channel of a guild. */
export interface VoiceChannelRef {
  readonly guildId: string;
  readonly channelId: string;
  readonly name: string;
}

/** How one song ended. `playedMs` is what was sent, in steps of 20 ms. */
export type PlaybackEnd =
  /** All packets were sent. */
  | { readonly status: "finished"; readonly playedMs: number }
  /** Skip or stop. */
  | { readonly status: "interrupted"; readonly playedMs: number }
  /** The connection is gone for good; `VOICE_LOST` when no reason is given. */
  | { readonly status: "lost"; readonly playedMs: number; readonly reason?: AppError };

/** A joined voice channel: takes Opus packets, reports the end reason. One song at a time. */
export interface VoiceLink {
  /** Where it is now; people can drag the bot to another channel. */
  readonly channel: VoiceChannelRef;
  /** True until the connection is gone for good or was left. */
  readonly isOpen: boolean;
  /** Milliseconds sent since the last {@link play} or {@link replace}. */
  readonly positionMs: number;
  /**
   * Sends the packets; they are the caller's to close. The signal interrupts. Rejects only when reading them or sending
   * fails. It ends with the last packet's departure: what is played within 20 ms from then on follows without a gap.
   */
  play(packets: OpusPackets, signal: AbortSignal): Promise<PlaybackEnd>;
  /** Goes on with other packets of the running song from the next one on; those before are the caller's to close. */
  replace(packets: OpusPackets): void;
  /**
   * Goes over to another channel of the guild; what plays is held on the way and goes on there.
   * @throws {AppError} `VOICE_NO_PERMISSION`, `VOICE_FULL`; it stays where it is
   */
  move(channel: VoiceChannelRef): void;
  /** Holds the running song; five silence frames go out first, as Discord asks for. */
  pause(): void;
  resume(): void;
  leave(): void;
}

export interface VoiceGateway {
  /**
   * Joins, with a bounded number of tries and a watchdog for each phase.
   * @throws {AppError} `VOICE_NO_PERMISSION`, `VOICE_FULL`, `VOICE_UNREACHABLE`, `VOICE_ENCRYPTION`, `ABORTED`
   */
  join(channel: VoiceChannelRef, signal: AbortSignal): Promise<VoiceLink>;
}
