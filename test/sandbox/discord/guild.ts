// One guild: its channels, roles, members, and who is in which voice channel.
import { ChannelType, GatewayIntentBits, OverwriteType } from "discord-api-types/v10";
import { type Channel, channelPayload } from "./channel.ts";
import { unknown } from "./errors.ts";
import { rolePayload, voiceStatePayload } from "./guild-payloads.ts";
import { ALL_PERMISSIONS, BOT_ROLE, EVERYONE, has, Permission, permissionsIn } from "./permissions.ts";
import { Person } from "./person.ts";
import type { PersonServices } from "./person.ts";
import { Recording } from "./recording.ts";
import type { User } from "./users.ts";
import type { World } from "./world.ts";

export interface Role {
  readonly id: string;
  readonly name: string;
  permissions: bigint;
  /** Set for the role that belongs to a bot. */
  readonly botId: string | undefined;
}

export interface Member {
  readonly user: User;
  readonly roleIds: readonly string[];
}

export interface VoiceState {
  readonly userId: string;
  readonly channelId: string | null;
  readonly sessionId: string;
  readonly selfMute: boolean;
  readonly selfDeaf: boolean;
  readonly suppress: boolean;
  /** Muted and deafened by others. */
  readonly mute?: boolean;
  readonly deaf?: boolean;
  /** On a stage: when it asked to speak. */
  readonly asksToSpeakAt?: string | null | undefined;
}

/** A channel to make; `denyBot` are permission bits taken from the bot there. */
export interface ChannelWish {
  readonly name: string;
  readonly denyBot?: bigint;
  /** Voice only. */
  readonly userLimit?: number;
  /** Voice only; default 64,000 bits per second, as Discord's. */
  readonly bitrate?: number;
}

export interface GuildPlan {
  readonly name: string;
  /** Default: one channel "general". */
  readonly text?: readonly (string | ChannelWish)[];
  /** Default: one channel "Lounge". */
  readonly voice?: readonly (string | ChannelWish)[];
  /** Stage channels; default none. */
  readonly stages?: readonly (string | ChannelWish)[];
  /** Permission bits of the bot's role; default what the invite link asks for. */
  readonly botPermissions?: bigint;
  /** Permission bits of @everyone. */
  readonly everyonePermissions?: bigint;
  /** Makes it a community of that language; others have none of their own, which Discord calls `en-US`. */
  readonly communityLocale?: string;
}

export interface PersonPlan {
  readonly name: string;
  /** Added to what everyone may do. */
  readonly permissions?: bigint | "administrator";
  /** An account of another bot. */
  readonly isBot?: boolean;
  /** Makes the same account a member here too. */
  readonly sameAs?: Person;
}

/** A guild of the local Discord, as tests handle it. */
export class Guild {
  readonly id: string;
  readonly name: string;
  /** Language of the guild, as Discord tells it. */
  readonly locale: string;
  readonly features: readonly string[];
  readonly world: World;
  readonly owner: User;
  readonly roles: Role[] = [];
  readonly channels: Channel[] = [];
  readonly members = new Map<string, Member>();
  readonly voiceStates = new Map<string, VoiceState>();
  /** Everything heard in this guild, whichever channel the bot was in. */
  readonly heard = new Recording();
  readonly #services: PersonServices;

  constructor(plan: GuildPlan, world: World, services: PersonServices) {
    this.id = world.ids.fixed();
    this.name = plan.name;
    this.locale = plan.communityLocale ?? "en-US";
    this.features = plan.communityLocale === undefined ? [] : ["COMMUNITY"];
    this.world = world;
    this.#services = services;
    this.owner = world.addUser(`Owner of ${plan.name}`);
    this.addRole({
      id: this.id,
      name: "@everyone",
      permissions: plan.everyonePermissions ?? EVERYONE,
      botId: undefined,
    });
    const botRole = this.addRole({
      id: world.ids.fixed(),
      name: world.bot.name,
      permissions: plan.botPermissions ?? BOT_ROLE,
      botId: world.bot.id,
    });
    this.#addMember(this.owner, []);
    this.#addMember(world.bot, [botRole.id]);
    this.#addChannels(plan);
  }

