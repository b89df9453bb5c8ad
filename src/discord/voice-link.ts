import { once } from "node:events";
import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import {
  type AudioPlayer,
  AudioPlayerStatus,
  type AudioResource,
  createAudioPlayer,
  createAudioResource,
  type DiscordGatewayAdapterCreator,
  joinVoiceChannel,
  NoSubscriberBehavior,
  StreamType,
  type VoiceConnection,
  VoiceConnectionStatus,
} from "@discordjs/voice";
import { untilAborted } from "../core/abort.ts";
import { AppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { PlaybackEnd, VoiceChannelRef, VoiceGateway, VoiceLink } from "../player/voice-link.ts";
import { VoiceSupervisor } from "./voice-supervisor.ts";

/** What joining needs to know of the guild; read from discord.js by the client. */
export interface VoiceGuilds {
  adapterOf(guildId: string): DiscordGatewayAdapterCreator | undefined;
  /** Why the bot may not join; `undefined` = it may. */
  refusal(channel: VoiceChannelRef): AppError | undefined;
  /** People in the channel beside the bot. */
  listeners(channel: VoiceChannelRef): number;
}

export interface DiscordVoiceDeps {
  readonly guilds: VoiceGuilds;
  readonly log: Logger;
}

/**
 * Frames without data after which the library takes a song for ended (default 5, a tenth of a second). A local file
 * never stalls for long; half a minute of silence means that the disk is gone.
 */
const MAX_MISSED_FRAMES = 1_500;
/** Under end-to-end encryption frames sent before the group is joined are not heard. */
const ENCRYPTION_WAIT_MS = 2_000;

/** Joins voice channels through @discordjs/voice. */
export class DiscordVoice implements VoiceGateway {
  readonly #deps: DiscordVoiceDeps;

  constructor(deps: DiscordVoiceDeps) {
    this.#deps = deps;
  }

  async join(channel: VoiceChannelRef, signal: AbortSignal): Promise<VoiceLink> {
    const { guilds, log } = this.#deps;
    const refusal = guilds.refusal(channel);
    if (refusal) throw refusal;
    const adapterCreator = guilds.adapterOf(channel.guildId);
    if (!adapterCreator) throw new AppError("VOICE_UNREACHABLE", { channel: `<#${channel.channelId}>` });
    const { guildId, channelId } = channel;
    const connection = joinVoiceChannel({ guildId, channelId, adapterCreator, selfDeaf: true });
    const supervisor = new VoiceSupervisor(connection, { guildId, channelId, channel: channel.name }, log);
    try {
      await untilAborted(supervisor.ready(), signal);
      if (guilds.listeners(channel) > 0) await untilEncrypted(connection, signal);
    } catch (error) {
      supervisor.giveUp(new AppError("ABORTED"));
      throw error;
    }
    return new DiscordVoiceLink(channel, connection, supervisor);
  }
}

class DiscordVoiceLink implements VoiceLink {
  readonly channel: VoiceChannelRef;
  readonly #supervisor: VoiceSupervisor;
  readonly #player: AudioPlayer;
  #resource: AudioResource | undefined;
  #open = true;

  constructor(channel: VoiceChannelRef, connection: VoiceConnection, supervisor: VoiceSupervisor) {
    this.channel = channel;
    this.#supervisor = supervisor;
    this.#player = createAudioPlayer({
      behaviors: { noSubscriber: NoSubscriberBehavior.Pause, maxMissedFrames: MAX_MISSED_FRAMES },
    });
    connection.subscribe(this.#player);
    // `play` listens while a song runs; between songs an `error` event would end the process.
    this.#player.on("error", () => undefined);
    void supervisor.ended.then(() => {
      this.#open = false;
      this.#player.stop(true);
      return undefined;
    });
  }

  get isOpen(): boolean {
    return this.#open;
  }

  get positionMs(): number {
    return this.#resource?.playbackDuration ?? 0;
  }

  async play(packets: AsyncIterable<Buffer>, signal: AbortSignal): Promise<PlaybackEnd> {
    if (!this.#open) return { status: "lost", playedMs: 0 };
    const stream = Readable.from(packets, { objectMode: true });
    const resource = createAudioResource(stream, { inputType: StreamType.Opus });
    this.#resource = resource;
    const interrupt = (): void => this.#interrupt();
    signal.addEventListener("abort", interrupt, { once: true });
    const failed = rejectOnError(this.#player);
    try {
      this.#player.play(resource);
      if (signal.aborted) interrupt();
      if (this.#player.state.status !== AudioPlayerStatus.Idle) {
        await Promise.race([once(this.#player, AudioPlayerStatus.Idle), failed.promise]);
      }
    } finally {
      failed.stop();
      signal.removeEventListener("abort", interrupt);
      stream.destroy();
      this.#resource = undefined;
    }
    const playedMs = resource.playbackDuration;
    if (!this.#open) return { status: "lost", playedMs };
    return { status: signal.aborted ? "interrupted" : "finished", playedMs };
  }

  pause(): void {
    this.#player.pause(true);
  }

  resume(): void {
    this.#player.unpause();
  }

  leave(): void {
    this.#open = false;
    this.#supervisor.giveUp(new AppError("ABORTED"));
  }

  /** While a song runs, silence frames end it (Discord interpolates otherwise); a held one has sent them already. */
  #interrupt(): void {
    this.#player.stop(this.#player.state.status !== AudioPlayerStatus.Playing);
  }
}

/** The player reports read errors as events; here they become a rejection. */
function rejectOnError(player: AudioPlayer): { readonly promise: Promise<never>; stop(): void } {
  let listener: ((error: Error) => void) | undefined;
  const promise = new Promise<never>((_resolve, reject) => {
    listener = (error) =>
      reject(new AppError("INTERNAL", { detail: "reading the cached file failed" }, { cause: error }));
    player.on("error", listener);
  });
  promise.catch(() => undefined);
  return {
    promise,
    stop: () => {
      if (listener) player.off("error", listener);
    },
  };
}

async function untilEncrypted(connection: VoiceConnection, signal: AbortSignal): Promise<void> {
  if (isEncrypted(connection)) return;
  const waiting = new AbortController();
  const either = AbortSignal.any([signal, waiting.signal]);
  try {
    await Promise.race([
      once(connection, "transitioned", { signal: either }),
      delay(ENCRYPTION_WAIT_MS, undefined, { signal: either }),
    ]);
  } finally {
    waiting.abort();
  }
}

/** True when frames will be heard: the call is not end-to-end encrypted, or its group was joined. */
function isEncrypted(connection: VoiceConnection): boolean {
  if (connection.state.status !== VoiceConnectionStatus.Ready) return true;
  const { state } = connection.state.networking;
  const dave = "dave" in state ? state.dave : undefined;
  return !dave || dave.protocolVersion === 0 || dave.session?.ready === true;
}
