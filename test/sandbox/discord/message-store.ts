// Writes, edits and deletes messages, and tells the bot about it as Discord would.
import { GatewayIntentBits } from "discord-api-types/v10";
import type { Channel } from "./channel.ts";
import { mediaIn, stored } from "./components.ts";
import type { Component } from "./components.ts";
import { unknown } from "./errors.ts";
import { memberPayload } from "./guild-payloads.ts";
import { checkMessage } from "./message-rules.ts";
import { Message, MessageFlag } from "./message.ts";
import type { Attachment, InteractionNote, MessageState } from "./message.ts";
import { isVisibleContent, messagePayload } from "./message-payload.ts";
import type { UploadedFile } from "./rest-body.ts";
import type { User } from "./users.ts";
import type { World } from "./world.ts";

/** The fields of a message body this server looks at. */
export interface MessageBody {
  readonly content?: string | null;
  readonly embeds?: readonly Record<string, unknown>[] | null;
  readonly components?: readonly Component[] | null;
  readonly attachments?:
    | readonly { readonly id: string | number; readonly filename?: string; readonly description?: string }[]
    | null;
  readonly flags?: number | null;
  readonly nonce?: string | number;
  readonly message_reference?: { readonly message_id: string; readonly fail_if_not_exists?: boolean };
}

/** What to write where. */
export interface NewMessage {
  readonly channel: Channel;
  readonly author: User;
  readonly body: MessageBody;
  readonly files?: readonly UploadedFile[];
  readonly visibleTo?: string | undefined;
  readonly interaction?: InteractionNote | undefined;
  /** A deferred answer: nothing to check or show yet. */
  readonly loading?: boolean;
  readonly mentions?: readonly User[];
}

/** Stay as they are whatever an edit says: IS_COMPONENTS_V2 cannot be taken off again. */
const KEPT_FLAGS = MessageFlag.ephemeral | MessageFlag.componentsV2;
const SETTABLE_FLAGS = MessageFlag.componentsV2 | (1 << 2) | (1 << 12);

/** A message to be, or an edit of an old one. */
interface Change {
  readonly body: MessageBody;
  readonly files: readonly UploadedFile[];
  readonly flags: number;
  readonly channel: Channel;
  readonly old?: MessageState;
}

/** A field that is left out stays as it was; `null` empties it. */
function chosen<T>(given: T | null | undefined, before: T | undefined): T | undefined {
  return given === undefined ? before : (given ?? undefined);
}

/** All messages of the local Discord. */
export class MessageStore {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** @throws {DiscordRefusal} when Discord would not take it */
  create(wish: NewMessage): Message {
    const { channel, body, visibleTo, loading = false } = wish;
    const privately = visibleTo === undefined ? 0 : MessageFlag.ephemeral;
    const flags = ((body.flags ?? 0) & SETTABLE_FLAGS) | privately | (loading ? MessageFlag.loading : 0);
    const state = this.#stateFrom({ body, files: wish.files ?? [], flags, channel });
    if (!loading) checkMessage(state);
    const message = new Message(
      {
        id: this.#world.ids.now(),
        channelId: channel.id,
        guildId: channel.guildId,
        author: wish.author,
        createdAtMs: this.#world.clock.nowMs(),
        visibleTo,
        replyTo: this.#replyTarget(body, channel),
        interaction: wish.interaction,
        mentions: wish.mentions ?? [],
        nonce: body.nonce,
      },
      this.#linked(state),
    );
    channel.messages.push(message);
    this.#world.messages.set(message.id, message);
    if (visibleTo === undefined) this.#announce("MESSAGE_CREATE", message);
    return message;
  }

