// Routes of guilds: reading them and their members, and the bot's own voice state.
import { channelPayload } from "../channel.ts";
import { unknown } from "../errors.ts";
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
      const { suppress } = request.body as { suppress?: boolean };
      const state = stateOf(request, world.bot.id);
      guildOf(request).setVoiceState({ ...state, suppress: suppress ?? state.suppress });
      return {};
    },
  };
}
