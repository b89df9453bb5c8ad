// One channel: text, voice, a stage, or a direct message.
import { ChannelType } from "discord-api-types/v10";
import type { Message } from "./message.ts";
import type { Overwrite } from "./permissions.ts";
import type { Recording } from "./recording.ts";
import { userPayload } from "./users.ts";
import type { User } from "./users.ts";

/** A channel and what is in it. */
export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly type:
    | ChannelType.GuildText
    | ChannelType.GuildVoice
    | ChannelType.GuildStageVoice
    | ChannelType.DM;
  /** `undefined` = a direct message. */
  readonly guildId: string | undefined;
  /** The person at the other end of a direct message. */
  readonly recipient: User | undefined;
  readonly overwrites: Overwrite[];
  /** Most people in a voice channel; 0 = no limit. */
  readonly userLimit: number;
  /** Bits per second that apps of people send in a voice channel. */
  bitrate: number;
  readonly position: number;
  /** What was written and is not deleted, ephemeral messages included, oldest first. */
  readonly messages: Message[];
  /** What listeners of this voice channel heard from the bot. */
  readonly recording: Recording;
  /** Text under a voice channel's name. */
  voiceStatus: string | null;
}

/** Can people hear each other there? */
export function isVoice({ type }: Channel): boolean {
  return type === ChannelType.GuildVoice || type === ChannelType.GuildStageVoice;
}

/** A channel as the API shows it. */
export function channelPayload(channel: Channel): object {
  const common = {
    id: channel.id,
    type: channel.type,
    flags: 0,
    last_message_id: channel.messages.at(-1)?.id ?? null,
  };
  if (channel.recipient) return { ...common, recipients: [userPayload(channel.recipient)] };
  return {
    ...common,
    name: channel.name,
    guild_id: channel.guildId,
    position: channel.position,
    parent_id: null,
    nsfw: false,
    rate_limit_per_user: 0,
    permission_overwrites: channel.overwrites.map(({ id, type, allow, deny }) => ({
      id,
      type,
      allow: String(allow),
      deny: String(deny),
    })),
    ...(isVoice(channel)
      ? { bitrate: channel.bitrate, user_limit: channel.userLimit, rtc_region: null }
      : { topic: null }),
  };
}
