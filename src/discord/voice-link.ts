import { type DiscordGatewayAdapterCreator, joinVoiceChannel, type VoiceConnection } from "@discordjs/voice";
import { untilAborted } from "../core/abort.ts";
import { AppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { OpusPackets } from "../core/opus-packets.ts";
import type { FrameSink } from "../player/pacer/frame-sink.ts";
import type { Lane } from "../player/pacer/lane.ts";
import type { Pacer } from "../player/pacer/pacer.ts";
import type { PlaybackEnd, VoiceChannelRef, VoiceGateway, VoiceLink } from "../player/voice-link.ts";
import { RtpOutbox } from "./rtp-outbox.ts";
import { RtpSender } from "./rtp-sender.ts";
import { hasKnownShape, librarySink, rtpSessionOf } from "./rtp-session.ts";
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
  readonly pacer: Pacer;
  /** What is to be done while the bot is still in the channel that it is about to leave. Never rejects. */
  readonly beforeLeaving?: (guildId: string) => Promise<void>;
  readonly log: Logger;
  readonly supervision?: VoiceSupervisorOptions;
}

/** Joins voice channels through @discordjs/voice. */
export class DiscordVoice implements VoiceGateway {
  readonly #deps: DiscordVoiceDeps;
  readonly #outbox = new RtpOutbox();
  /** Guilds whose channel is just being left. */
  readonly #leaving = new Map<string, Promise<void>>();

  constructor(deps: DiscordVoiceDeps) {
    this.#deps = deps;
  }

  async join(channel: VoiceChannelRef, signal: AbortSignal): Promise<VoiceLink> {
    const { guilds, pacer, log, supervision } = this.#deps;
    const refusal = guilds.refusal(channel);
    if (refusal) throw refusal;
    const adapter = guilds.adapterOf(channel.guildId);
    if (!adapter) throw new AppError("VOICE_UNREACHABLE", { channel: `<#${channel.channelId}>` });
    const { guildId, channelId } = channel;
    await this.#leaving.get(guildId);
    const gate = new VoiceGate();
    const adapterCreator = gate.guard(adapter);
    const connection = joinVoiceChannel({ guildId, channelId, adapterCreator, selfDeaf: true });
    const name = { guildId, channelId, channel: channel.name };
    const supervisor = new VoiceSupervisor({ connection, gate, name }, log, supervision);
    try {
      await untilAborted(supervisor.ready(), signal);
    } catch (error) {
      supervisor.giveUp(new AppError("ABORTED"));
      throw error;
    }
    const outbox = this.#outbox;
    const onLeave = (): void => this.#leave(guildId, supervisor);
    return new DiscordVoiceLink({ channel, connection, supervisor, guilds, pacer, outbox, onLeave, log });
  }

  /** Resolves when all channels that were being left are. */
  async close(): Promise<void> {
    await Promise.all(this.#leaving.values());
  }

  #leave(guildId: string, supervisor: VoiceSupervisor): void {
    const { beforeLeaving } = this.#deps;
    const hangUp = (): void => supervisor.giveUp(new AppError("ABORTED"));
    if (!beforeLeaving) return hangUp();
    const left = beforeLeaving(guildId).then(() => {
      if (this.#leaving.get(guildId) === left) this.#leaving.delete(guildId);
      return hangUp();
    });
    this.#leaving.set(guildId, left);
  }
}

interface LinkParts {
  readonly channel: VoiceChannelRef;
  readonly connection: VoiceConnection;
  readonly supervisor: VoiceSupervisor;
  readonly guilds: Pick<VoiceGuilds, "channelName" | "listeners" | "refusal">;
  readonly pacer: Pacer;
  readonly outbox: RtpOutbox;
  readonly onLeave: () => void;
  readonly log: Logger;
}

class DiscordVoiceLink implements VoiceLink {
  readonly #parts: LinkParts;
  readonly #lane: Lane;
  #open = true;
  #lostBecause: AppError | undefined;

  constructor(parts: LinkParts) {
    this.#parts = parts;
    this.#lane = parts.pacer.lane(this.#sink());
    void parts.supervisor.ended.then((reason) => {
      if (this.#open) this.#lostBecause = reason;
      return this.#close();
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
    return this.#lane.positionMs;
  }

  async play(packets: OpusPackets, signal: AbortSignal): Promise<PlaybackEnd> {
    const end = await this.#lane.play(packets, signal);
    return end.status === "lost" && this.#lostBecause ? { ...end, reason: this.#lostBecause } : end;
  }

  replace(packets: OpusPackets): void {
    this.#lane.replace(packets);
  }

  move({ channelId }: VoiceChannelRef): void {
    const { channel, connection, guilds } = this.#parts;
    const refusal = guilds.refusal({ ...channel, channelId });
    if (refusal) throw refusal;
    connection.rejoin({ ...connection.joinConfig, channelId });
  }

  pause(): void {
    this.#lane.pause();
  }

  resume(): void {
    this.#lane.resume();
  }

  leave(): void {
    if (!this.#open) return;
    this.#close();
    this.#parts.onLeave();
  }

  #close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#lane.close();
    const { channel, log } = this.#parts;
    log.info("voice.paced", { guildId: channel.guildId, ...this.#lane.counts });
  }

  #sink(): FrameSink {
    const { connection, guilds, outbox, log } = this.#parts;
    const session = rtpSessionOf(connection);
    if (session && !hasKnownShape(session)) {
      log.warn("voice.unknown_library", {
        detail: "this @discordjs/voice sends by itself, which costs more",
      });
      return librarySink(connection);
    }
    return new RtpSender({
      session: () => rtpSessionOf(connection),
      outbox,
      setSpeaking: (isSpeaking) => void connection.setSpeaking(isSpeaking),
      hasListeners: () => guilds.listeners(this.channel) > 0,
    });
  }
}
