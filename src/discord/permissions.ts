import {
  type Guild,
  OAuth2Scopes,
  type PermissionResolvable,
  PermissionFlagsBits,
  PermissionsBitField,
  type VoiceBasedChannel,
} from "discord.js";
import { AppError } from "../core/errors.ts";
import { phrase } from "../core/sentence.ts";
import type { VoiceChannelRef } from "../player/voice-link.ts";

/** Exactly what the bot does: read and answer, show pictures in answers, join and speak. Nothing more. */
export const NEEDED_PERMISSIONS: PermissionResolvable = [
  PermissionFlagsBits.ViewChannel,
  PermissionFlagsBits.SendMessages,
  PermissionFlagsBits.SendMessagesInThreads,
  PermissionFlagsBits.EmbedLinks,
  PermissionFlagsBits.ReadMessageHistory,
  PermissionFlagsBits.Connect,
  PermissionFlagsBits.Speak,
];

/** The link an operator opens to invite the bot, with the exact permission bits. */
export function inviteUrl(applicationId: string): string {
  const url = new URL("https://discord.com/oauth2/authorize");
  url.searchParams.set("client_id", applicationId);
  url.searchParams.set("scope", [OAuth2Scopes.Bot, OAuth2Scopes.ApplicationsCommands].join(" "));
  url.searchParams.set("permissions", new PermissionsBitField(NEEDED_PERMISSIONS).bitfield.toString());
  return url.href;
}

/** What joining and speaking takes, as people know it. */
const FOR_VOICE = { ViewChannel: "VIEW_CHANNEL", Connect: "CONNECT", Speak: "SPEAK" } as const;

/** Why the bot may not join a voice channel; `undefined` = it may. */
export function voiceRefusal(guild: Guild | undefined, channel: VoiceChannelRef): AppError | undefined {
  const mention = `<#${channel.channelId}>`;
  const found = guild?.channels.cache.get(channel.channelId);
  const me = guild?.members.me;
  if (!found?.isVoiceBased() || !me) return new AppError("VOICE_UNREACHABLE", { channel: mention });
  const permissions = found.permissionsFor(me);
  const missing = (["ViewChannel", "Connect", "Speak"] as const).filter((name) => !permissions.has(name));
  if (missing.length > 0) {
    const names = missing.map((name) => phrase(FOR_VOICE[name]));
    return new AppError("VOICE_NO_PERMISSION", { channel: mention, missing: names });
  }
  if (isFull(found, me.id) && !permissions.has("MoveMembers"))
    return new AppError("VOICE_FULL", { channel: mention });
  return undefined;
}

function isFull(channel: VoiceBasedChannel, myId: string): boolean {
  if (channel.userLimit === 0 || channel.members.has(myId)) return false;
  return channel.members.size >= channel.userLimit;
}
