import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { link, lstat, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import * as path from "node:path";
import { AppError, toAppError } from "../core/errors.ts";
import type { OnStep } from "../core/step.ts";
import type { BlobRef, BlobStat, BlobStore, OpenBlob } from "./blob-store.ts";

/** One folder, one name that cannot be hidden, a parent or a path. Keys of YouTube may begin with `-` or `_`. */
const REF = /^[a-z][a-z0-9]{0,15}-[0-9a-f]{8}\/[A-Za-z0-9_-][A-Za-z0-9._-]{0,160}\.opus$/u;

/** Names in a store of untouched downloads. */
export const ORIGINAL_NAMES = /^originals\/[A-Za-z0-9_-][A-Za-z0-9._-]{0,160}\.src$/u;

export interface FsBlobStoreOptions {
  /** Absolute path of the folder with one folder per profile. */
  readonly root: string;
  /** Absolute path of the folder for files that failed a check. On the same file system. */
  readonly quarantine: string;
  /** Which names are files of this store: one folder, one file. Not given: those of songs. */
  readonly names?: RegExp;
  readonly onStep?: OnStep;
}

/** Kept files in a local folder. */
export class FsBlobStore implements BlobStore {
  readonly #root: string;
  readonly #quarantine: string;
  readonly #names: RegExp;
  readonly #onStep: OnStep | undefined;

  constructor(options: FsBlobStoreOptions) {
    this.#root = options.root;
    this.#quarantine = options.quarantine;
    this.#names = options.names ?? REF;
    this.#onStep = options.onStep;
  }

  async open(ref: BlobRef): Promise<OpenBlob | undefined> {
    // NOFOLLOW: a link in the folder must not make us read another file. NONBLOCK: nor may a pipe make us wait.
    // Opening decides, not an earlier look.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const file = await open(this.#path(ref), flags).catch(absent);
    if (!file) return undefined;
    const stat = await file.stat();
    if (stat.isFile()) return { bytes: stat.size, file, close: () => file.close() };
    await file.close();
    return undefined;
  }

  async stat(ref: BlobRef): Promise<BlobStat | undefined> {
    const stat = await lstat(this.#path(ref)).catch(absent);
    return stat?.isFile() ? { ref, bytes: stat.size, modifiedAtMs: stat.mtimeMs } : undefined;
  }

  async publish(ref: BlobRef, fromPath: string): Promise<"published" | "exists"> {
    const toPath = this.#path(ref);
    try {
      await makeDurable(fromPath);
      this.#onStep?.("M9 file synced");
      if (await mkdir(path.dirname(toPath), { recursive: true })) await syncFolder(this.#root);
      // A hard link fails when the name is taken, which rename does not: a living file is never replaced.
      await link(fromPath, toPath);
      await syncFolder(path.dirname(toPath));
      return "published";
    } catch (error) {
      // A folder or a symbolic link takes a name too, and is nothing that could be played.
      if (hasCode(error, "EEXIST") && (await this.stat(ref))) return "exists";
      throw storageError(error);
    }
  }

  async replace(ref: BlobRef, fromPath: string): Promise<void> {
    const toPath = this.#path(ref);
    try {
      await makeDurable(fromPath);
      if (await mkdir(path.dirname(toPath), { recursive: true })) await syncFolder(this.#root);
      await rename(fromPath, toPath);
      await syncFolder(path.dirname(toPath));
    } catch (error) {
      throw storageError(error);
    }
  }

  async setAside(ref: BlobRef): Promise<boolean> {
    const from = this.#path(ref);
    const name = `${ref.replace("/", ".")}.${randomBytes(6).toString("hex")}`;
    try {
      await mkdir(this.#quarantine, { recursive: true });
      await rename(from, path.join(this.#quarantine, name));
      await syncFolder(this.#quarantine);
      await syncFolder(path.dirname(from));
      return true;
    } catch (error) {
      if (hasCode(error, "ENOENT")) return false;
      throw storageError(error);
    }
  }

  async *list(): AsyncGenerator<BlobStat, void, undefined> {
    const folders = (await readdir(this.#root, { withFileTypes: true }).catch(absent)) ?? [];
    for (const folder of folders.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (!folder.isDirectory()) continue;
      const names = (await readdir(path.join(this.#root, folder.name)).catch(absent)) ?? [];
      for (const name of names.toSorted((a, b) => (stem(a) < stem(b) ? -1 : 1))) {
        const ref = `${folder.name}/${name}`;
        const stat = this.#names.test(ref) ? await this.stat(ref) : undefined;
        if (stat) yield stat;
      }
    }
  }

  async remove(ref: BlobRef): Promise<boolean> {
    const file = this.#path(ref);
    try {
      await rm(file);
    } catch (error) {
      if (hasCode(error, "ENOENT")) return false;
      throw storageError(error);
    }
    this.#onStep?.("E2 unlinked");
    await syncFolder(path.dirname(file));
    return true;
  }

  #path(ref: BlobRef): string {
    if (!this.#names.test(ref)) throw new AppError("UNSAFE_ID", { id: ref });
    return path.join(this.#root, ref);
  }
}

/** Flushes a file's content to the disk; without it a power loss can leave an empty file under a good name. */
async function makeDurable(file: string): Promise<void> {
  // Read-only: an earlier try to publish it was here already.
  if (((await lstat(file)).mode & 0o222) === 0) return;
  const handle = await open(file, "r+");
  try {
    await handle.sync();
    await handle.chmod(0o444);
  } finally {
    await handle.close();
  }
}

/** Flushes the folder, so that a new or removed name survives a power loss. Windows has no such call. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function absent(error: unknown): undefined {
  // ELOOP is what O_NOFOLLOW says about a symbolic link.
  if (hasCode(error, "ENOENT") || hasCode(error, "ELOOP") || hasCode(error, "ENOTDIR")) return undefined;
  throw storageError(error);
}

function storageError(error: unknown): AppError {
  if (hasCode(error, "EMFILE") || hasCode(error, "ENFILE")) return toAppError(error);
  const full = hasCode(error, "ENOSPC") || hasCode(error, "EDQUOT");
  return new AppError(full ? "DISK_FULL" : "CACHE_UNWRITABLE", {}, { cause: error });
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

/** A name without its ending: `a` goes before `a-b`, `a.opus` behind `a-b.opus`. */
function stem(name: string): string {
  return path.parse(name).name;
}
