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
  #shown: string | undefined;
  #wanted: Panel | undefined;
  #sending = false;

  constructor(sent: Promise<SentMessage>, log: Logger) {
    this.#log = log;
    this.#sent = sent;
    sent.catch(() => undefined);
  }

  /** Shows this next; nothing is sent when it says so already. */
  show(panel: Panel): void {
    this.#wanted = panel;
    if (!this.#sending) void this.#send();
  }

  async #send(): Promise<void> {
    this.#sending = true;
    const sent = await this.#sent.catch((error: unknown) => this.#failed(error));
    this.#shown ??= JSON.stringify(sent?.shown);
    for (let panel = this.#take(); panel; panel = this.#take()) {
      await sent?.handle.edit(panel).catch((error: unknown) => this.#failed(error));
    }
    this.#sending = false;
  }

  /** A message somebody deleted, or a channel we may no longer write in: the music goes on. */
  #failed(error: unknown): undefined {
    this.#shown = "";
    this.#log.warn("announce.failed", { error });
  }

  #take(): Panel | undefined {
    const panel = this.#wanted;
    this.#wanted = undefined;
    if (!panel) return undefined;
    const text = JSON.stringify(panel);
    if (text === this.#shown) return undefined;
    this.#shown = text;
    return panel;
  }
}
