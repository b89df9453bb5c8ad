/** Where songs are prepared that cannot be kept. */
import { mkdtemp, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";

/** The second one is memory, on Linux. */
const PLACES = [tmpdir(), "/dev/shm"];
/** The download lies beside what is made of it, and may be larger. */
const TIMES = 3;

/**
 * Makes a folder for one song that will take about so many bytes: in the first place that has room for it, else in the
 * one that has the most. Who asked for it removes it.
 * @throws {Error} what the file system says when no folder can be made there
 */
export async function makeFallback(bytes: number, places: readonly string[] = PLACES): Promise<string> {
  const rooms = await Promise.all(places.map(async (place) => ({ place, bytes: await freeBytes(place) })));
  const [roomiest] = rooms.toSorted((one, other) => other.bytes - one.bytes);
  const { place } = rooms.find((room) => room.bytes >= bytes * TIMES) ?? roomiest ?? { place: tmpdir() };
  return await mkdtemp(path.join(place, "encore-"));
}

/** A place that is not there has none. */
async function freeBytes(place: string): Promise<number> {
  const disk = await statfs(place).catch(() => undefined);
  return disk ? disk.bavail * disk.bsize : 0;
}
