// The bot's voice in this process, against the local Discord: for time limits a whole bot would be too slow to meet.
import { readFileSync } from "node:fs";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { Client, Events, GatewayIntentBits } from "discord.js";
import { GatewayOpcodes } from "discord-api-types/v10";
import { silentLogger } from "../../src/core/logger.ts";
import { systemClock } from "../../src/core/clock.ts";
import { DiscordVoice, type DiscordVoiceDeps } from "../../src/discord/voice-link.ts";
import type { VoiceSupervisorOptions } from "../../src/discord/voice-supervisor.ts";
import { Pacer } from "../../src/player/pacer/pacer.ts";
import type { VoiceChannelRef } from "../../src/player/voice-link.ts";
import { FakePackets } from "../fakes/packets.ts";
import type { Guild, GuildPlan } from "../sandbox/discord/guild.ts";
import {
  type LocalDiscord,
  type LocalDiscordOptions,
  startLocalDiscord,
} from "../sandbox/discord/local-discord.ts";

/** Limits in which a test can wait for the end of patience. */
export const HASTY: VoiceSupervisorOptions = {
  phaseMs: 500,
  maxTries: 3,
  stableMs: 60_000,
  pauseMs: () => 10,
  moveMs: 100,
};

/** A logged-in client and its voice, in one guild with a "Lounge" and a "Garden". */
export class VoiceLab implements AsyncDisposable {
  readonly discord: LocalDiscord;
  readonly guild: Guild;
  readonly lounge: VoiceChannelRef;
  readonly client: Client;

  private constructor(discord: LocalDiscord, guild: Guild, client: Client) {
    this.discord = discord;
    this.guild = guild;
    this.client = client;
    this.lounge = this.channel("Lounge");
  }

  static async open(
    plan: Partial<GuildPlan> = { voice: ["Lounge", "Garden"] },
    options: LocalDiscordOptions = {},
  ): Promise<VoiceLab> {
    const discord = await startLocalDiscord(options);
    setDefaultCACertificates([
      ...getCACertificates("bundled"),
      readFileSync(discord.env.NODE_EXTRA_CA_CERTS, "utf8"),
    ]);
    const guild = discord.addGuild({ name: "Lab", ...plan });
    const client = new Client({
      rest: { api: discord.env.DISCORD_API_URL },
      intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildVoiceStates],
    });
    const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve));
    await client.login(discord.env.DISCORD_TOKEN);
    await ready;
    return new VoiceLab(discord, guild, client);
  }

  channel(name: string): VoiceChannelRef {
    return { guildId: this.guild.id, channelId: this.guild.channel(name).id, name };
  }

  voice(
    supervision: VoiceSupervisorOptions = HASTY,
    more: Partial<Pick<DiscordVoiceDeps, "beforeLeaving" | "log">> = {},
  ): DiscordVoice {
    const { cache } = this.client.guilds;
    const guilds = {
      adapterOf: (guildId: string) => cache.get(guildId)?.voiceAdapterCreator,
      refusal: () => undefined,
      listeners: ({ channelId }: VoiceChannelRef) =>
        this.guild.peopleIn(channelId).filter(({ userId }) => userId !== this.discord.botId).length,
      channelName: (guildId: string, channelId: string) =>
        cache.get(guildId)?.channels.cache.get(channelId)?.name,
    };
    const pacer = new Pacer(systemClock);
    return new DiscordVoice({ guilds, pacer, log: silentLogger, supervision, ...more });
  }

  /** Names of the voice channels the bot asked for, in order; `null` = it asked to leave. */
  get asked(): (string | null)[] {
    const requests = this.discord.gateway.received.filter(({ op }) => op === GatewayOpcodes.VoiceStateUpdate);
    const ids = requests.map(({ d }) => (d as { channel_id: string | null }).channel_id);
    return ids.map((id) => this.guild.channels.find((channel) => channel.id === id)?.name ?? null);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.destroy();
    await this.discord.close();
  }
}

/** Packets that are told apart by their last byte. Nobody decodes them: the bot passes them through. */
export function packets(count = 50): FakePackets {
  return new FakePackets(
    Array.from({ length: count }, (_none, number) => Buffer.from([0xfc, 0x11, 0x22, number])),
  );
}
