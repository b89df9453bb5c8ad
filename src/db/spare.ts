/** A copy of a database on another disk, for when its own is too full to open it. */
import { copyFile, mkdtemp, rm, stat, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { AppError } from "../core/errors.ts";
import { requireWhole } from "./dialects/sqlite-file.ts";

/** A database beside the real one, which nobody else knows. */
export interface SpareDatabase {
  readonly file: string;
  remove(): Promise<void>;
}

/** SQLite's -shm, and the pages of a first few transactions in its -wal. */
const NEEDED_BYTES = 1024 * 1024;
/** The second one is memory, on Linux. */
const PLACES = [tmpdir(), "/dev/shm"];
const TRIES = 3;

/** True when SQLite would find no room for the files it needs beside the database. */
export async function isTooFullToOpen(file: string): Promise<boolean> {
  const disk = await statfs(path.dirname(file)).catch(() => undefined);
  return disk !== undefined && disk.bavail * disk.bsize < NEEDED_BYTES;
}

/**
 * Copies the database as it is now. What is written to the copy is lost with it.
 * Only while this process has not opened the original: see `sqliteDialect`.
 * @throws {AppError} `DISK_TOO_FULL` when there is no room for a copy anywhere, or none could be made that is whole
 */
export async function copyToSpare(file: string, places: readonly string[] = PLACES): Promise<SpareDatabase> {
  for (const place of places) {
    const folder = await mkdtemp(path.join(place, "encore-database-")).catch(() => undefined);
    if (folder === undefined) continue;
    const copy = path.join(folder, path.basename(file));
    const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
    if (await copyWhole(file, copy).catch(() => false)) return { file: copy, remove };
    await remove();
  }
  throw new AppError("DISK_TOO_FULL");
}

/** False when somebody wrote to it all the time. The -shm is made anew from the -wal. */
async function copyWhole(file: string, copy: string): Promise<boolean> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const before = await factsOf(file);
    // That of an earlier try would be played into this copy.
    await rm(`${copy}-wal`, { force: true });
    await copyFile(file, copy);
    await copyFile(`${file}-wal`, `${copy}-wal`).catch(unlessMissing);
    if ((await factsOf(file)) !== before) continue;
    requireWhole(copy);
    return true;
  }
  return false;
}

/** Changes with every write. */
async function factsOf(file: string): Promise<string> {
  const found = await Promise.all(
    [file, `${file}-wal`].map((name) => stat(name, { bigint: true }).catch(unlessMissing)),
  );
  return found.map((facts) => (facts ? `${facts.ino}:${facts.size}:${facts.mtimeNs}` : "none")).join();
}

function unlessMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  return undefined;
}
