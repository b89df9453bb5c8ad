/** A point at which something waits until a test lets it go on. */
export class Gate {
  readonly #reached = Promise.withResolvers<void>();
  readonly #opened = Promise.withResolvers<void>();

  /** Resolves when somebody stands at the gate. */
  get reached(): Promise<void> {
    return this.#reached.promise;
  }

  open(): void {
    this.#opened.resolve();
  }

  /** Stands at the gate. Ends early, with the signal's reason, when it fires. */
  async pass(signal?: AbortSignal): Promise<void> {
    this.#reached.resolve();
    const aborted = Promise.withResolvers<never>();
    const stop = (): void => aborted.reject(signal?.reason);
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop, { once: true });
    try {
      await Promise.race([this.#opened.promise, aborted.promise]);
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }
}
