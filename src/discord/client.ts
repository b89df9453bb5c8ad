import {
  Client,
  Events,
  GatewayIntentBits,
  type GuildBasedChannel,
  GuildFeature,
  type GuildTextBasedChannel,
  Options,
  Partials,
  Routes,
} from "discord.js";
import type { Services } from "../command/context.ts";
import type { Command } from "../command/define.ts";
import type { DispatchDeps } from "../command/dispatch.ts";
import type { MessageHandle, MessagePlace, Panel } from "../command/panel.ts";
import type { Lack, Tasks } from "../core/bot-tasks.ts";
import { untilAborted } from "../core/abort.ts";
import { AppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Pacer } from "../player/pacer/pacer.ts";
import type { VoiceChannelRef, VoiceGateway } from "../player/voice-link.ts";
import { ChannelHints } from "./channel-hints.ts";
import { onInteraction } from "./interactions.ts";
import { handleOf, sendDirect } from "./message-handle.ts";
import { listenersIn, People, type PeopleOptions } from "./people.ts";
import { inviteUrl, lacking, lacksIn, mayWriteStatus, textRefusal, voiceRefusal } from "./permissions.ts";
import { onMessage } from "./prefix.ts";
import { registerCommands, type RegistrationMemory } from "./register.ts";
import { restRequest } from "./rest-request.ts";
import { renderPanel } from "./render.ts";
import { DiscordVoice, type VoiceGuilds } from "./voice-link.ts";
import { VoiceStatus } from "./voice-status.ts";
import { type VoiceNews, VoiceWatch } from "./voice-watch.ts";

export interface DiscordOptions extends PeopleOptions {
  /** `undefined` = Discord itself. */
  readonly apiUrl: string | undefined;
  readonly prefixCommands: boolean;
}

export interface DiscordRun extends DispatchDeps {
  readonly token: string;
  readonly commands: readonly Command[];
  readonly services: Services;
  readonly memory: RegistrationMemory;
  readonly shutdown: AbortSignal;
  readonly voiceNews: VoiceNews;
  /** The bot was removed from a guild. */
  readonly onGuildGone: (guildId: string) => Promise<void>;
  /** Discord refuses us for good. */
  readonly onFatal: (error: AppError) => void;
}

/** Gateway close codes that no retry cures. https://docs.discord.com/developers/topics/opcodes-and-status-codes */
const CLOSE_BAD_TOKEN = 4004;
const CLOSE_INTENTS = 4014;

/** The connection to Discord: logs in, hands events to the surfaces, sends messages. */
export class Discord {
  readonly #client: Client;
  readonly #log: Logger;
  readonly #people: People;
  /** The line under the name of the voice channel. */
  readonly voiceStatus: VoiceStatus;
  #voice: DiscordVoice | undefined;

