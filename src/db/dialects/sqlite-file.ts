/** What is done to a SQLite file as a whole: check it, copy it, keep others away from it. */
import { setTimeout as delay } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import Sqlite from "better-sqlite3";
import { throwIfAborted } from "../../core/abort.ts";
import { isBusy } from "./sqlite.ts";

/**
 * Reads a database from end to end (quick_check).
 * @throws {SqliteError} that {@link isDamage} knows when it is not whole; another when it cannot be looked at
 */
export function requireWhole(file: string): void {
  const connection = new Sqlite(file, { fileMustExist: true });
  try {
    const found = String(connection.pragma("quick_check(1)", { simple: true }));
    if (found !== "ok") throw damage(found.replaceAll(/\s+/gu, " "));
  } finally {
    connection.close();
  }
}

/** An error that says, as SQLite would, that a file is no whole database. */
export function damage(message: string): Error {
  return new Sqlite.SqliteError(message, "SQLITE_CORRUPT");
}

/** True when the file itself is bad: no other try, right or disk would make it readable. */
export function isDamage(error: unknown): boolean {
  const code = error instanceof Sqlite.SqliteError ? error.code : "";
  return code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB";
}

/**
 * True when SQLite could make no sense of a statement: for one that is known to be right, the fault is the file's, for
 * instance a format it does not know or a table without its columns.
 */
export function isNonsense(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && error.code === "SQLITE_ERROR";
}

/**
 * Writes a whole, checked copy to a name that must be free. Not synced to the disk yet.
 * @throws {SqliteError} for instance SQLITE_CORRUPT when the original cannot be read to its end
 */
export async function copyDatabase(from: string, to: string): Promise<void> {
  const worker = new Worker(new URL("sqlite-copy.ts", import.meta.url), { workerData: { from, to } });
  const { promise, resolve, reject } = Promise.withResolvers<CopyFailure | "done">();
  worker.once("message", resolve);
  worker.once("error", reject);
  worker.once("exit", (code) => reject(new Error(`the copying thread ended with ${code}`)));
  const result = await promise;
  if (result !== "done") throw new Sqlite.SqliteError(result.message, result.code);
}

/** An error of SQLite as it goes from one thread to another, where it would lose its class. */
export interface CopyFailure {
  readonly code: string;
  readonly message: string;
}

const LOOK_AGAIN_MS = 50;

/**
 * Runs work while no other process does under the same name. SQLite's lock on a file of its own serves for that: the
 * system frees it when its holder dies, however that happens.
 * @throws {AppError} `ABORTED` while waiting
 */
export async function withFileLock<T>(
  lockFile: string,
  work: () => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const connection = new Sqlite(lockFile, { timeout: 0 });
  try {
    while (!tryLock(connection)) {
      throwIfAborted(signal);
      await delay(LOOK_AGAIN_MS);
    }
    return await work();
  } finally {
    connection.close();
  }
}

function tryLock(connection: Sqlite.Database): boolean {
  try {
    connection.exec("begin exclusive");
    return true;
  } catch (error) {
    if (isBusy(error)) return false;
    throw error;
  }
}
