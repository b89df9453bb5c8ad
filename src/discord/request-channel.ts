/** Channels in which whatever people write is a song, and only the player stays. */
import type { Message } from "discord.js";
import type { Services } from "../command/context.ts";
import type { MessageHandle } from "../command/panel.ts";
import type { Logger } from "../core/logger.ts";

/** An answer is read by then. */
const READ_MS = 15_000;

/** Whether a message was written into its guild's request channel. */
export function isRequest({ options, prefix }: Services, message: Message): boolean {
  // Without typed commands nobody's words are read.
  if (!message.inGuild() || prefix === undefined) return false;
  return options.of(message.guildId).requestChannel === message.channelId;
}

/** What such a message asks for; `undefined` = nothing. */
export function requestLine({ content, attachments }: Message): { name: string; rest: string } | undefined {
  const rest = content.trim() || attachments.first()?.url;
  return rest ? { name: "play", rest } : undefined;
}

/** Deletes what was written, if the bot may, and after a while what was answered. */
export async function tidyUp(
  message: Message,
  answer: MessageHandle | undefined,
  log: Logger,
): Promise<void> {
  const gone = (error: unknown): void => log.debug("request.not_tidied", { error });
  if (answer) setTimeout(() => void answer.delete().catch(gone), READ_MS).unref();
  if (message.deletable) await message.delete().catch(gone);
}
