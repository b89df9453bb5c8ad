// What the file system says, as one of our codes.
import { AppError, toAppError } from "../core/errors.ts";

const FULL: ReadonlySet<unknown> = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** Waits for work on files. @throws {AppError} `DISK_FULL`, `CACHE_UNWRITABLE`, `OUT_OF_FILES` */
export async function onDisk<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (toAppError(cause).code === "OUT_OF_FILES") throw toAppError(cause);
    const reason = cause instanceof Error && "code" in cause ? cause.code : undefined;
    throw new AppError(FULL.has(reason) ? "DISK_FULL" : "CACHE_UNWRITABLE", { reason }, { cause });
  }
}
