import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { access, readdir, rm } from "node:fs/promises";
import * as path from "node:path";
import { AppError } from "../core/errors.ts";

/**
 * `<key>.<pid>-<random>.src`: makes scratch names ours alone, so that what an earlier try left behind can never be
 * mistaken for this one's. The number of the process is for people who look into the folder.
 */
export function newWorkToken(pid: number = process.pid): string {
  return `${pid}-${randomBytes(6).toString("hex")}`;
}

/**
 * Removes every scratch file of a try and looks whether they are gone: the next try must not meet them, and they must
 * not fill the disk unseen.
 * @throws {AppError} `CACHE_UNWRITABLE` when something stays
 */
export async function clearWork(
  directory: string,
  prefix: string,
  remove: (file: string) => Promise<void> = (file) => rm(file, { recursive: true, force: true }),
): Promise<void> {
  const files = await filesOf(directory, prefix);
  await Promise.all(files.map((name) => remove(path.join(directory, name))));
  const left = files.length > 0 ? await filesOf(directory, prefix) : [];
  if (left.length > 0) throw new AppError("CACHE_UNWRITABLE", { path: directory, left: left.join(", ") });
}

/** A folder that is gone holds nothing. */
async function filesOf(directory: string, prefix: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => []);
  return names.filter((name) => name.startsWith(prefix));
}

/** @throws {AppError} `CACHE_UNWRITABLE`, also when it is gone */
export async function requireWritable(directory: string): Promise<void> {
  await access(directory, constants.W_OK).catch((cause: unknown) => {
    throw new AppError("CACHE_UNWRITABLE", { path: directory }, { cause });
  });
}
