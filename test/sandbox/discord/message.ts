// One message in a channel, with everything it ever showed.
import { buttonsIn, textIn } from "./components.ts";
import type { Component, VisibleButton } from "./components.ts";
import type { User } from "./users.ts";

/** Bits of a message's flags. */
export const MessageFlag = { ephemeral: 1 << 6, loading: 1 << 7, componentsV2: 1 << 15 } as const;

/** A file that was sent along. */
export interface Attachment {
  readonly id: string;
  readonly filename: string;
  readonly description: string | null;
  readonly contentType: string;
  readonly data: Buffer;
  readonly url: string;
}

/** What a message shows at one moment. */
export interface MessageState {
  readonly content: string;
  readonly embeds: readonly Readonly<Record<string, unknown>>[];
  readonly components: readonly Component[];
  readonly attachments: readonly Attachment[];
  readonly flags: number;
  /** Monotonic clock of the local Discord. */
  readonly atMs: number;
}

/** Which interaction a message answers. */
export interface InteractionNote {
  readonly id: string;
  readonly type: number;
  readonly user: User;
  /** The message whose component was used. */
  readonly sourceId: string | undefined;
  /** The interaction that opened the form. */
  readonly trigger: InteractionNote | undefined;
}

interface MessageFacts {
  readonly id: string;
  readonly channelId: string;
  readonly guildId: string | undefined;
  readonly author: User;
  readonly createdAtMs: number;
  /** User id of the only person who sees it; `undefined` = everyone in the channel. */
  readonly visibleTo: string | undefined;
  readonly replyTo: Message | undefined;
  readonly interaction: InteractionNote | undefined;
  readonly mentions: readonly User[];
  readonly nonce: string | number | undefined;
}

/** A message; its handle stays good when it is edited or deleted. */
export class Message {
  readonly facts: MessageFacts;
  readonly #history: MessageState[];
  editedAtMs: number | undefined;
  deleted = false;

  constructor(facts: MessageFacts, state: MessageState) {
    this.facts = facts;
    this.#history = [state];
  }

  get id(): string {
    return this.facts.id;
  }

  get author(): User {
    return this.facts.author;
  }

  /** Every state in order; the last is what is shown now. */
  get history(): readonly MessageState[] {
    return this.#history;
  }

  get state(): MessageState {
    return this.#history.at(-1)!;
  }

  get text(): string {
    return textOf(this);
  }

  get buttons(): readonly VisibleButton[] {
    return buttonsIn(this.state.components);
  }

  get attachments(): readonly Attachment[] {
    return this.state.attachments;
  }

  get ephemeral(): boolean {
    return this.facts.visibleTo !== undefined;
  }

  /** "Encore is thinking…": the bot deferred and has not answered yet. */
  get loading(): boolean {
    return (this.state.flags & MessageFlag.loading) !== 0;
  }

  change(state: MessageState, editedAtMs: number): void {
    this.#history.push(state);
    this.editedAtMs = editedAtMs;
  }
}

/** Everything a person can read in a message or one of its states: content, embeds, text displays. */
export function textOf(message: Message | MessageState | undefined): string {
  if (!message) return "";
  const state = message instanceof Message ? message.state : message;
  const embeds = state.embeds.flatMap((embed) => [embed["title"], embed["description"]]);
  return [state.content, ...embeds, textIn(state.components)]
    .filter((part) => typeof part === "string" && part !== "")
    .join("\n");
}
