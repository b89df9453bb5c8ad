// Routes of channels: messages, typing, the status of voice channels.
import { GatewayIntentBits } from "discord-api-types/v10";
import type { Channel } from "../channel.ts";
import { channelPayload, isVoice } from "../channel.ts";
import { cannotMessage, DiscordRefusal, missingAccess, missingPermissions } from "../errors.ts";
import { messagePayload } from "../message-payload.ts";
import type { MessageBody, MessageStore } from "../message-store.ts";
import type { Message } from "../message.ts";
import { has, Permission } from "../permissions.ts";
import type { RestRequest, Routes } from "../rest-router.ts";
import type { World } from "../world.ts";

/** `/channels/{channel_id}` and below. */
export function channelRoutes(world: World, messages: MessageStore): Routes {
  const open = (request: RestRequest, needed = 0n): Channel =>
    allowed(world, request.params["channel_id"], needed);
  const own = (request: RestRequest): Message => {
    const message = messages.find(open(request).id, request.params["message_id"]);
    if (message.author.id !== world.bot.id)
      throw new DiscordRefusal(403, 50_005, "Cannot edit a message authored by another user");
    return message;
  };
  return {
    "GET /channels/{channel_id}": (request) => ({ body: channelPayload(open(request)) }),
    "GET /channels/{channel_id}/messages": (request) => ({ body: listed(open(request), request.query) }),
    "GET /channels/{channel_id}/messages/{message_id}": (request) => ({
      body: messagePayload(
        messages.find(open(request, Permission.ReadMessageHistory).id, request.params["message_id"]),
      ),
    }),
    "POST /channels/{channel_id}/messages": (request) => {
      const files = request.files.length > 0 ? Permission.AttachFiles : 0n;
      const channel = open(request, Permission.SendMessages | files);
      if (channel.recipient && world.closedTo.has(channel.recipient.id)) throw cannotMessage();
      const body = request.body as MessageBody;
      return {
        body: messagePayload(messages.create({ channel, author: world.bot, body, files: request.files })),
      };
    },
    "PATCH /channels/{channel_id}/messages/{message_id}": (request) => {
      const message = own(request);
      messages.edit(message, request.body as MessageBody, request.files);
      return { body: messagePayload(message) };
    },
    "DELETE /channels/{channel_id}/messages/{message_id}": (request) => {
      const message = messages.find(open(request).id, request.params["message_id"]);
      if (message.author.id !== world.bot.id) open(request, Permission.ManageMessages);
      messages.delete(message);
      return {};
    },
    "POST /channels/{channel_id}/typing": (request) => {
      open(request, Permission.SendMessages);
      return {};
    },
    "PUT /channels/{channel_id}/voice-status": (request) =>
      setVoiceStatus(world, open(request), request.body),
  };
}

function allowed(world: World, id: string | undefined, needed: bigint): Channel {
  const channel = world.channel(id);
  if (channel.guildId === undefined) return channel;
  const mine = world.guild(channel.guildId).permissionsOf(world.bot.id, channel);
  if (!has(mine, Permission.ViewChannel)) throw missingAccess();
  if (!has(mine, needed)) throw missingPermissions();
  return channel;
}

function listed(channel: Channel, query: URLSearchParams): object[] {
  const limit = Number(query.get("limit") ?? 50);
  const before = BigInt(query.get("before") ?? String(2n ** 63n));
  const after = BigInt(query.get("after") ?? "0");
  return channel.messages
    .filter(({ ephemeral, id }) => !ephemeral && BigInt(id) < before && BigInt(id) > after)
    .slice(-limit)
    .toReversed()
    .map((message) => messagePayload(message));
}

/** Needs SET_VOICE_CHANNEL_STATUS, and MANAGE_CHANNELS as well while the bot is not in the channel. */
function setVoiceStatus(world: World, channel: Channel, body: unknown): object {
  if (!isVoice(channel)) throw new DiscordRefusal(400, 50_024, "Cannot execute action on this channel type");
  const guild = world.guild(channel.guildId);
  const isThere = guild.botVoiceChannel?.id === channel.id;
  const needed = Permission.SetVoiceChannelStatus | (isThere ? 0n : Permission.ManageChannels);
  if (!guild.botMay(channel, needed)) throw missingPermissions();
  channel.voiceStatus = (body as { status: string | null }).status || null;
  world.announce({
    type: "VOICE_CHANNEL_STATUS_UPDATE",
    data: { id: channel.id, guild_id: guild.id, status: channel.voiceStatus },
    guildId: guild.id,
    intents: GatewayIntentBits.Guilds,
  });
  return {};
}
