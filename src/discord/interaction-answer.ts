import {
  type ChatInputCommandInteraction,
  type Message,
  type MessageComponentInteraction,
  type MessageContextMenuCommandInteraction,
  MessageFlags,
  type ModalMessageModalSubmitInteraction,
  type ModalSubmitInteraction,
} from "discord.js";
import type { Form, MessageHandle, MessagePlace, Panel } from "../command/panel.ts";
import { AppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { messagesBelow } from "./message-handle.ts";
import { renderForm, renderPanel } from "./render.ts";
import type { Answering } from "./surfaces.ts";

export type AnswerableInteraction =
  | ChatInputCommandInteraction<"cached">
  | MessageContextMenuCommandInteraction<"cached">
  | MessageComponentInteraction<"cached">
  | ModalSubmitInteraction<"cached">;

/** Discord wants the first answer within 3 s; a hit needs far less, so only slow answers show "thinking…". */
const DEFER_AFTER_MS = 1_000;
/** An interaction's token lives for 15 minutes; later changes go through the channel. */
const TOKEN_LIFE_MS = 14 * 60 * 1000;

/**
 * `open`: nothing was said yet. `answered`: a message of our own is there or "thinking…" stands in its place.
 * `acknowledged`: the press was taken note of or its message was changed, so a message of our own must be added.
 */
type State = "open" | "answered" | "acknowledged";

/** Answers one interaction: in time, once, and afterwards by changing what was said. */
export class InteractionAnswer implements Answering {
  readonly #interaction: AnswerableInteraction;
  readonly #isPrivate: boolean;
  readonly #log: Logger;
  readonly #timer: NodeJS.Timeout;
  readonly #createdAtMs = performance.now();
  #state: State = "open";
  #acknowledging: Promise<unknown> = Promise.resolve();
  #message: Message | undefined;
  /** Id of the message that was added after an acknowledgement. */
  #addedId: string | undefined;

  constructor(interaction: AnswerableInteraction, isPrivate: boolean, log: Logger) {
    this.#interaction = interaction;
    this.#isPrivate = isPrivate;
    this.#log = log;
    this.#timer = setTimeout(() => this.#defer(), DEFER_AFTER_MS);
  }

  /** Call when the command is over. */
  close(): void {
    clearTimeout(this.#timer);
  }

  async reply(panel: Panel, options: { readonly private?: boolean } = {}): Promise<MessageHandle> {
    clearTimeout(this.#timer);
    await this.#acknowledging;
    const payload = renderPanel(panel);
    const isPrivate = options.private ?? this.#isPrivate;
    const flags = [payload.flags, ...(isPrivate ? [MessageFlags.Ephemeral as const] : [])];
    const state = this.#state;
    this.#state = "answered";
    if (state === "open") {
      const response = await this.#interaction.reply({ ...payload, flags, withResponse: true });
      this.#message = response.resource?.message ?? undefined;
    } else if (state === "acknowledged") {
      this.#message = await this.#interaction.followUp({ ...payload, flags });
      this.#addedId = this.#message.id;
    } else {
      await this.#edit(panel);
    }
    return {
      edit: (next) => this.#edit(next),
      delete: () => this.#delete(),
      below: () => (this.#message ? messagesBelow(this.#message) : 0),
      ...(this.#message && !isPrivate && { place: placeOf(this.#message) }),
    };
  }

  async update(panel: Panel): Promise<void> {
    clearTimeout(this.#timer);
    await this.#acknowledging;
    const interaction = this.#interaction;
    if (!hasMessage(interaction)) {
      await this.reply(panel);
    } else if (this.#state === "open") {
      this.#state = "acknowledged";
      await interaction.update(renderPanel(panel));
    } else {
      await interaction.editReply(renderPanel(panel));
    }
  }

  async openForm(form: Form): Promise<void> {
    clearTimeout(this.#timer);
    await this.#acknowledging;
    if (this.#state !== "open" || this.#interaction.isModalSubmit()) {
      throw new AppError("INTERNAL", { detail: "a form can only be the first answer" });
    }
    this.#state = "answered";
    await this.#interaction.showModal(renderForm(form));
  }

  async #edit(panel: Panel): Promise<void> {
    const payload = renderPanel(panel);
    if (this.#isFresh || !this.#message) {
      this.#message = await this.#interaction.editReply({
        ...payload,
        ...(this.#addedId !== undefined && { message: this.#addedId }),
      });
    } else {
      await this.#message.edit(payload);
    }
  }

  async #delete(): Promise<void> {
    if (this.#isFresh) await this.#interaction.deleteReply(this.#addedId ?? "@original");
    else await this.#message?.delete();
  }

  get #isFresh(): boolean {
    return performance.now() - this.#createdAtMs < TOKEN_LIFE_MS;
  }

  #defer(): void {
    if (this.#state !== "open") return;
    const interaction = this.#interaction;
    this.#state = hasMessage(interaction) ? "acknowledged" : "answered";
    const deferring = hasMessage(interaction)
      ? interaction.deferUpdate()
      : interaction.deferReply(this.#isPrivate ? { flags: MessageFlags.Ephemeral } : {});
    this.#acknowledging = deferring.catch((error: unknown) =>
      this.#log.warn("command.not_deferred", { error }),
    );
  }
}

function placeOf({ channelId, id }: Message): MessagePlace {
  return { channelId, messageId: id };
}

/** True for a button, and for a form that a button opened: they can change the message they are on. */
function hasMessage(
  interaction: AnswerableInteraction,
): interaction is MessageComponentInteraction<"cached"> | ModalMessageModalSubmitInteraction<"cached"> {
  return interaction.isMessageComponent() || (interaction.isModalSubmit() && interaction.isFromMessage());
}