  /** Changes what the body names and leaves the rest. @throws {DiscordRefusal} when Discord would not take it */
  edit(message: Message, body: MessageBody, files: readonly UploadedFile[] = []): void {
    if (message.deleted) throw unknown.message();
    const old = message.state;
    const wished = (body.flags ?? old.flags) & SETTABLE_FLAGS;
    const flags = wished | (old.flags & KEPT_FLAGS);
    const channel = this.#world.channel(message.facts.channelId);
    const state = this.#stateFrom({ body, files, flags, channel, old });
    checkMessage(state);
    message.change(this.#linked(state), this.#world.clock.nowMs());
    if (!message.ephemeral) this.#announce("MESSAGE_UPDATE", message);
  }

  delete(message: Message): void {
    if (message.deleted) throw unknown.message();
    message.deleted = true;
    const { messages } = this.#world.channel(message.facts.channelId);
    messages.splice(messages.indexOf(message), 1);
    if (message.ephemeral) return;
    this.#world.announce({
      type: "MESSAGE_DELETE",
      data: { id: message.id, channel_id: message.facts.channelId, guild_id: message.facts.guildId },
      guildId: message.facts.guildId,
      intents: message.facts.guildId ? GatewayIntentBits.GuildMessages : GatewayIntentBits.DirectMessages,
    });
  }

  /** @throws {DiscordRefusal} Unknown Message: never there, deleted, in another channel, or ephemeral */
  find(channelId: string | undefined, messageId: string | undefined): Message {
    const message = this.#world.messages.get(messageId ?? "");
    if (!message || message.deleted || message.ephemeral || message.facts.channelId !== channelId)
      throw unknown.message();
    return message;
  }

  #replyTarget({ message_reference: reference }: MessageBody, channel: Channel): Message | undefined {
    if (!reference) return undefined;
    const target = channel.messages.find(({ id, ephemeral }) => id === reference.message_id && !ephemeral);
    if (!target && reference.fail_if_not_exists !== false) throw unknown.message();
    return target;
  }

  #stateFrom({ body, files, flags, channel, old }: Change): MessageState {
    const uploaded = files.map((file) => this.#attachment(file, body, channel));
    const keptIds = body.attachments?.map(({ id }) => String(id));
    const kept = (old?.attachments ?? []).filter(({ id }) => keptIds?.includes(id) ?? true);
    return {
      content: chosen(body.content, old?.content) ?? "",
      embeds: chosen(body.embeds, old?.embeds) ?? [],
      components: stored(chosen(body.components, old?.components) ?? []),
      attachments: [...kept, ...uploaded],
      flags,
      atMs: this.#world.clock.monotonicMs(),
    };
  }

  #attachment(file: UploadedFile, body: MessageBody, channel: Channel): Attachment {
    const note = body.attachments?.find(({ id }) => `files[${id}]` === file.field);
    const id = this.#world.ids.now();
    const filename = note?.filename ?? file.filename;
    return {
      id,
      filename,
      description: note?.description ?? null,
      contentType: file.contentType,
      data: file.data,
      url: `${this.#world.httpOrigin}/attachments/${channel.id}/${id}/${encodeURIComponent(filename)}`,
    };
  }

  /** Components name files by `attachment://`; what is shown has the files' addresses. */
  #linked(state: MessageState): MessageState {
    const components = structuredClone(state.components) as Component[];
    for (const media of mediaIn(components)) {
      const found = state.attachments.find(({ filename }) => media.url === `attachment://${filename}`);
      const url = found?.url ?? media.url;
      const file = found && { attachment_id: found.id, content_type: found.contentType };
      Object.assign(media, { id: this.#world.ids.now(), url, proxy_url: url, ...file });
    }
    return { ...state, components };
  }

  #announce(type: string, message: Message): void {
    const { guildId, author } = message.facts;
    const member = guildId ? this.#world.guild(guildId).members.get(author.id) : undefined;
    const around = guildId
      ? { guild_id: guildId, ...(member && { member: memberPayload(member, true) }) }
      : {};
    this.#world.announce({
      type,
      data: (intents) => ({
        ...messagePayload(message, isVisibleContent(message, intents, this.#world.bot)),
        ...around,
        channel_type: this.#world.channel(message.facts.channelId).type,
      }),
      guildId,
      intents: guildId ? GatewayIntentBits.GuildMessages : GatewayIntentBits.DirectMessages,
    });
  }
}
