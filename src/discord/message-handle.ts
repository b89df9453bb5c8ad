import { DiscordAPIError, type Message, MessageFlags, type User } from "discord.js";
import type { MessageHandle, Panel } from "../command/panel.ts";
import { renderPanel } from "./render.ts";

/** JSON error codes of a closed direct channel: they take no messages from us, or share no server with us. */
const CLOSED_TO_US: ReadonlySet<string | number> = new Set([50_007, 50_278]);

/** A message of ours in a channel. */
export function handleOf(message: Message): MessageHandle {
  return {
    edit: async (panel) => {
      await message.edit(renderPanel(panel));
    },
    delete: async () => {
      await message.delete();
    },
    below: () => messagesBelow(message),
    place: { channelId: message.channelId, messageId: message.id },
  };
}

/** Messages that came after one, counted among those that are remembered. */
export function messagesBelow({ id, channel }: Message): number {
  return channel.messages.cache.filter(
    (other) => BigInt(other.id) > BigInt(id) && !other.flags.has(MessageFlags.Ephemeral),
  ).size;
}

/** Sends a direct message. False = this person takes none from the bot. */
export async function sendDirect(user: Pick<User, "send">, panel: Panel): Promise<boolean> {
  try {
    await user.send(renderPanel(panel));
    return true;
  } catch (error) {
    if (error instanceof DiscordAPIError && CLOSED_TO_US.has(error.code)) return false;
    throw error;
  }
}
