/** Where songs are prepared that cannot be kept. */
import { mkdtemp, readdir, rm, stat, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";

/** The second one is memory, on Linux. */
const PLACES = [tmpdir(), "/dev/shm"];
/** The download lies beside what is made of it, and may be larger. */
const TIMES = 3;
const NAME = "encore-song-";
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Makes a folder for one song that will take about so many bytes: in the first place that has room for it, else in the
 * one that has the most. Who asked for it removes it.
 * @throws {Error} what the file system says when no folder can be made there
 */
export async function makeFallback(bytes: number, places: readonly string[] = PLACES): Promise<string> {
  const rooms = await Promise.all(places.map(async (place) => ({ place, bytes: await freeBytes(place) })));
  const hasRoom = (room: { readonly bytes: number }): boolean => room.bytes >= bytes * TIMES;
  const roomiest = rooms.toSorted((one, other) => other.bytes - one.bytes);
  let failure: unknown;
  for (const { place } of [...rooms.filter(hasRoom), ...roomiest]) {
    try {
      return await mkdtemp(path.join(place, NAME));
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
}

/**
 * Removes folders that a killed process left behind, in memory too. No song takes a day.
 * @returns how many
 */
export async function sweepFallbacks(nowMs: number, places: readonly string[] = PLACES): Promise<number> {
  let swept = 0;
  for (const place of new Set(places)) {
    const names = await readdir(place).catch(() => []);
    for (const name of names.filter((each) => each.startsWith(NAME))) {
      const folder = path.join(place, name);
      const facts = await stat(folder).catch(() => undefined);
      if (!facts || nowMs - facts.mtimeMs < DAY_MS) continue;
      await rm(folder, { recursive: true, force: true });
      swept += 1;
    }
  }
  return swept;
}

/** A place that is not there has none. */
async function freeBytes(place: string): Promise<number> {
  const disk = await statfs(place).catch(() => undefined);
  return disk ? disk.bavail * disk.bsize : 0;
}
