// A file that is there to be removed: a full disk has no room for the database to note what is being cleaned up.
import { open, rm, stat } from "node:fs/promises";
import * as path from "node:path";

/** Enough for the database while a clean-up is running. */
export const BALLAST_BYTES = 8 * 1024 * 1024;
const CHUNK = Buffer.alloc(1024 * 1024);

/** Where the ballast of a cache lies. */
export function ballastFile(cacheFolder: string): string {
  return path.join(cacheFolder, "ballast");
}

/**
 * Makes the ballast when it is missing and the disk has room. Never fails: without it only the full disk is harder.
 * @param spareBytes free bytes of the disk above the floor that is always left free
 */
export async function layBallast(file: string, spareBytes: number): Promise<"laid" | "there" | "no room"> {
  if ((await stat(file).catch(() => undefined))?.size === BALLAST_BYTES) return "there";
  if (spareBytes < 4 * BALLAST_BYTES) return "no room";
  try {
    const handle = await open(file, "w", 0o640);
    try {
      // Written, not only reserved: a sparse file would free nothing.
      for (let written = 0; written < BALLAST_BYTES; written += CHUNK.length) await handle.write(CHUNK);
    } finally {
      await handle.close();
    }
    return "laid";
  } catch {
    await dropBallast(file);
    return "no room";
  }
}

/** Gives the room back when the disk is as good as full. True when that was done. */
export async function dropBallastIfFull(file: string, freeBytes: number): Promise<boolean> {
  return freeBytes < BALLAST_BYTES && (await dropBallast(file));
}

async function dropBallast(file: string): Promise<boolean> {
  return rm(file).then(
    () => true,
    () => false,
  );
}
