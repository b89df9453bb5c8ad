// Everything that exists on the local Discord, and the way news of it reach the gateway.
import { ChannelType } from "discord-api-types/v10";
import type { Clock } from "../../../src/core/clock.ts";
import type { Channel } from "./channel.ts";
import type { Refusal, Violation } from "./errors.ts";
import { unknown } from "./errors.ts";
import type { Guild } from "./guild.ts";
import { Ids } from "./ids.ts";
import type { Attachment, Message } from "./message.ts";
import type { Overwrite } from "./permissions.ts";
import { Recording } from "./recording.ts";
import type { User } from "./users.ts";

/** One piece of news for connected bots. */
export interface GatewayEvent {
  readonly type: string;
  /** A function when the content depends on the intents of the one who gets it. */
  readonly data: object | ((intents: number) => object);
  /** Decides which shard gets it; `undefined` = the first. */
  readonly guildId?: string | undefined;
  /** It is sent to sessions with any of these intents; 0 = to all. */
  readonly intents: number;
}

interface ChannelPlan {
  readonly name: string;
  readonly type: Channel["type"];
  readonly guildId?: string;
  readonly recipient?: User;
  readonly overwrites?: Overwrite[];
  readonly userLimit?: number;
  readonly bitrate?: number | undefined;
}

/** Somebody is in another voice channel than before; `undefined` = in none. */
export interface VoiceMove {
  readonly guild: Guild;
  readonly userId: string;
  readonly fromId: string | undefined;
  readonly toId: string | undefined;
}

/** Which privileged intents are switched on in the developer portal. */
export interface PortalSwitches {
  readonly messageContent: boolean;
  readonly serverMembers: boolean;
  readonly presence: boolean;
}

export interface WorldOptions {
  readonly clock: Clock;
  readonly botName: string;
  readonly portal: PortalSwitches;
}

/** The state all parts share. */
export class World {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly bot: User;
  readonly portal: PortalSwitches;
  readonly guilds = new Map<string, Guild>();
  readonly channels = new Map<string, Channel>();
  readonly users = new Map<string, User>();
  readonly messages = new Map<string, Message>();
  /** Files that were picked for options of commands. */
  readonly uploads = new Map<string, Attachment>();
  readonly violations: Violation[] = [];
  readonly refusals: Refusal[] = [];
  /** People who take no direct messages from the bot. */
  readonly closedTo = new Set<string>();
  /** Where news go; the gateway sets it. */
  announce: (event: GatewayEvent) => void = () => undefined;
  /** Told when somebody joins, moves or leaves; the voice server sets it. */
  onVoiceMove: (move: VoiceMove) => void = () => undefined;
  /** Origin of the HTTP server, for links to attachments; set when it listens. */
  httpOrigin = "";
  applicationOwner: User;

  constructor({ clock, botName, portal }: WorldOptions) {
    this.clock = clock;
    this.ids = new Ids(clock);
    this.portal = portal;
    this.bot = this.addUser(botName, true);
    this.applicationOwner = this.addUser("Operator");
  }

  addUser(name: string, isBot = false): User {
    const user = { id: this.ids.fixed(), name, isBot };
    this.users.set(user.id, user);
    return user;
  }

  addChannel(plan: ChannelPlan): Channel {
    const channel: Channel = {
      id: this.ids.fixed(),
      name: plan.name,
      type: plan.type,
      guildId: plan.guildId,
      recipient: plan.recipient,
      overwrites: plan.overwrites ?? [],
      userLimit: plan.userLimit ?? 0,
      bitrate: plan.bitrate ?? 64_000,
      position: this.channels.size,
      messages: [],
      recording: new Recording(),
      voiceStatus: null,
    };
    this.channels.set(channel.id, channel);
    return channel;
  }

  /** The direct message channel between a person and the bot; made on first use. */
  directChannel(recipient: User): Channel {
    const found = [...this.channels.values()].find((channel) => channel.recipient?.id === recipient.id);
    return found ?? this.addChannel({ name: recipient.name, type: ChannelType.DM, recipient });
  }

  /** @throws {DiscordRefusal} Unknown Channel */
  channel(id: string | undefined): Channel {
    const channel = this.channels.get(id ?? "");
    if (!channel) throw unknown.channel();
    return channel;
  }

  /** @throws {DiscordRefusal} Unknown Guild */
  guild(id: string | undefined): Guild {
    const guild = this.guilds.get(id ?? "");
    if (!guild) throw unknown.guild();
    return guild;
  }
}
