import {
  type Client,
  type Guild,
  PermissionFlagsBits,
  type PermissionsBitField,
  type Team,
  User,
} from "discord.js";
import type { VoiceChannelRef } from "../player/voice-link.ts";
import type { Actor, Place } from "../command/context.ts";

export interface PeopleOptions {
  /** Empty = the application's owner or team. */
  readonly ownerIds: readonly string[];
  readonly cacheAdminGuildIds: readonly string[];
}

/** What an event tells of somebody's membership of its guild. */
export interface Member {
  readonly permissions: Readonly<PermissionsBitField> | null | undefined;
  readonly roleIds: Iterable<string> | undefined;
}

/** Who somebody is and where, read from the event that brought them. */
export class People {
  readonly #client: Client;
  readonly #options: PeopleOptions;
  #ownerIds: ReadonlySet<string>;

  constructor(client: Client, options: PeopleOptions) {
    this.#client = client;
    this.#options = options;
    this.#ownerIds = new Set(options.ownerIds);
  }

  /** Asks Discord whose application this is, unless the operator named the owners. */
  async loadOwners(): Promise<void> {
    if (this.#options.ownerIds.length > 0) return;
    const application = await this.#client.application?.fetch();
    this.#ownerIds = new Set(idsOf(application?.owner ?? null));
  }

  /** Who is told what owners should know. */
  get ownerIds(): readonly string[] {
    return [...this.#ownerIds];
  }

  actor(user: User, member: Member): Actor {
    const may = (bit: bigint): boolean => member.permissions?.has(bit) ?? false;
    return {
      id: user.id,
      name: user.displayName,
      kind: user.bot ? "bot" : "person",
      isOwner: this.#ownerIds.has(user.id),
      isAdministrator: may(PermissionFlagsBits.Administrator),
      isManager: may(PermissionFlagsBits.ManageGuild),
      roleIds: [...(member.roleIds ?? [])],
    };
  }

  place(guildId: string | null, { djRole, playFor }: Pick<Place, "djRole" | "playFor">): Place {
    return {
      guildId,
      djRole,
      playFor,
      isOnlyGuild: this.#client.guilds.cache.size === 1,
      isCacheAdminGuild: guildId !== null && this.#options.cacheAdminGuildIds.includes(guildId),
    };
  }
}

/** The voice channel somebody is in. */
export function voiceChannelOf(guild: Guild, userId: string): VoiceChannelRef | undefined {
  const channel = guild.voiceStates.cache.get(userId)?.channel;
  return channel ? { guildId: guild.id, channelId: channel.id, name: channel.name } : undefined;
}

/** People who hear what is played in a voice channel: not those who are deafened, by themselves or by others. */
export function listenersIn(guild: Guild, channelId: string | undefined): readonly string[] {
  if (channelId === undefined) return [];
  const there = guild.voiceStates.cache.filter((state) => state.channelId === channelId && !state.deaf);
  return there.filter(({ member }) => !member?.user.bot).map(({ id }) => id);
}

function idsOf(owner: User | Team | null): string[] {
  if (!owner) return [];
  return owner instanceof User ? [owner.id] : [...owner.members.keys()];
}
