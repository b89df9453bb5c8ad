// Where the bot is in voice: its wishes (gateway opcode 4), and what people and Discord do to it.
import { ChannelType } from "discord-api-types/v10";
import { VoiceCloseCodes } from "discord-api-types/voice/v8";
import type { Channel } from "./channel.ts";
import type { VoiceRequest } from "./gateway.ts";
import type { GatewaySession } from "./gateway-session.ts";
import type { Guild } from "./guild.ts";
import { has, Permission } from "./permissions.ts";
import type { VoiceServer } from "./voice-server.ts";
import type { World } from "./world.ts";

/** A wish to join that Discord met with silence. */
export interface IgnoredJoin {
  readonly guildId: string;
  readonly channelId: string;
  readonly why: "unknown channel" | "no permission" | "full";
}

/** Voice of the bot in all guilds, and the faults a test can ask for. */
export class BotVoice {
  readonly #world: World;
  readonly server: VoiceServer;
  /** Joins that got no answer, because Discord gives none. */
  readonly ignoredJoins: IgnoredJoin[] = [];
  /** Set to true to send VOICE_STATE_UPDATE only, never VOICE_SERVER_UPDATE. */
  withholdsServerUpdates = false;

  constructor(world: World, server: VoiceServer) {
    this.#world = world;
    this.server = server;
  }

  /** Opcode 4. */
  request(request: VoiceRequest, session: GatewaySession): void {
    const guild = this.#world.guilds.get(request.guild_id);
    if (!guild) return;
    if (request.channel_id === null) return this.#leave(guild, session.facts.id);
    const channel = guild.channels.find(({ id }) => id === request.channel_id);
    const before = guild.botVoiceChannel;
    const why = this.#obstacle(guild, channel, before);
    if (!channel || why) {
      this.ignoredJoins.push({
        guildId: guild.id,
        channelId: request.channel_id,
        why: why ?? "unknown channel",
      });
      return;
    }
    const staysConnected = before === channel && this.server.sessionOf(guild)?.isConnected === true;
    this.#put(guild, channel, { sessionId: session.facts.id, ...request });
    if (!staysConnected) this.#allocate(guild, channel, session.facts.id);
  }

  /** Somebody drags the bot to another channel. */
  move(guild: Guild, channelName: string): void {
    const state = guild.voiceStates.get(this.#world.bot.id);
    if (!state) throw new Error("The bot is in no voice channel.");
    const channel = guild.channel(channelName);
    this.server.release(guild, VoiceCloseCodes.Disconnected);
    this.#put(guild, channel, {
      sessionId: state.sessionId,
      self_mute: state.selfMute,
      self_deaf: state.selfDeaf,
    });
    this.#allocate(guild, channel, state.sessionId);
  }

  /** Somebody disconnects the bot: close code 4014. */
  kick(guild: Guild): void {
    const state = guild.voiceStates.get(this.#world.bot.id);
    if (!state) throw new Error("The bot is in no voice channel.");
    this.server.release(guild, VoiceCloseCodes.Disconnected);
    guild.setVoiceState({ ...state, channelId: null });
  }

  /** The voice server goes away: VOICE_SERVER_UPDATE without an endpoint, until {@link reallocate}. */
  loseServer(guild: Guild): void {
    this.server.release(guild, 1001);
    this.#announceServer(guild, { token: "", endpoint: null });
  }

  /** Discord found another voice server for the bot. */
  reallocate(guild: Guild): void {
    const channel = guild.botVoiceChannel;
    const state = guild.voiceStates.get(this.#world.bot.id);
    if (!channel || !state) throw new Error("The bot is in no voice channel.");
    this.#allocate(guild, channel, state.sessionId);
  }

  #leave(guild: Guild, sessionId: string): void {
    const state = guild.voiceStates.get(this.#world.bot.id);
    this.server.release(guild);
    guild.setVoiceState({
      userId: this.#world.bot.id,
      channelId: null,
      sessionId: state?.sessionId ?? sessionId,
      selfMute: false,
      selfDeaf: false,
      suppress: false,
    });
  }

  #put(
    guild: Guild,
    channel: Channel,
    how: Pick<VoiceRequest, "self_mute" | "self_deaf"> & { sessionId: string },
  ): void {
    const before = guild.voiceStates.get(this.#world.bot.id);
    // In the audience of a stage until it is asked up, or goes up by a right of its own.
    const isBelow =
      channel.type === ChannelType.GuildStageVoice && (before?.channelId !== channel.id || before.suppress);
    guild.setVoiceState({
      userId: this.#world.bot.id,
      channelId: channel.id,
      sessionId: how.sessionId,
      selfMute: how.self_mute,
      selfDeaf: how.self_deaf,
      suppress: isBelow || !guild.botMay(channel, Permission.Speak),
    });
  }

  #allocate(guild: Guild, channel: Channel, sessionId: string): void {
    if (this.withholdsServerUpdates) return;
    const { token } = this.server.allocate(guild, channel, sessionId).facts;
    this.#announceServer(guild, { token, endpoint: this.server.endpoint });
  }

  #announceServer(guild: Guild, where: { readonly token: string; readonly endpoint: string | null }): void {
    this.#world.announce({
      type: "VOICE_SERVER_UPDATE",
      data: { guild_id: guild.id, ...where },
      guildId: guild.id,
      intents: 0,
    });
  }

  /** Discord answers a join that cannot be with nothing at all. */
  #obstacle(
    guild: Guild,
    channel: Channel | undefined,
    before: Channel | undefined,
  ): IgnoredJoin["why"] | undefined {
    if (!channel) return "unknown channel";
    const mine = guild.permissionsOf(this.#world.bot.id, channel);
    if (!has(mine, Permission.ViewChannel | Permission.Connect)) return "no permission";
    const isFull =
      channel.userLimit > 0 && before !== channel && guild.peopleIn(channel.id).length >= channel.userLimit;
    return isFull && !has(mine, Permission.MoveMembers) ? "full" : undefined;
  }
}
