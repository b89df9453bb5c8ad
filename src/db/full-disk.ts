import { toAppError } from "../core/errors.ts";

/** For what is noted to save work later only: on a full disk it is not noted, and nothing fails for that. */
export async function unlessFull(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (toAppError(error).code !== "DISK_TOO_FULL") throw error;
  }
}
