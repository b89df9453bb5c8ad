// A fixed number of places for work that runs at the same time.
import { untilAborted } from "../core/abort.ts";

/** Runs work when a place is free, first come first served. */
export interface Slots {
  /** @throws {AppError} `ABORTED` when the signal fires while waiting; the work is not started then. */
  run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

export function createSlots(count: number): Slots {
  let free = count;
  const waiting = new Set<() => void>();

  const take = async (signal: AbortSignal): Promise<void> => {
    if (free > 0) {
      free -= 1;
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.add(resolve);
    try {
      await untilAborted(promise, signal);
    } catch (error) {
      // The place may have been handed over in the very moment of giving up.
      if (!waiting.delete(resolve)) give();
      throw error;
    }
  };

  const give = (): void => {
    const [next] = waiting;
    if (next === undefined) {
      free += 1;
      return;
    }
    waiting.delete(next);
    next();
  };

  return {
    run: async (work, signal) => {
      await take(signal);
      try {
        return await work();
      } finally {
        give();
      }
    },
  };
}
