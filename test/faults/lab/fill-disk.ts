import { appendFile } from "node:fs/promises";
import * as path from "node:path";

/** Fills the disk of a folder to its last byte. Returns the file that does it; without that there is room again. */
export async function fillDisk(folder: string): Promise<string> {
  const file = path.join(folder, "filler");
  for (const bytes of [64 * 1024, 4 * 1024, 1]) {
    for (let count = 0; count < 10_000; count += 1) {
      const isFull = await appendFile(file, Buffer.alloc(bytes, 1)).then(
        () => false,
        () => true,
      );
      if (isFull) break;
    }
  }
  return file;
}
