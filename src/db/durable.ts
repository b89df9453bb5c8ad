/** Makes sure that what was written to a folder outlives a power loss. Never for a database that is open here. */
import { link, open, rm } from "node:fs/promises";
import * as path from "node:path";

/** Flushes a file's content to the disk. */
export async function syncFile(file: string): Promise<void> {
  const handle = await open(file, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Flushes the names in a folder. Windows has no such call. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Gives a finished file its final name, durably. False when the name is taken; what has it stays as it is. */
export async function publishFile(from: string, to: string): Promise<boolean> {
  await syncFile(from);
  try {
    await link(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  await syncFolder(path.dirname(to));
  await rm(from);
  return true;
}
