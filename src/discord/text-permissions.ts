import type { Guild } from "discord.js";
import { AppError } from "../core/errors.ts";
import { phrase } from "../core/sentence.ts";

/** What writing and looking after a message takes, as people know it. */
const FOR_TEXT = {
  ViewChannel: "VIEW_CHANNEL",
  SendMessages: "SEND_MESSAGES",
  ReadMessageHistory: "READ_MESSAGE_HISTORY",
} as const;

const NEEDED = ["ViewChannel", "SendMessages", "ReadMessageHistory"] as const;

/** Why the bot may not write in a channel; `undefined` = it may. */
export function textRefusal(guild: Guild | undefined, channelId: string): AppError | undefined {
  const me = guild?.members.me;
  const channel = guild?.channels.cache.get(channelId);
  const permissions = me && channel?.permissionsFor(me);
  const missing = NEEDED.filter((name) => !permissions?.has(name)).map((name) => phrase(FOR_TEXT[name]));
  if (missing.length === 0) return undefined;
  return new AppError("CHANNEL_NO_PERMISSION", { channel: `<#${channelId}>`, missing });
}

/** Whether the bot may delete what others write in a channel. */
export function mayTidy(guild: Guild | undefined, channelId: string): boolean {
  const me = guild?.members.me;
  const permissions = me && guild.channels.cache.get(channelId)?.permissionsFor(me);
  return permissions?.has("ManageMessages") ?? false;
}
