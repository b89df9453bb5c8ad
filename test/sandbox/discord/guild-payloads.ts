// Guilds, members, roles and voice states as the API shows them.
import type { Guild, Member, Role, VoiceState } from "./guild.ts";
import { channelPayload } from "./channel.ts";
import { userPayload } from "./users.ts";

const JOINED_AT = "2026-01-02T03:04:05.000000+00:00";

/** A role. */
export function rolePayload(role: Role, position: number): object {
  return {
    id: role.id,
    name: role.name,
    permissions: String(role.permissions),
    position,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    managed: role.botId !== undefined,
    mentionable: false,
    flags: 0,
    icon: null,
    unicode_emoji: null,
    ...(role.botId !== undefined && { tags: { bot_id: role.botId } }),
  };
}

/** A member; `bare` leaves the user out, as in MESSAGE_CREATE. */
export function memberPayload(member: Member, bare = false): object {
  return {
    ...(!bare && { user: userPayload(member.user) }),
    roles: member.roleIds,
    nick: null,
    avatar: null,
    banner: null,
    joined_at: JOINED_AT,
    premium_since: null,
    deaf: false,
    mute: false,
    pending: false,
    flags: 0,
    communication_disabled_until: null,
  };
}

/** Where somebody is in voice; `channel_id` null = nowhere any more. */
export function voiceStatePayload(guild: Guild, state: VoiceState): object {
  const member = guild.members.get(state.userId);
  return {
    guild_id: guild.id,
    channel_id: state.channelId,
    user_id: state.userId,
    ...(member && { member: memberPayload(member) }),
    session_id: state.sessionId,
    deaf: state.deaf ?? false,
    mute: state.mute ?? false,
    self_deaf: state.selfDeaf,
    self_mute: state.selfMute,
    self_video: false,
    self_stream: false,
    suppress: state.suppress,
    request_to_speak_timestamp: state.asksToSpeakAt ?? null,
  };
}

/** A guild as `GET /guilds/{id}` shows it. */
export function guildPayload(guild: Guild): object {
  return {
    id: guild.id,
    name: guild.name,
    owner_id: guild.owner.id,
    icon: null,
    splash: null,
    discovery_splash: null,
    banner: null,
    description: null,
    features: guild.features,
    emojis: [],
    stickers: [],
    roles: guild.roles.map(rolePayload),
    afk_channel_id: null,
    afk_timeout: 300,
    system_channel_id: null,
    system_channel_flags: 0,
    rules_channel_id: null,
    public_updates_channel_id: null,
    safety_alerts_channel_id: null,
    widget_enabled: false,
    widget_channel_id: null,
    application_id: null,
    default_message_notifications: 1,
    explicit_content_filter: 0,
    verification_level: 0,
    mfa_level: 0,
    nsfw: false,
    nsfw_level: 0,
    region: "local",
    preferred_locale: guild.locale,
    premium_tier: 0,
    premium_subscription_count: 0,
    premium_progress_bar_enabled: false,
    max_members: 500_000,
    max_presences: null,
    max_video_channel_users: 25,
    max_stage_video_channel_users: 50,
    vanity_url_code: null,
    home_header: null,
    incidents_data: null,
  };
}

/** GUILD_CREATE: of the members only the bot and the people in voice. */
export function guildCreatePayload(guild: Guild): object {
  const states = [...guild.voiceStates.values()];
  const present = new Set([guild.world.bot.id, ...states.map(({ userId }) => userId)]);
  const members = [...guild.members.values()].filter(({ user }) => present.has(user.id));
  return {
    ...guildPayload(guild),
    joined_at: JOINED_AT,
    large: false,
    unavailable: false,
    member_count: guild.members.size,
    members: members.map((member) => memberPayload(member)),
    channels: guild.channels.map(channelPayload),
    voice_states: states.map((state) => voiceStatePayload(guild, state)),
    threads: [],
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}
