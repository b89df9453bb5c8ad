import type { FileHandle } from "node:fs/promises";

/** Name of one kept file below the store's root: `<profile-id>/<key>.opus`. */
export type BlobRef = string;

export interface BlobStat {
  readonly ref: BlobRef;
  readonly bytes: number;
  readonly modifiedAtMs: number;
}

/** A regular file opened for reading. It stays readable when its name is removed. */
export interface OpenBlob {
  readonly bytes: number;
  readonly file: FileHandle;
  close(): Promise<void>;
}

/** Where finished files live. Files are write-once: a name's bytes never change while it exists. */
export interface BlobStore {
  /** `undefined` = no regular file of that name. */
  open(ref: BlobRef): Promise<OpenBlob | undefined>;
  stat(ref: BlobRef): Promise<BlobStat | undefined>;
  /**
   * Makes a finished file visible under its name, durably (file and folder synced), never over a living one.
   * The file at `fromPath` must be on the store's file system; it is left in place.
   * @throws {AppError} `DISK_FULL`, `CACHE_UNWRITABLE` (also when something that is no file has the name)
   */
  publish(ref: BlobRef, fromPath: string): Promise<"published" | "exists">;
  /**
   * Puts a finished, better file in the place of a living one, durably and at once: who reads the old one reads it to
   * its end. The file at `fromPath` is taken away.
   * @throws {AppError} `DISK_FULL`, `CACHE_UNWRITABLE`
   */
  replace(ref: BlobRef, fromPath: string): Promise<void>;
  /**
   * Moves a file that failed a check out of the way, into the quarantine folder. Nothing is lost.
   * False when there was no such file.
   */
  setAside(ref: BlobRef): Promise<boolean>;
  /** All of them, in the order of their names, of which those of one folder are held in memory. */
  list(): AsyncIterable<BlobStat>;
  /** False when there was nothing to remove. */
  remove(ref: BlobRef): Promise<boolean>;
}

/** What playback is handed: it has no way to delete. */
export type PlayableBlobs = Pick<BlobStore, "open" | "stat" | "publish" | "setAside">;

/** A view without `remove` and `list`, not only in its type but as an object. */
export function playableBlobs(store: BlobStore): PlayableBlobs {
  return Object.freeze({
    open: (ref: BlobRef) => store.open(ref),
    stat: (ref: BlobRef) => store.stat(ref),
    publish: (ref: BlobRef, fromPath: string) => store.publish(ref, fromPath),
    setAside: (ref: BlobRef) => store.setAside(ref),
  });
}
