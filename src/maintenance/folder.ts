// What stands in a folder, in order, whoever put it there. Never follows a link.
import { randomBytes } from "node:crypto";
import { lstat, mkdir, readdir, rename, rm } from "node:fs/promises";
import * as path from "node:path";
import { AppError } from "../core/errors.ts";

/** One name in a folder. */
export interface FolderEntry {
  readonly name: string;
  readonly kind: "file" | "folder" | "link" | "other";
  readonly bytes: number;
  readonly modifiedAtMs: number;
}

/** Entries sorted by `order` of their names; only the names are held in memory. A missing folder is empty. */
export async function* readFolder(
  folder: string,
  order: (name: string) => string = (name) => name,
): AsyncGenerator<FolderEntry, void, undefined> {
  const names = (await unlessMissing(readdir(folder))) ?? [];
  const ordered = names.map((name) => [order(name), name] as const).toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (const [, name] of ordered) {
    const entry = await lookAt(path.join(folder, name));
    if (entry) yield entry;
  }
}

/** `undefined` = there is nothing (any more) under that name. */
export async function lookAt(file: string): Promise<FolderEntry | undefined> {
  const stat = await unlessMissing(lstat(file));
  if (!stat) return undefined;
  const kind = stat.isFile() ? "file" : stat.isDirectory() ? "folder" : "other";
  return {
    name: path.basename(file),
    kind: stat.isSymbolicLink() ? "link" : kind,
    bytes: stat.size,
    modifiedAtMs: stat.mtimeMs,
  };
}

/** Removes a file or link; a folder only when told so. False when there was nothing. @throws {AppError} `CACHE_UNWRITABLE` */
export async function removeEntry(file: string, options: { readonly recursive: boolean }): Promise<boolean> {
  const removed = await unlessMissing(rm(file, options).then(() => true));
  return removed ?? false;
}

/** Moves a file into the quarantine folder under a name of its own. @throws {AppError} `CACHE_UNWRITABLE` */
export async function moveAside(file: string, quarantine: string): Promise<void> {
  await unlessMissing(mkdir(quarantine, { recursive: true }));
  const name = `${path.basename(path.dirname(file))}.${path.basename(file)}`;
  await unlessMissing(
    rename(file, path.join(quarantine, `${name.slice(0, 200)}.${randomBytes(6).toString("hex")}`)),
  );
}

/** The code of the operating system behind an error, for logs: `EACCES`, or the error's own code. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof AppError && error.cause !== undefined ? error.cause : error;
  if (cause instanceof Error && "code" in cause) return String(cause.code);
  return cause instanceof Error ? cause.message : String(cause);
}

async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (cause) {
    const code = reasonOf(cause);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new AppError("CACHE_UNWRITABLE", {}, { cause });
  }
}
