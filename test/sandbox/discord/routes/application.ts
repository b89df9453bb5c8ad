// Routes about the bot itself: who it is, where the gateway is, its commands.
import { commandPayload } from "../command-book.ts";
import type { CommandBook, RegisteredCommand } from "../command-book.ts";
import { unknown } from "../errors.ts";
import type { RestRequest, Routes } from "../rest-router.ts";
import { userPayload } from "../users.ts";
import type { World } from "../world.ts";

export interface ApplicationDeps {
  readonly world: World;
  readonly commands: CommandBook;
  readonly gatewayUrl: () => string;
  readonly shards: number;
}

/** Bits of an application's flags that show the portal's switches for bots below the review threshold. */
const LIMITED = { presence: 1 << 13, serverMembers: 1 << 15, messageContent: 1 << 19 } as const;

/** `/users/@me`, `/applications/@me`, `/gateway/bot` and what belongs to them. */
export function applicationRoutes({ world, gatewayUrl, shards, commands }: ApplicationDeps): Routes {
  const limits = { total: 1000, remaining: 1000, reset_after: 86_400_000, max_concurrency: 1 };
  return {
    "GET /gateway": () => ({ body: { url: gatewayUrl() } }),
    "GET /gateway/bot": () => ({ body: { url: gatewayUrl(), shards, session_start_limit: limits } }),
    "GET /users/@me": () => ({ body: selfPayload(world) }),
    "GET /users/{user_id}": ({ params }) => {
      const user = world.users.get(params["user_id"] ?? "");
      if (!user) throw unknown.user();
      return { body: userPayload(user) };
    },
    "POST /users/@me/channels": ({ body }) => {
      const user = world.users.get((body as { recipient_id: string }).recipient_id);
      if (!user) throw unknown.user();
      const { id, type } = world.directChannel(user);
      return { body: { id, type, flags: 0, last_message_id: null, recipients: [userPayload(user)] } };
    },
    "GET /applications/@me": () => ({ body: applicationPayload(world) }),
    "GET /oauth2/applications/@me": () => ({ body: applicationPayload(world) }),
    ...commandRoutes("/applications/{application_id}", commands, world),
    ...commandRoutes("/applications/{application_id}/guilds/{guild_id}", commands, world),
  };
}

function commandRoutes(scope: string, commands: CommandBook, world: World): Routes {
  const show = (command: RegisteredCommand): object => commandPayload(command, world.bot.id);
  const guildOf = ({ params }: RestRequest): string | undefined => {
    return params["guild_id"] === undefined ? undefined : world.guild(params["guild_id"]).id;
  };
  const find = (request: RestRequest): RegisteredCommand => {
    const found = commands.list(guildOf(request)).find(({ id }) => id === request.params["command_id"]);
    if (!found) throw unknown.command();
    return found;
  };
  type Body = Record<string, unknown>;
  return {
    [`GET ${scope}/commands`]: (request) => ({ body: commands.list(guildOf(request)).map(show) }),
    [`PUT ${scope}/commands`]: (request) => ({
      body: commands.overwrite(request.body as Body[], guildOf(request)).map(show),
    }),
    [`POST ${scope}/commands`]: (request) => ({
      status: 201,
      body: show(commands.upsert(request.body as Body, guildOf(request))),
    }),
    [`GET ${scope}/commands/{command_id}`]: (request) => ({ body: show(find(request)) }),
    [`PATCH ${scope}/commands/{command_id}`]: (request) => ({
      body: show(commands.upsert({ ...find(request).body, ...(request.body as Body) }, guildOf(request))),
    }),
    [`DELETE ${scope}/commands/{command_id}`]: (request) => {
      commands.remove(find(request).id, guildOf(request));
      return {};
    },
  };
}

/** The bot's own account. */
export function selfPayload(world: World): object {
  return {
    ...userPayload(world.bot),
    flags: 0,
    verified: true,
    email: null,
    mfa_enabled: false,
    locale: "en-US",
  };
}

/** Flags of the bot's application. */
export function applicationFlags({ portal }: World): number {
  return (
    (portal.presence ? LIMITED.presence : 0) |
    (portal.serverMembers ? LIMITED.serverMembers : 0) |
    (portal.messageContent ? LIMITED.messageContent : 0)
  );
}

function applicationPayload(world: World): object {
  return {
    id: world.bot.id,
    name: world.bot.name,
    description: "",
    type: null,
    icon: null,
    bot_public: true,
    bot_require_code_grant: false,
    verify_key: "0".repeat(64),
    flags: applicationFlags(world),
    flags_new: String(applicationFlags(world)),
    owner: userPayload(world.applicationOwner),
    team: null,
    bot: userPayload(world.bot),
    summary: "",
    hook: true,
    redirect_uris: [],
    interactions_endpoint_url: null,
    role_connections_verification_url: null,
    approximate_guild_count: world.guilds.size,
    approximate_user_install_count: 0,
    approximate_user_authorization_count: 0,
    explicit_content_filter: 0,
    eligible_oauth2_scopes: ["bot", "applications.commands"],
    integration_types_config: { 0: {} },
  };
}