  #addChannels({ text = ["general"], voice = ["Lounge"], stages = [] }: GuildPlan): void {
    for (const wish of text) this.#addChannel(wish, ChannelType.GuildText);
    for (const wish of voice) this.#addChannel(wish, ChannelType.GuildVoice);
    for (const wish of stages) this.#addChannel(wish, ChannelType.GuildStageVoice);
  }

  /** Bots that know the guild hear of it. */
  addRole(role: Role): Role {
    this.roles.push(role);
    if (this.world.guilds.has(this.id))
      this.world.announce({
        type: "GUILD_ROLE_CREATE",
        data: { guild_id: this.id, role: rolePayload(role, this.roles.length - 1) },
        guildId: this.id,
        intents: GatewayIntentBits.Guilds,
      });
    return role;
  }

  /** Makes a role without permissions and gives it to people. */
  giveRole(name: string, ...people: readonly Person[]): Role {
    const role = this.addRole({ id: this.world.ids.fixed(), name, permissions: 0n, botId: undefined });
    for (const { user, id } of people) this.#addMember(user, [...this.member(id).roleIds, role.id]);
    return role;
  }

  #addMember(user: User, roleIds: readonly string[]): void {
    this.members.set(user.id, { user, roleIds });
  }

  #addChannel(wish: string | ChannelWish, type: Exclude<Channel["type"], ChannelType.DM>): void {
    const {
      name,
      denyBot = 0n,
      userLimit = 0,
      bitrate,
    }: ChannelWish = typeof wish === "string" ? { name: wish } : wish;
    const deny = { id: this.world.bot.id, type: OverwriteType.Member, allow: 0n, deny: denyBot };
    const overwrites = denyBot === 0n ? [] : [deny];
    this.channels.push(
      this.world.addChannel({ name, type, guildId: this.id, overwrites, userLimit, bitrate }),
    );
  }

  /** A new member. People who are not in voice are unknown to the bot until they do something. */
  addPerson({ name, permissions, sameAs, isBot = false }: PersonPlan): Person {
    const user = sameAs?.user ?? this.world.addUser(name, isBot);
    const bits = permissions === "administrator" ? Permission.Administrator : permissions;
    const id = this.world.ids.fixed();
    const role =
      bits === undefined
        ? undefined
        : this.addRole({ id, name: `${name}'s role`, permissions: bits, botId: undefined });
    this.#addMember(user, role ? [role.id] : []);
    return new Person(user, this, this.#services);
  }

  /** @throws {Error} when there is no such channel */
  channel(name: string): Channel {
    const found = this.channels.find((channel) => channel.name === name);
    if (!found)
      throw new Error(
        `${this.name} has no channel "${name}"; there are: ${this.channels.map((c) => c.name).join(", ")}`,
      );
    return found;
  }

  /** Somebody moves the slider of a voice channel. */
  setBitrate(channelName: string, bitsPerSecond: number): void {
    const channel = this.channel(channelName);
    channel.bitrate = bitsPerSecond;
    this.world.announce({
      type: "CHANNEL_UPDATE",
      data: channelPayload(channel),
      guildId: this.id,
      intents: GatewayIntentBits.Guilds,
    });
  }

  /** What listeners of a voice channel hear from the bot. */
  listen(channelName: string): Recording {
    return this.channel(channelName).recording;
  }

  /** @throws {DiscordRefusal} Unknown Member */
  member(userId: string | undefined): Member {
    const member = this.members.get(userId ?? "");
    if (!member) throw unknown.member();
    return member;
  }

  /** What a member may do in a channel. */
  permissionsOf(userId: string, channel: Channel): bigint {
    if (userId === this.owner.id) return ALL_PERMISSIONS;
    const { roleIds } = this.member(userId);
    const base = this.roles
      .filter(({ id }) => id === this.id || roleIds.includes(id))
      .reduce((sum, role) => sum | role.permissions, 0n);
    return permissionsIn(channel.overwrites, { userId, roleIds, guildId: this.id, base });
  }

  botMay(channel: Channel, needed: bigint): boolean {
    return has(this.permissionsOf(this.world.bot.id, channel), needed);
  }

  /** Has it the right to speak there, did nobody mute it, and on a stage was it let up? */
  isBotHeardIn(channel: Channel): boolean {
    const state = this.voiceStates.get(this.world.bot.id);
    const isBelow = channel.type === ChannelType.GuildStageVoice && state?.suppress;
    return !isBelow && !state?.mute && this.botMay(channel, Permission.Speak);
  }

  /** Members in a voice channel, bots included. */
  peopleIn(channelId: string): VoiceState[] {
    return [...this.voiceStates.values()].filter((state) => state.channelId === channelId);
  }

  /** The voice channel the bot is in; `undefined` = none. */
  get botVoiceChannel(): Channel | undefined {
    const channelId = this.voiceStates.get(this.world.bot.id)?.channelId;
    return this.channels.find(({ id }) => id === channelId);
  }

  /** Asks the bot up to the stage it is on. */
  inviteToSpeak(): void {
    this.changeVoiceState(this.world.bot.id, { suppress: false, asksToSpeakAt: null });
  }

  /** Mutes or deafens somebody, sends them back into the audience of a stage, or undoes that. */
  changeVoiceState(
    userId: string,
    change: Partial<Pick<VoiceState, "mute" | "deaf" | "selfDeaf" | "suppress" | "asksToSpeakAt">>,
  ): void {
    const state = this.voiceStates.get(userId);
    if (!state) throw new Error("Nobody of that ID is in a voice channel.");
    this.setVoiceState({ ...state, ...change });
  }

  /** Puts somebody into a voice channel, moves or removes them, and tells the bot. */
  setVoiceState(state: VoiceState): void {
    const fromId = this.voiceStates.get(state.userId)?.channelId ?? undefined;
    const toId = state.channelId ?? undefined;
    if (state.channelId === null) this.voiceStates.delete(state.userId);
    else this.voiceStates.set(state.userId, state);
    this.world.announce({
      type: "VOICE_STATE_UPDATE",
      data: voiceStatePayload(this, state),
      guildId: this.id,
      intents: GatewayIntentBits.GuildVoiceStates,
    });
    if (fromId !== toId) this.world.onVoiceMove({ guild: this, userId: state.userId, fromId, toId });
  }
}
