// Routes of guilds: reading them and their members, and the bot's own voice state.
import { channelPayload } from "../channel.ts";
import { ChannelType } from "discord-api-types/v10";
import { DiscordRefusal, missingPermissions, unknown } from "../errors.ts";
import { Permission } from "../permissions.ts";
import type { Guild, VoiceState } from "../guild.ts";
import { guildPayload, memberPayload, rolePayload, voiceStatePayload } from "../guild-payloads.ts";
import type { RestRequest, Routes } from "../rest-router.ts";
import type { World } from "../world.ts";

/** `/guilds/{guild_id}` and below. */
export function guildRoutes(world: World): Routes {
  const guildOf = ({ params }: RestRequest): Guild => world.guild(params["guild_id"]);
  const stateOf = (request: RestRequest, userId: string | undefined): VoiceState => {
    const state = guildOf(request).voiceStates.get(userId ?? "");
    if (!state) throw unknown.voiceState();
    return state;
  };
  return {
    "GET /users/@me/guilds": () => ({
      body: [...world.guilds.values()].map(({ id, name }) => ({
        id,
        name,
        icon: null,
        banner: null,
        owner: false,
        permissions: "0",
        features: [],
      })),
    }),
    "GET /guilds/{guild_id}": (request) => ({ body: guildPayload(guildOf(request)) }),
    "GET /guilds/{guild_id}/channels": (request) => ({ body: guildOf(request).channels.map(channelPayload) }),
    "GET /guilds/{guild_id}/roles": (request) => ({ body: guildOf(request).roles.map(rolePayload) }),
    "GET /guilds/{guild_id}/members/{user_id}": (request) => ({
      body: memberPayload(guildOf(request).member(request.params["user_id"])),
    }),
    "PATCH /guilds/{guild_id}/members/@me": (request) => ({
      body: memberPayload(guildOf(request).member(world.bot.id)),
    }),
    "GET /guilds/{guild_id}/voice-states/@me": (request) => ({
      body: voiceStatePayload(guildOf(request), stateOf(request, world.bot.id)),
    }),
    "GET /guilds/{guild_id}/voice-states/{user_id}": (request) => ({
      body: voiceStatePayload(guildOf(request), stateOf(request, request.params["user_id"])),
    }),
    "PATCH /guilds/{guild_id}/voice-states/@me": (request) => {
      setOwnVoiceState(guildOf(request), stateOf(request, world.bot.id), request.body as OwnVoiceState);
      return {};
    },
  };
}

interface OwnVoiceState {
  readonly channel_id?: string;
  readonly suppress?: boolean;
  readonly request_to_speak_timestamp?: string | null;
}

/** For stages alone. Going up takes MUTE_MEMBERS, asking to REQUEST_TO_SPEAK. */
function setOwnVoiceState(guild: Guild, state: VoiceState, wish: OwnVoiceState): void {
  const channel = guild.channels.find(({ id }) => id === state.channelId);
  if (channel?.type !== ChannelType.GuildStageVoice)
    throw new DiscordRefusal(400, 50_024, "Cannot execute action on this channel type");
  const { suppress = state.suppress, request_to_speak_timestamp: asksAt = state.asksToSpeakAt } = wish;
  const isGoingUp = state.suppress && !suppress;
  const needed =
    (isGoingUp ? Permission.MuteMembers : 0n) |
    (wish.request_to_speak_timestamp ? Permission.RequestToSpeak : 0n);
  if (!guild.botMay(channel, needed)) throw missingPermissions();
  guild.setVoiceState({ ...state, suppress, asksToSpeakAt: suppress ? asksAt : null });
}
