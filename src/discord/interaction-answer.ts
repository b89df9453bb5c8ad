import {
  type ChatInputCommandInteraction,
  type Message,
  type MessageComponentInteraction,
  MessageFlags,
  type ModalSubmitInteraction,
} from "discord.js";
import type { Form, MessageHandle, Panel } from "../command/panel.ts";
import { AppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { renderForm, renderPanel } from "./render.ts";
import type { Answering } from "./surfaces.ts";

export type AnswerableInteraction =
  | ChatInputCommandInteraction<"cached">
  | MessageComponentInteraction<"cached">
  | ModalSubmitInteraction<"cached">;

/** Discord wants the first answer within 3 s; a hit needs far less, so only slow answers show "thinking…". */
const DEFER_AFTER_MS = 1_000;
/** An interaction's token lives for 15 minutes; later changes go through the channel. */
const TOKEN_LIFE_MS = 14 * 60 * 1000;

type State = "open" | "deferred" | "answered";

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
    if (this.#state === "open") {
      this.#state = "answered";
      const flags = isPrivate
        ? ([payload.flags, MessageFlags.Ephemeral] as const)
        : ([payload.flags] as const);
      const response = await this.#interaction.reply({ ...payload, flags, withResponse: true });
      this.#message = response.resource?.message ?? undefined;
    } else if (this.#state === "deferred" && this.#interaction.isMessageComponent()) {
      // The press was acknowledged without a message of its own, so this one is added.
      const flags = [payload.flags, MessageFlags.Ephemeral] as const;
      this.#message = await this.#interaction.followUp({ ...payload, flags });
      this.#state = "answered";
      return this.#followUpHandle(this.#message.id);
    } else {
      this.#state = "answered";
      this.#message = await this.#interaction.editReply(payload);
    }
    return { edit: (next) => this.#edit(next) };
  }

  async update(panel: Panel): Promise<void> {
    clearTimeout(this.#timer);
    await this.#acknowledging;
    const interaction = this.#interaction;
    const canUpdate =
      interaction.isMessageComponent() || (interaction.isModalSubmit() && interaction.isFromMessage());
    if (!canUpdate) {
      await this.reply(panel);
      return;
    }
    if (this.#state === "open") {
      this.#state = "answered";
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
    const isFresh = performance.now() - this.#createdAtMs < TOKEN_LIFE_MS;
    if (isFresh || !this.#message) await this.#interaction.editReply(payload);
    else await this.#message.edit(payload);
  }

  #followUpHandle(messageId: string): MessageHandle {
    return {
      edit: async (panel) => {
        await this.#interaction.editReply({ ...renderPanel(panel), message: messageId });
      },
    };
  }

  #defer(): void {
    if (this.#state !== "open") return;
    this.#state = "deferred";
    const interaction = this.#interaction;
    const deferring =
      interaction.isMessageComponent() || (interaction.isModalSubmit() && interaction.isFromMessage())
        ? interaction.deferUpdate()
        : interaction.deferReply(this.#isPrivate ? { flags: MessageFlags.Ephemeral } : {});
    this.#acknowledging = deferring.catch((error: unknown) =>
      this.#log.warn("command.not_deferred", { error }),
    );
  }
}
