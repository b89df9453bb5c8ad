import type { Logger } from "../core/logger.ts";
import type { MessageHandle, Panel } from "./panel.ts";

/** One message whose newest content is what counts: changes are sent one after another, overtaken ones never. */
export class LiveMessage {
  readonly #log: Logger;
  readonly #handle: Promise<MessageHandle>;
  #shown: string;
  #wanted: Panel | undefined;
  #sending = false;

  /** `shown` is what the message says once `handle` resolves. */
  constructor(handle: Promise<MessageHandle>, log: Logger, shown: Panel) {
    this.#log = log;
    this.#handle = handle;
    this.#shown = JSON.stringify(shown);
    handle.catch(() => undefined);
  }

  /** Shows this next; nothing is sent when it says so already. */
  show(panel: Panel): void {
    this.#wanted = panel;
    if (!this.#sending) void this.#send();
  }

  async #send(): Promise<void> {
    this.#sending = true;
    const handle = await this.#handle.catch((error: unknown) => this.#failed(error));
    for (let panel = this.#take(); panel; panel = this.#take()) {
      await handle?.edit(panel).catch((error: unknown) => this.#failed(error));
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
