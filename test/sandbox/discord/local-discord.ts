// A Discord on 127.0.0.1 that unmodified bots log in to, and the people on it.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GatewayIntentBits } from "discord-api-types/v10";
import { systemClock } from "../../../src/core/clock.ts";
import type { Clock } from "../../../src/core/clock.ts";
import { BotVoice } from "./bot-voice.ts";
import { makeCertificate } from "./certificate.ts";
import type { LocalCertificate } from "./certificate.ts";
import type { Channel } from "./channel.ts";
import { CommandBook } from "./command-book.ts";
import type { RegisteredCommand } from "./command-book.ts";
import type { Refusal, Violation } from "./errors.ts";
import { Dave } from "./dave.ts";
import { Gateway } from "./gateway.ts";
import { Guild } from "./guild.ts";
import type { GuildPlan } from "./guild.ts";
import { guildCreatePayload } from "./guild-payloads.ts";
import { InteractionDesk } from "./interaction-desk.ts";
import { MessageStore } from "./message-store.ts";
import type { Person, PersonServices } from "./person.ts";
import { RestServer } from "./rest-server.ts";
import { applicationRoutes } from "./routes/application.ts";
import { channelRoutes } from "./routes/channels.ts";
import { guildRoutes } from "./routes/guilds.ts";
import { interactionRoutes } from "./routes/interactions.ts";
import type { VoiceMode } from "./rtp.ts";
import { until } from "./until.ts";
import type { UntilOptions } from "./until.ts";
import { VoiceServer } from "./voice-server.ts";
import { World } from "./world.ts";
import type { PortalSwitches } from "./world.ts";

export interface LocalDiscordOptions {
  readonly clock?: Clock;
  /** Default `Encore`. */
  readonly botName?: string;
  /** Switches of the developer portal. Default: message content on, the others off. */
  readonly portal?: Partial<PortalSwitches>;
  /** Default both, AES first. */
  readonly voiceModes?: readonly VoiceMode[];
  /** End-to-end encryption in voice (DAVE 1), which clients must speak then. Default off. */
  readonly dave?: boolean;
  /** False = voice packets are counted and thrown away, for bots with hundreds of guilds. Default true. */
  readonly hearsVoice?: boolean;
  /** Shards recommended by `/gateway/bot`. Default 1. */
  readonly shards?: number;
  /** Default 41 250 ms, as Discord's. */
  readonly gatewayHeartbeatIntervalMs?: number;
}

/** The environment a bot process needs, and nothing else. */
export interface BotEnvironment {
  readonly DISCORD_API_URL: string;
  readonly NODE_EXTRA_CA_CERTS: string;
  readonly DISCORD_TOKEN: string;
}

/** The running servers and what happens on them. */
export class LocalDiscord implements AsyncDisposable {
  readonly #world: World;
  readonly #folder: string;
  readonly #services: PersonServices;
  readonly env: BotEnvironment;
  readonly gateway: Gateway;
  readonly rest: RestServer;
  readonly voice: BotVoice;
  readonly commands: CommandBook;
  readonly #dave: Dave | undefined;
  readonly #shards: number;

  private constructor(parts: Parts) {
    this.#world = parts.world;
    this.#folder = parts.folder;
    this.#services = parts.services;
    this.gateway = parts.gateway;
    this.rest = parts.rest;
    this.voice = parts.voice;
    this.#dave = parts.dave;
    this.#shards = parts.shards;
    this.commands = parts.services.commands;
    this.env = {
      DISCORD_API_URL: `${parts.world.httpOrigin}/api`,
      NODE_EXTRA_CA_CERTS: join(parts.folder, "authority.pem"),
      DISCORD_TOKEN: parts.token,
    };
  }

  /** Starts all servers on free ports. */
  static async start(options: LocalDiscordOptions = {}): Promise<LocalDiscord> {
    const parts = assemble(options, await mkdtemp(join(tmpdir(), "local-discord-")));
    await writeFile(join(parts.folder, "authority.pem"), parts.certificate.authorityPem);
    await Promise.all([parts.rest.listen(), parts.gateway.listening(), parts.voice.server.listen()]);
    return new LocalDiscord(parts);
  }

  get clock(): Clock {
    return this.#world.clock;
  }

  get botId(): string {
    return this.#world.bot.id;
  }

  /** What bots did that Discord forbids; a good suite ends with none. */
  get violations(): readonly Violation[] {
    return this.#world.violations;
  }

