import {
  ChannelType,
  type Guild,
  type GuildBasedChannel,
  OAuth2Scopes,
  PermissionFlagsBits,
  PermissionsBitField,
  type PermissionsString,
  type StageChannel,
  type VoiceBasedChannel,
} from "discord.js";
import type { BotTask, Lack } from "../core/bot-tasks.ts";
import { AppError } from "../core/errors.ts";
import { phrase, type PhraseName } from "../core/sentence.ts";
import type { VoiceChannelRef } from "../player/voice-link.ts";

/** What the bot does, and what Discord must allow it for that: the one table for the invite and for every look ahead. */
const NEEDED = {
  /** Songs. */
  play: ["ViewChannel", "Connect", "Speak"],
  /** Songs on a stage, which it enters as a listener. */
  playOnStage: ["ViewChannel", "Connect", "MuteMembers"],
  /** The line under the name of a voice channel. */
  status: ["SetVoiceChannelStatus"],
  /** Messages of its own, such as the one that shows the song. */
  messages: ["ViewChannel", "SendMessages"],
  messagesInThread: ["ViewChannel", "SendMessagesInThreads"],
  /** Answers below what people typed. */
  replies: ["ReadMessageHistory"],
  /** Covers of songs. */
  pictures: ["EmbedLinks"],
  /** A channel in which every message is a song, and is cleared away. */
  requests: ["ManageMessages"],
} as const satisfies Readonly<Record<BotTask | `${BotTask}${string}`, readonly PermissionsString[]>>;

type NeededPermission = (typeof NEEDED)[keyof typeof NEEDED][number];

/** As people know them. */
const NAMES: Readonly<Record<NeededPermission, PhraseName>> = {
  ViewChannel: "VIEW_CHANNEL",
  Connect: "CONNECT",
  Speak: "SPEAK",
  MuteMembers: "MUTE_MEMBERS",
  SetVoiceChannelStatus: "SET_VOICE_STATUS",
  SendMessages: "SEND_MESSAGES",
  SendMessagesInThreads: "SEND_IN_THREADS",
  ReadMessageHistory: "READ_MESSAGE_HISTORY",
  EmbedLinks: "EMBED_LINKS",
  ManageMessages: "MANAGE_MESSAGES",
};

/** The link an operator opens to invite the bot, with the exact permission bits. */
export function inviteUrl(applicationId: string): string {
  const url = new URL("https://discord.com/oauth2/authorize");
  const bits = Object.keys(NAMES).map((name) => PermissionFlagsBits[name as NeededPermission]);
  url.searchParams.set("client_id", applicationId);
  url.searchParams.set("scope", [OAuth2Scopes.Bot, OAuth2Scopes.ApplicationsCommands].join(" "));
  url.searchParams.set("permissions", new PermissionsBitField(bits).bitfield.toString());
  return url.href;
}

/** What the bot may not do in a channel, of these tasks. Stages have no line under their name. */
export function lacksIn(channel: GuildBasedChannel, tasks: readonly BotTask[]): readonly Lack[] {
  const possible = tasks.filter((task) => task !== "status" || !isStage(channel));
  return possible.flatMap((task) => {
    const missing = missingFor(channel, [task]).map((name) => phrase(NAMES[name]));
    return missing.length > 0 ? [{ channelId: channel.id, task, missing }] : [];
  });
}

function missingFor(channel: GuildBasedChannel, tasks: readonly BotTask[]): readonly NeededPermission[] {
  const { me } = channel.guild.members;
  const mine = me && channel.permissionsFor(me);
  const needed = new Set(
    tasks.flatMap((task): readonly NeededPermission[] => NEEDED[variantOf(task, channel)]),
  );
  return [...needed].filter((name) => !mine?.has(name));
}

function variantOf(task: BotTask, channel: GuildBasedChannel): keyof typeof NEEDED {
  if (task === "play" && isStage(channel)) return "playOnStage";
  return task === "messages" && channel.isThread() ? "messagesInThread" : task;
}

/** Whether the bot gets onto a stage by itself, instead of asking those who may let it. */
export function maySpeakUp(stage: StageChannel): boolean {
  return missingFor(stage, ["play"]).length === 0;
}

/** Why the bot may not write in a channel, and do what else is given there; `undefined` = it may. */
export function textRefusal(
  channel: GuildBasedChannel,
  tasks: readonly BotTask[] = [],
): AppError | undefined {
  const missing = missingFor(channel, ["messages", ...tasks]);
  return missing.length > 0 ? lacking("CHANNEL_NO_PERMISSION", channel.id, missing) : undefined;
}

/** Why the bot may not join a voice channel; `undefined` = it may. */
export function voiceRefusal(guild: Guild | undefined, channel: VoiceChannelRef): AppError | undefined {
  const found = guild?.channels.cache.get(channel.channelId);
  const me = guild?.members.me;
  if (!found?.isVoiceBased() || !me)
    return new AppError("VOICE_UNREACHABLE", { channel: `<#${channel.channelId}>` });
  const permissions = found.permissionsFor(me);
  // On a stage it can ask those who may let it speak.
  const missing = missingFor(found, ["play"]).filter(
    (name) => name !== "MuteMembers" || !permissions.has("RequestToSpeak"),
  );
  if (missing.length > 0) return lacking("VOICE_NO_PERMISSION", found.id, missing);
  if (isFull(found, me.id) && !permissions.has("MoveMembers"))
    return new AppError("VOICE_FULL", { channel: `<#${found.id}>` });
  return undefined;
}

/** Whether the bot may write the line under a voice channel's name: its own one's, and with another right any one's. */
export function mayWriteStatus(guild: Guild | undefined, channelId: string): boolean {
  const channel = guild?.channels.cache.get(channelId);
  const me = guild?.members.me;
  if (channel?.type !== ChannelType.GuildVoice || !me) return false;
  const isThere = me.voice.channelId === channelId || channel.permissionsFor(me).has("ManageChannels");
  return isThere && missingFor(channel, ["status"]).length === 0;
}

/** That the bot lacks these permissions in a channel. */
export function lacking(
  code: "CHANNEL_NO_PERMISSION" | "VOICE_NO_PERMISSION",
  channelId: string,
  missing: readonly NeededPermission[],
): AppError {
  return new AppError(code, {
    channel: `<#${channelId}>`,
    missing: missing.map((name) => phrase(NAMES[name])),
  });
}

function isStage(channel: GuildBasedChannel): channel is StageChannel {
  return channel.type === ChannelType.GuildStageVoice;
}

function isFull(channel: VoiceBasedChannel, myId: string): boolean {
  if (channel.userLimit === 0 || channel.members.has(myId)) return false;
  return channel.members.size >= channel.userLimit;
}
