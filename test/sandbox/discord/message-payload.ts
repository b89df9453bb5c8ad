// Messages as the API shows them.
import { GatewayIntentBits, MessageType } from "discord-api-types/v10";
import type { Attachment, InteractionNote, Message } from "./message.ts";
import { userPayload } from "./users.ts";
import type { User } from "./users.ts";

/**
 * May the bot read the content? With the message content intent always; without it only its own messages, direct
 * messages, and messages that mention it or answer one of its messages.
 */
export function isVisibleContent(message: Message, intents: number, bot: User): boolean {
  const { guildId, author, mentions, replyTo } = message.facts;
  return (
    (intents & GatewayIntentBits.MessageContent) !== 0 ||
    guildId === undefined ||
    author.id === bot.id ||
    mentions.some(({ id }) => id === bot.id) ||
    replyTo?.author.id === bot.id
  );
}

/** A whole message; `withContent` false empties what the intent guards. */
export function messagePayload(message: Message, withContent = true): object {
  const { facts, state } = message;
  return {
    id: facts.id,
    channel_id: facts.channelId,
    author: userPayload(facts.author),
    content: withContent ? state.content : "",
    embeds: withContent ? state.embeds : [],
    components: withContent ? state.components : [],
    attachments: withContent ? state.attachments.map(attachmentPayload) : [],
    timestamp: new Date(facts.createdAtMs).toISOString(),
    edited_timestamp: message.editedAtMs === undefined ? null : new Date(message.editedAtMs).toISOString(),
    flags: state.flags,
    type: messageType(message),
    tts: false,
    pinned: false,
    mention_everyone: false,
    mentions: facts.mentions.map(userPayload),
    mention_roles: [],
    ...(facts.nonce !== undefined && { nonce: facts.nonce }),
    ...(facts.author.isBot && { application_id: facts.author.id }),
    ...referencePart(message),
    ...interactionPart(message),
  };
}

function messageType({ facts }: Message): MessageType {
  if (facts.interaction?.type === 2) return MessageType.ChatInputCommand;
  return facts.replyTo ? MessageType.Reply : MessageType.Default;
}

function referencePart({ facts: { replyTo, channelId, guildId } }: Message): object {
  if (!replyTo) return {};
  return {
    message_reference: { type: 0, message_id: replyTo.id, channel_id: channelId, guild_id: guildId },
    referenced_message: replyTo.deleted ? null : messagePayload(replyTo),
  };
}

function interactionPart({ facts: { interaction, author } }: Message): object {
  return interaction ? { webhook_id: author.id, interaction_metadata: metadata(interaction) } : {};
}

function metadata({ id, type, user, sourceId, trigger }: InteractionNote): object {
  return {
    id,
    type,
    user: userPayload(user),
    authorizing_integration_owners: {},
    ...(sourceId !== undefined && !trigger && { interacted_message_id: sourceId }),
    ...(trigger && { triggering_interaction_metadata: metadata(trigger) }),
  };
}

/** A file as the API tells of it. */
export function attachmentPayload(attachment: Attachment): object {
  return {
    id: attachment.id,
    filename: attachment.filename,
    ...(attachment.description !== null && { description: attachment.description }),
    content_type: attachment.contentType,
    size: attachment.data.length,
    url: attachment.url,
    proxy_url: attachment.url,
    flags: 0,
  };
}
