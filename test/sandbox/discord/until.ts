// Waiting for something to become true.

export interface UntilOptions {
  /** What is waited for, for the failure message. */
  readonly what: string;
  /** Default 10 s. */
  readonly timeoutMs?: number;
}

const LOOK_EVERY_MS = 5;

/**
 * Looks again and again until the condition gives something true, and returns that.
 * @throws {Error} when time is up, saying what was awaited and how things stand
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  { what, timeoutMs = 10_000 }: UntilOptions,
  situation: () => string = () => "",
): Promise<NonNullable<T>> {
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (performance.now() > endMs) throw new Error(`Not within ${timeoutMs} ms: ${what}\n${situation()}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