  constructor(options: DiscordOptions, log: Logger) {
    this.#log = log;
    this.#client = new Client({
      intents: [
        GatewayIntentBits.Guilds,
        GatewayIntentBits.GuildVoiceStates,
        GatewayIntentBits.GuildMessages,
        GatewayIntentBits.DirectMessages,
        ...(options.prefixCommands ? [GatewayIntentBits.MessageContent] : []),
      ],
      // Direct channels are never announced: without this their messages would be dropped.
      partials: [Partials.Channel],
      allowedMentions: { parse: [], repliedUser: false },
      makeCache: Options.cacheWithLimits({ ...Options.DefaultMakeCacheSettings, MessageManager: 50 }),
      rest: { makeRequest: restRequest, ...(options.apiUrl !== undefined && { api: options.apiUrl }) },
    });
    this.#people = new People(this.#client, options);
    this.voiceStatus = this.#createVoiceStatus();
    // An `error` without a listener would end the process.
    this.#client.on(Events.Error, (error) => log.error("discord.error", { error }));
    this.#client.on(Events.ShardError, (error, shard) => log.warn("discord.shard_error", { shard, error }));
    this.#client.on(Events.Warn, (message) => log.warn("discord.warning", { message }));
  }

  /** Logs in and starts answering; resolves when the gateway is ready and the commands are registered. */
  async start(run: DiscordRun, signal: AbortSignal): Promise<void> {
    const client = this.#client;
    client.on(Events.ShardDisconnect, (event) => this.#onClosed(event.code, run.onFatal));
    const onPlaced = (guildId: string): void => {
      this.voiceStatus.follow(guildId);
      run.voiceNews.onPlaced(guildId);
    };
    new VoiceWatch({ news: { ...run.voiceNews, onPlaced }, log: this.#log }).watch(client);
    client.on(Events.GuildDelete, (guild) => this.#guard("guildDelete", run.onGuildGone(guild.id)));
    const { application, user } = await untilAborted(this.#logIn(run.token), signal);
    await this.#people.loadOwners();
    const surface = { ...run, people: this.#people, hints: new ChannelHints(run.services.clock) };
    client.on(Events.InteractionCreate, (event) => this.#guard("interaction", onInteraction(surface, event)));
    client.on(Events.MessageCreate, (event) => this.#guard("message", onMessage(surface, event, user.id)));
    const commandsRegistered = await registerCommands(application.commands, run.commands, run.memory).catch(
      // The ones of last time still work; the next start tries again.
      (error: unknown) => this.#log.error("discord.commands_not_registered", { error }),
    );
    this.#log.info("ready", {
      user: user.tag,
      guilds: client.guilds.cache.size,
      commandsRegistered: commandsRegistered ?? false,
      invite: inviteUrl(application.id),
    });
  }

  async #logIn(token: string): Promise<Client<true>> {
    const ready = new Promise<Client<true>>((resolve) => {
      this.#client.once(Events.ClientReady, resolve);
    });
    await this.#client.login(token).catch((error: unknown) => {
      throw loginError(error);
    });
    return ready;
  }

  /** Sends a message into a text channel. @throws {AppError} `CHANNEL_NO_PERMISSION` before Discord would refuse it */
  async post(channelId: string, panel: Panel): Promise<MessageHandle> {
    const channel = await this.#client.channels.fetch(channelId);
    if (!channel?.isSendable())
      throw new AppError("INTERNAL", { detail: "that channel takes no messages", channelId });
    const refusal = channel.isDMBased() ? undefined : textRefusal(channel);
    if (refusal) throw refusal;
    return handleOf(await (channel as GuildTextBasedChannel).send(renderPanel(panel)));
  }

  /** Deletes a message of ours. */
  async remove({ channelId, messageId }: MessagePlace): Promise<void> {
    const channel = await this.#client.channels.fetch(channelId);
    if (channel?.isTextBased()) await channel.messages.delete(messageId);
  }

  /** That the bot may write in a channel. @throws {AppError} `CHANNEL_NO_PERMISSION` */
  requireWriting(guildId: string, channelId: string): void {
    const channel = this.#channel(guildId, channelId);
    const refusal = channel
      ? textRefusal(channel, ["replies"])
      : lacking("CHANNEL_NO_PERMISSION", channelId, ["ViewChannel"]);
    if (refusal) throw refusal;
  }

  /** Whether the bot may delete what others write in a channel. */
  mayTidy(guildId: string, channelId: string): boolean {
    const channel = this.#channel(guildId, channelId);
    return channel !== undefined && lacksIn(channel, ["requests"]).length === 0;
  }

  /** Users that own this bot; known once it has started. */
  get ownerIds(): readonly string[] {
    return this.#people.ownerIds;
  }

  /** Sends a direct message. False = this person takes none from the bot. */
  async whisper(userId: string, panel: Panel): Promise<boolean> {
    return await sendDirect(await this.#client.users.fetch(userId), panel);
  }

  /** Language of a guild. Only a community chooses one: of all others Discord says English. */
  localeOf(guildId: string): string | undefined {
    const guild = this.#client.guilds.cache.get(guildId);
    return guild?.features.includes(GuildFeature.Community) ? guild.preferredLocale : undefined;
  }

  /** What joining a voice channel needs to know. */
  get voiceGuilds(): VoiceGuilds {
    const { guilds } = this.#client;
    return {
      adapterOf: (guildId) => guilds.cache.get(guildId)?.voiceAdapterCreator,
      refusal: (channel) => voiceRefusal(guilds.cache.get(channel.guildId), channel),
      listeners: ({ guildId, channelId }) => {
        const guild = guilds.cache.get(guildId);
        return guild ? listenersIn(guild, channelId).length : 0;
      },
      channelName: (guildId, channelId) => guilds.cache.get(guildId)?.channels.cache.get(channelId)?.name,
    };
  }

  /** Bit rate of a voice channel, in kbit/s; `undefined` = there is no such channel. */
  kbpsOf({ guildId, channelId }: VoiceChannelRef): number | undefined {
    const channel = this.#channel(guildId, channelId);
    return channel?.isVoiceBased() ? channel.bitrate / 1000 : undefined;
  }

  /** What the bot may not do in channels of a guild, of these tasks; a channel that is gone has none. */
  lacks(guildId: string, tasks: Tasks): readonly Lack[] {
    return [...tasks].flatMap(([channelId, some]) => {
      const channel = this.#channel(guildId, channelId);
      return channel ? lacksIn(channel, some) : [];
    });
  }

  /** The way into voice channels. */
  createVoice(pacer: Pacer): VoiceGateway {
    this.#voice = new DiscordVoice({
      guilds: this.voiceGuilds,
      pacer,
      beforeLeaving: (guildId) => this.voiceStatus.clear(guildId),
      log: this.#log,
    });
    return this.#voice;
  }

  /** Voice channels that are just being left are left. */
  async close(): Promise<void> {
    await this.#voice?.close();
    await this.#client.destroy();
  }

  #channel(guildId: string, channelId: string): GuildBasedChannel | undefined {
    return this.#client.guilds.cache.get(guildId)?.channels.cache.get(channelId);
  }

  #createVoiceStatus(): VoiceStatus {
    const { guilds, rest } = this.#client;
    return new VoiceStatus({
      channelOf: (guildId) => guilds.cache.get(guildId)?.members.me?.voice.channelId ?? undefined,
      mayWrite: (guildId, channelId) => mayWriteStatus(guilds.cache.get(guildId), channelId),
      write: async (channelId, status) => {
        await rest.put(Routes.channelVoiceStatus(channelId), { body: { status } });
      },
      log: this.#log,
    });
  }

  /** An event handler must not reject: its library would take that for a reason to end the process. */
  #guard(event: string, work: Promise<unknown>): void {
    work.catch((error: unknown) => this.#log.error("discord.handler_failed", { handler: event, error }));
  }

  #onClosed(code: number, onFatal: (error: AppError) => void): void {
    this.#log.warn("discord.closed", { code });
    if (code === CLOSE_BAD_TOKEN) onFatal(loginError(undefined));
    if (code === CLOSE_INTENTS) onFatal(new AppError("CONFIG_INVALID", { problems: INTENT_HELP }));
  }
}

const INTENT_HELP =
  "Discord refuses the Message Content intent. Switch it on at https://discord.com/developers/applications → your application → Bot → Message Content Intent, or set PREFIX_COMMANDS=false to use slash commands only.";

function loginError(cause: unknown): AppError {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (cause !== undefined && code !== "TokenInvalid")
    return new AppError("DISCORD_UNREACHABLE", {}, { cause });
  const problems =
    "Discord refuses the token. Make a new one at https://discord.com/developers/applications → your application → Bot → Reset Token, and put it into DISCORD_TOKEN.";
  return new AppError("CONFIG_INVALID", { problems }, { cause });
}