  /** Every request that was answered with an error. */
  get refusals(): readonly Refusal[] {
    return this.#world.refusals;
  }

  get guilds(): readonly Guild[] {
    return [...this.#world.guilds.values()];
  }

  /** Makes a guild with the bot in it; bots that are online hear of it at once. */
  addGuild(plan: GuildPlan): Guild {
    const guild = new Guild(plan, this.#world, this.#services);
    this.#world.guilds.set(guild.id, guild);
    this.#world.announce({
      type: "GUILD_CREATE",
      data: () => guildCreatePayload(guild),
      guildId: guild.id,
      intents: GatewayIntentBits.Guilds,
    });
    return guild;
  }

  /** Makes a person the owner of the bot's application. Do it before the bot asks. */
  makeOwner(person: Person): void {
    this.#world.applicationOwner = person.user;
  }

  /** Commands registered for all guilds, or for one. */
  registeredCommands(guild?: Guild): readonly RegisteredCommand[] {
    return this.commands.list(guild?.id);
  }

  /** Is a bot logged in on every recommended shard? */
  get botIsOnline(): boolean {
    return this.gateway.online.length >= this.#shards;
  }

  /** Frames of the bot that no listener of an encrypted call could make sense of. */
  unheardFrames(channel: Channel): number {
    return this.#dave?.call(channel.id).unheardFrames ?? 0;
  }

  /** Waits until a condition holds. @throws {Error} with the latest messages and refusals when it never does */
  async until<T>(condition: () => T | Promise<T>, options: UntilOptions): Promise<NonNullable<T>> {
    return await until(condition, options, () => this.#situation());
  }

  #situation(): string {
    const messages = [...this.#world.messages.values()].slice(-5).map(({ author, text, deleted }) => {
      return `  ${author.name}${deleted ? " (deleted)" : ""}: ${text || "(nothing to read)"}`;
    });
    const refusals = this.#world.refusals.slice(-5).map((refusal) => `  ${JSON.stringify(refusal)}`);
    return ["Latest messages:", ...messages, "Latest refusals:", ...refusals].join("\n");
  }

  /** Stops all servers and removes the certificate. */
  async close(): Promise<void> {
    await Promise.all([this.rest.close(), this.gateway.close(), this.voice.server.close()]);
    await rm(this.#folder, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Starts a local Discord; `await using` closes it. */
export async function startLocalDiscord(options: LocalDiscordOptions = {}): Promise<LocalDiscord> {
  return await LocalDiscord.start(options);
}

interface Parts {
  readonly world: World;
  readonly folder: string;
  readonly token: string;
  readonly certificate: LocalCertificate;
  readonly services: PersonServices;
  readonly gateway: Gateway;
  readonly rest: RestServer;
  readonly voice: BotVoice;
  readonly dave: Dave | undefined;
  readonly shards: number;
}

function assemble(options: LocalDiscordOptions, folder: string): Parts {
  const { clock = systemClock, botName = "Encore", shards = 1 } = options;
  const portal = { messageContent: true, serverMembers: false, presence: false, ...options.portal };
  const world = new World({ clock, botName, portal });
  const token = `${Buffer.from(world.bot.id).toString("base64url")}.Lo-cal.${"discord".repeat(5)}`;
  const certificate = makeCertificate(clock.nowMs());
  const modes = options.voiceModes ?? ["aead_aes256_gcm_rtpsize", "aead_xchacha20_poly1305_rtpsize"];
  const dave = options.dave ? new Dave(world) : undefined;
  const { hearsVoice = true } = options;
  const voice = new BotVoice(world, new VoiceServer({ world, certificate, modes, dave, hearsVoice }));
  const services = {
    messages: new MessageStore(world),
    desk: new InteractionDesk(world),
    commands: new CommandBook(world),
  };
  const gateway = new Gateway({
    world,
    token,
    heartbeatIntervalMs: options.gatewayHeartbeatIntervalMs ?? 41_250,
    onVoiceRequest: (request, session) => voice.request(request, session),
  });
  const routes = {
    ...applicationRoutes({ world, commands: services.commands, gatewayUrl: () => gateway.url, shards }),
    ...channelRoutes(world, services.messages),
    ...guildRoutes(world),
    ...interactionRoutes({ world, ...services }),
  };
  return {
    world,
    folder,
    token,
    certificate,
    services,
    gateway,
    rest: new RestServer(world, routes, token),
    voice,
    dave,
    shards,
  };
}
