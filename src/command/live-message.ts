import type { Logger } from "../core/logger.ts";
import type { MessageHandle, Panel } from "./panel.ts";

/** A message as it was sent. */
export interface SentMessage {
  readonly handle: MessageHandle;
  readonly shown: Panel;
}

/** One message whose newest content is what counts: changes are sent one after another, overtaken ones never. */
export class LiveMessage {
  readonly #log: Logger;
  readonly #sent: Promise<SentMessage>;
  #handle: MessageHandle | undefined;
  #shown: string | undefined;
  #wanted: Panel | undefined;
  #sending = false;
  #isRemoved = false;
  #isLost = false;
  #isUnsent = false;

  constructor(sent: Promise<SentMessage>, log: Logger) {
    this.#log = log;
    this.#sent = sent;
    sent.then(
      ({ handle }) => (this.#handle = handle),
      () => (this.#isLost = this.#isUnsent = true),
    );
  }

  /** The last try to send or change it has failed: somebody deleted it, or it may not be changed any more. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** It was refused: nothing can be written there. */
  get isUnsent(): boolean {
    return this.#isUnsent;
  }

  /** How many messages have come after it. */
  get below(): number {
    return this.#handle?.below() ?? 0;
  }

  /** Shows this next; nothing is sent when it says so already. */
  show(panel: Panel): void {
    this.#wanted = panel;
    if (!this.#sending) void this.#send();
  }

  /** Deletes it, as soon as it is there. */
  async remove(): Promise<void> {
    this.#isRemoved = true;
    try {
      await (await this.#sent).handle.delete();
    } catch (error) {
      this.#log.debug("announce.not_removed", { error });
    }
  }

  async #send(): Promise<void> {
    this.#sending = true;
    const sent = await this.#sent.catch((error: unknown) => this.#failed(error));
    this.#shown ??= JSON.stringify(sent?.shown);
    for (let panel = this.#take(); panel; panel = this.#take()) {
      await sent?.handle.edit(panel).then(
        () => (this.#isLost = false),
        (error: unknown) => this.#failed(error),
      );
    }
    this.#sending = false;
  }

  /** A message somebody deleted, or a channel we may no longer write in: the music goes on. */
  #failed(error: unknown): undefined {
    this.#shown = "";
    this.#isLost = true;
    if (!this.#isRemoved) this.#log.warn("announce.failed", { error });
  }

  #take(): Panel | undefined {
    const panel = this.#wanted;
    this.#wanted = undefined;
    if (!panel || this.#isRemoved) return undefined;
    const text = JSON.stringify(panel);
    if (text === this.#shown) return undefined;
    this.#shown = text;
    return panel;
  }
}
