import { type AppError, type ErrorCode, toAppError } from "../core/errors.ts";

/** Room can be made: in the cache, or on a disk so full that the database on it cannot note anything. */
export const FULL: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["DISK_FULL", "DISK_TOO_FULL"]);
const NO_PLACE: ReadonlySet<ErrorCode> = new Set([...FULL, "CACHE_UNWRITABLE"]);

/** The error as a value when it says that there is no place for the song; other errors are thrown. */
export async function orNoPlace<T>(
  work: Promise<T>,
  codes: ReadonlySet<ErrorCode> = NO_PLACE,
): Promise<T | AppError> {
  try {
    return await work;
  } catch (error) {
    const reason = toAppError(error);
    if (codes.has(reason.code)) return reason;
    throw reason;
  }
}
