import { type AppError, errorKind } from "../core/errors.ts";

const SECOND_MS = 1_000;
const SHORT_PAUSE_MS = 5 * SECOND_MS;
const FIRST_PAUSE_MS = 30 * SECOND_MS;
const LONGEST_PAUSE_MS = 15 * 60 * SECOND_MS;
const GONE_PAUSE_MS = 6 * 60 * 60 * SECOND_MS;

/**
 * How long a failed download is not tried again, in milliseconds; 0 = not remembered.
 * `attempts` counts the failures in a row, this one included.
 */
export function retryPauseMs(error: AppError, attempts: number): number {
  switch (errorKind(error.code).memory) {
    case "none":
      return 0;
    case "seconds":
      return SHORT_PAUSE_MS;
    case "doubling":
      return Math.min(FIRST_PAUSE_MS * 2 ** (attempts - 1), LONGEST_PAUSE_MS);
    case "hours":
      return GONE_PAUSE_MS;
  }
}
