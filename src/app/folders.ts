/** The folders that the bot keeps its files in. */
import { mkdir, stat, statfs, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Config } from "../config/config.ts";
import { AppError } from "../core/errors.ts";
import { ballastFile, dropBallastIfFull, layBallast } from "../maintenance/ballast.ts";

/** Absolute paths below CACHE_DIR. */
export interface CacheFolders {
  readonly audio: string;
  readonly work: string;
  readonly quarantine: string;
  readonly logs: string;
}

/** Backup programs skip a folder with this file. @see https://bford.info/cachedir/ */
const CACHEDIR_TAG = `Signature: 8a477f597d28d172789f06886806bc55
# This file is a cache directory tag created by Encore.
# For information about cache directory tags, see https://bford.info/cachedir/
`;

/** Where everything below CACHE_DIR is. */
export function cacheFolders(config: Config): CacheFolders {
  const at = (name: string): string => path.join(config.cache.directory, name);
  return { audio: at("audio"), work: at("work"), quarantine: at("quarantine"), logs: at("logs") };
}

/**
 * Makes what is missing; what is there stays as it is.
 * @returns the folders that were made
 * @throws {AppError} `CACHE_UNWRITABLE`
 */
export async function prepareFolders(config: Config): Promise<readonly string[]> {
  const wanted = [...(Object.values(cacheFolders(config)) as string[]), path.dirname(config.database.path)];
  const made: string[] = [];
  try {
    await dropBallastOnFullDisk(config);
    for (const folder of wanted) {
      if (await makeFolder(folder)) made.push(folder);
    }
    await writeFile(path.join(config.cache.directory, "CACHEDIR.TAG"), CACHEDIR_TAG, { flag: "wx" }).catch(
      unlessThereOrFull,
    );
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code;
    throw new AppError("CACHE_UNWRITABLE", { path: config.cache.directory, reason }, { cause });
  }
  return made;
}

/**
 * Makes a folder and those above it. Node's own recursive mkdir never ends where a system says that a folder to be
 * made is not there, as /proc does.
 * @returns false when it was there
 * @throws {Error} what the file system says
 */
export async function makeFolder(folder: string): Promise<boolean> {
  const facts = await stat(folder).catch(() => undefined);
  if (facts?.isDirectory()) return false;
  const parent = path.dirname(folder);
  if (!facts && parent !== folder) await makeFolder(parent);
  try {
    await mkdir(folder, { mode: 0o750 });
    return true;
  } catch (error) {
    // Another process may have been faster.
    if ((await stat(folder).catch(() => undefined))?.isDirectory()) return false;
    throw error;
  }
}

/** Free bytes of the disk that a folder is on, for users without special rights. */
export async function freeDiskBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Sets room aside for a day when the disk is full; the floor is left free all the same. */
export async function layBallastIn({ cache }: Config): ReturnType<typeof layBallast> {
  const spareBytes = (await freeDiskBytes(cache.directory)) - cache.freeDiskFloorBytes;
  return await layBallast(ballastFile(cache.directory), spareBytes);
}

/** On a full disk the database can note nothing, or not even be opened: the ballast goes first. */
export async function dropBallastOnFullDisk({ cache }: Config): Promise<void> {
  // A folder that is yet to be made has none.
  const freeBytes = await freeDiskBytes(cache.directory).catch(() => undefined);
  if (freeBytes !== undefined) await dropBallastIfFull(ballastFile(cache.directory), freeBytes);
}

/** Nothing depends on the tag, and on a full disk there is no room for it. */
function unlessThereOrFull(error: unknown): void {
  if (!["EEXIST", "ENOSPC"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
}
