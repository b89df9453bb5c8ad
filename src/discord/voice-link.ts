import { once } from "node:events";
import { Readable } from "node:stream";
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
import type { OpusPackets } from "../core/opus-packets.ts";
import type { PlaybackEnd, VoiceChannelRef, VoiceGateway, VoiceLink } from "../player/voice-link.ts";
import { VoiceGate, VoiceSupervisor, type VoiceSupervisorOptions } from "./voice-supervisor.ts";

/** What joining needs to know of the guild; read from discord.js by the client. */
export interface VoiceGuilds {
  adapterOf(guildId: string): DiscordGatewayAdapterCreator | undefined;
  /** Why the bot may not join; `undefined` = it may. */
  refusal(channel: VoiceChannelRef): AppError | undefined;
  /** People in the channel beside the bot. */
  listeners(channel: VoiceChannelRef): number;
  channelName(guildId: string, channelId: string): string | undefined;
}

export interface DiscordVoiceDeps {
  readonly guilds: VoiceGuilds;
  readonly log: Logger;
  readonly supervision?: VoiceSupervisorOptions;
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
    const { guilds, log, supervision } = this.#deps;
    const refusal = guilds.refusal(channel);
    if (refusal) throw refusal;
    const adapter = guilds.adapterOf(channel.guildId);
    if (!adapter) throw new AppError("VOICE_UNREACHABLE", { channel: `<#${channel.channelId}>` });
    const { guildId, channelId } = channel;
    const gate = new VoiceGate();
    const adapterCreator = gate.guard(adapter);
    const connection = joinVoiceChannel({ guildId, channelId, adapterCreator, selfDeaf: true });
    const name = { guildId, channelId, channel: channel.name };
    const supervisor = new VoiceSupervisor({ connection, gate, name }, log, supervision);
    try {
      await untilAborted(supervisor.ready(), signal);
      if (guilds.listeners(channel) > 0) await untilAborted(untilEncrypted(connection), signal);
    } catch (error) {
      supervisor.giveUp(new AppError("ABORTED"));
      throw error;
    }
    return new DiscordVoiceLink({ channel, connection, supervisor, guilds });
  }
}

interface LinkParts {
  readonly channel: VoiceChannelRef;
  readonly connection: VoiceConnection;
  readonly supervisor: VoiceSupervisor;
  readonly guilds: Pick<VoiceGuilds, "channelName">;
}

class DiscordVoiceLink implements VoiceLink {
  readonly #parts: LinkParts;
  readonly #player: AudioPlayer;
  #resource: AudioResource | undefined;
  #open = true;
  #held = false;

  constructor(parts: LinkParts) {
    this.#parts = parts;
    this.#player = createAudioPlayer({
      behaviors: { noSubscriber: NoSubscriberBehavior.Pause, maxMissedFrames: MAX_MISSED_FRAMES },
    });
    // The library's player goes on by itself when the connection is back, also when it was to pause meanwhile.
    this.#player.on(AudioPlayerStatus.Playing, () => {
      if (this.#held) this.#player.pause(true);
    });
    parts.connection.subscribe(this.#player);
    // Joining anew takes the player off the connection.
    parts.connection.on(VoiceConnectionStatus.Ready, () => void parts.connection.subscribe(this.#player));
    void parts.supervisor.ended.then(() => {
      this.#open = false;
      this.#player.stop(true);
      return undefined;
    });
  }

  /** Where it is now: people can drag the bot to another channel. */
  get channel(): VoiceChannelRef {
    const { channel, connection, guilds } = this.#parts;
    const { channelId } = connection.joinConfig;
    if (channelId === null || channelId === channel.channelId) return channel;
    return { ...channel, channelId, name: guilds.channelName(channel.guildId, channelId) ?? channelId };
  }

  get isOpen(): boolean {
    return this.#open;
  }

  get positionMs(): number {
    return this.#resource?.playbackDuration ?? 0;
  }

  async play(packets: OpusPackets, signal: AbortSignal): Promise<PlaybackEnd> {
    if (!this.#open) return { status: "lost", playedMs: 0 };
    const stream = Readable.from(taken(packets, signal), { objectMode: true });
    const resource = createAudioResource(stream, { inputType: StreamType.Opus });
    this.#resource = resource;
    this.#held = false;
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
    this.#held = true;
    this.#player.pause(true);
  }

  resume(): void {
    this.#held = false;
    this.#player.unpause();
  }

  leave(): void {
    this.#open = false;
    this.#parts.supervisor.giveUp(new AppError("ABORTED"));
  }

  /** While a song runs, silence frames end it (Discord interpolates otherwise); a held one has sent them already. */
  #interrupt(): void {
    this.#player.stop(this.#player.state.status !== AudioPlayerStatus.Playing);
  }
}

/** The packets one by one, copied because the stream takes some ahead. */
async function* taken(packets: OpusPackets, signal: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
  for (;;) {
    const packet = packets.next();
    if (packet === "end") return;
    if (packet !== "later") yield Buffer.from(packet);
    else if (!(await isReady(packets, signal))) return;
  }
}

/** False = nobody waits for more. */
async function isReady(packets: OpusPackets, signal: AbortSignal): Promise<boolean> {
  try {
    await packets.ready(signal);
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
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

/** Resolves when frames will be heard, or after {@link ENCRYPTION_WAIT_MS}. */
async function untilEncrypted(connection: VoiceConnection): Promise<void> {
  if (isEncrypted(connection)) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, ENCRYPTION_WAIT_MS);
    function done(): void {
      clearTimeout(timer);
      connection.off("transitioned", done);
      resolve();
    }
    connection.on("transitioned", done);
  });
}

/** True when frames will be heard: the call is not end-to-end encrypted, or its group was joined. */
function isEncrypted(connection: VoiceConnection): boolean {
  if (connection.state.status !== VoiceConnectionStatus.Ready) return true;
  const { state } = connection.state.networking;
  const dave = "dave" in state ? state.dave : undefined;
  return !dave || dave.protocolVersion === 0 || dave.session?.ready === true;
}
