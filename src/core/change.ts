import { untilAborted } from "./abort.ts";

/** Something that changes now and then, for those who look again when it has. */
export class Change {
  #next = Promise.withResolvers<void>();

  /** It has changed: everybody looks again. */
  tell(): void {
    this.#next.resolve();
    this.#next = Promise.withResolvers<void>();
  }

  /** Resolves with the next change; look first and ask then, without waiting in between. @throws {AppError} `ABORTED` */
  async next(signal: AbortSignal): Promise<void> {
    await untilAborted(this.#next.promise, signal);
  }
}
