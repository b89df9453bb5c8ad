// One interaction: what a person did, and everything the bot answered.
import type { Channel } from "./channel.ts";
import type { Component } from "./components.ts";
import type { Guild } from "./guild.ts";
import type { InteractionNote, Message, MessageState } from "./message.ts";
import type { Person } from "./person.ts";

/** Numbers of Discord's interaction types. */
export const InteractionKind = { command: 2, component: 3, autocomplete: 4, modal: 5 } as const;

/** A form the bot opened. */
export interface OpenedModal {
  readonly custom_id: string;
  readonly title: string;
  readonly components: readonly Component[];
}

/** One suggestion of an autocomplete answer. */
export interface Choice {
  readonly name: string;
  readonly value: string | number;
}

export interface InteractionFacts {
  readonly id: string;
  readonly token: string;
  readonly kind: (typeof InteractionKind)[keyof typeof InteractionKind];
  /** What the person did, for messages to the reader of a test: `/play`, `button "Skip"`. */
  readonly what: string;
  readonly person: Person;
  readonly guild: Guild;
  readonly channel: Channel;
  /** The message whose component was used. */
  readonly source: Message | undefined;
  /** The interaction that opened the form which is submitted now. */
  readonly trigger: Interaction | undefined;
  /** Monotonic clock of the local Discord. */
  readonly createdAtMs: number;
}

/** An interaction as the person who started it sees it. */
export class Interaction {
  readonly facts: InteractionFacts;
  /** Settles with the first answer. */
  readonly acknowledged: Promise<void>;
  /** Milliseconds until the first answer; `undefined` = none yet. */
  acknowledgedAfterMs: number | undefined;
  /** The number of the first answer's type: 4, 5, 6, 7, 8, 9. */
  callbackType: number | undefined;
  /** The first answer was "thinking…" (5) or "I will change that message" (6). */
  deferred = false;
  /** The first answer was for this person's eyes only. */
  ephemeral = false;
  /** The answer's message as it is now; for components that change their own message, that message. */
  message: Message | undefined;
  modal: OpenedModal | undefined;
  choices: readonly Choice[] | undefined;
  readonly followUps: Message[] = [];
  readonly #settle: () => void;

  constructor(facts: InteractionFacts) {
    this.facts = facts;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.acknowledged = promise;
    this.#settle = resolve;
  }

  /** How messages refer to this interaction. */
  get note(): InteractionNote {
    const { id, kind, person, source, trigger } = this.facts;
    return { id, type: kind, user: person.user, sourceId: source?.id, trigger: trigger?.note };
  }

  get id(): string {
    return this.facts.id;
  }

  /** Every state of the answer's message, the first one included. */
  get messageHistory(): readonly MessageState[] {
    return this.message?.history ?? [];
  }

  /** Text of the answer as it is now. */
  get text(): string {
    return this.message?.text ?? "";
  }

  acknowledge(callbackType: number, nowMs: number): void {
    this.callbackType = callbackType;
    this.acknowledgedAfterMs = nowMs - this.facts.createdAtMs;
    this.#settle();
  }
}
