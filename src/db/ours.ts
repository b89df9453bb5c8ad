/** Tells Encore's database from a file of somebody else's that DATABASE_URL names by mistake. */
import { createReadStream } from "node:fs";
import { stat, writeFile } from "node:fs/promises";
import { AppError } from "../core/errors.ts";
import { listBackups } from "./backup.ts";

/**
 * A file is opened, and set aside when it is damaged, only when something says that it is ours: our lock or a backup
 * lies beside it, or our tables stand in it. Merely opening it would change it: SQLite notes its journal mode.
 * @throws {AppError} `DATABASE_FOREIGN`
 */
export async function requireOurs(file: string): Promise<void> {
  if (await stat(lockOf(file)).catch(() => undefined)) return;
  if ((await listBackups(file)).length === 0 && !(await namesOurTables(file)))
    throw new AppError("DATABASE_FOREIGN", { path: file });
  // So that it is never read again: closing a file drops the locks that SQLite holds on it in the same process.
  await writeFile(lockOf(file), "", { flag: "a" });
}

/** A name may stand across two chunks. */
const LONGEST_NAME = 32;

/** Name of the file on which processes take turns in making, recovering and switching a database. */
export function lockOf(file: string): string {
  return `${file}.lock`;
}

/** A database that was not closed may have all of it in its -wal yet. */
async function namesOurTables(file: string): Promise<boolean> {
  const isEmpty = (await stat(file)).size === 0;
  return isEmpty || (await holdsNames(file)) || (await holdsNames(`${file}-wal`).catch(() => false));
}

async function holdsNames(file: string): Promise<boolean> {
  const missing = new Set(["kysely_migration", "cache_entries"]);
  let tail = "";
  for await (const chunk of createReadStream(file, { encoding: "latin1" })) {
    const text = tail + String(chunk);
    for (const name of missing) if (text.includes(name)) missing.delete(name);
    if (missing.size === 0) return true;
    tail = text.slice(-LONGEST_NAME);
  }
  return false;
}
