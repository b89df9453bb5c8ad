import { AppError } from "./errors.ts";

/** Throws `ABORTED` when the signal has fired. */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new AppError("ABORTED", {}, { cause: signal.reason });
}

/**
 * Stops waiting when the signal fires; the work itself goes on for whoever else wants it.
 * @throws {AppError} `ABORTED`
 */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  // Nobody may be left to see the work fail; that must not end the process.
  work.catch(() => undefined);
  throwIfAborted(signal);
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(new AppError("ABORTED", {}, { cause: signal.reason }));
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (stop) signal.removeEventListener("abort", stop);
  }
}
