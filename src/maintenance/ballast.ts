// A file that is there to be removed: a full disk has no room for the database to note what is being cleaned up.
import { open, rm, stat } from "node:fs/promises";
import * as path from "node:path";

const BYTES = 8 * 1024 * 1024;
const CHUNK = Buffer.alloc(1024 * 1024);

/** Where the ballast of a cache lies. */
export function ballastFile(cacheFolder: string): string {
  return path.join(cacheFolder, "ballast");
}

/** Makes the ballast when it is missing and the disk has room. Never fails: without it only the full disk is harder. */
export async function layBallast(file: string, freeBytes: number): Promise<boolean> {
  if (freeBytes < 4 * BYTES || (await stat(file).catch(() => undefined))?.size === BYTES) return false;
  try {
    const handle = await open(file, "w", 0o640);
    try {
      // Written, not only reserved: a sparse file would free nothing.
      for (let written = 0; written < BYTES; written += CHUNK.length) await handle.write(CHUNK);
    } finally {
      await handle.close();
    }
    return true;
  } catch {
    await dropBallast(file);
    return false;
  }
}

/** Gives the room back when the disk is as good as full. True when that was done. */
export async function dropBallastIfFull(file: string, freeBytes: number): Promise<boolean> {
  return freeBytes < BYTES && (await dropBallast(file));
}

async function dropBallast(file: string): Promise<boolean> {
  return rm(file).then(
    () => true,
    () => false,
  );
}
