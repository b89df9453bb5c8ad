// What a restored database says about files may be days old; only what still fits is believed.
import type { CacheIndex } from "../db/cache-index.ts";
import type { CacheRows } from "../db/cache-rows.ts";
import type { BlobStore } from "../storage/blob-store.ts";

export interface DemoteDeps {
  readonly rows: Pick<CacheRows, "profiles" | "ofProfile">;
  readonly index: Pick<CacheIndex, "markEvicted">;
  readonly blobs: Pick<BlobStore, "stat">;
}

/**
 * Makes history of each row whose file is gone, has another size, or was written after the row: its plays and pin stay,
 * and the file, if there is one, gets its row anew after a check. Playback would take such a file for damaged.
 * @returns how many rows
 */
export async function demoteStaleRows({ rows, index, blobs }: DemoteDeps): Promise<number> {
  let demoted = 0;
  for (const profileId of await rows.profiles()) {
    for await (const row of rows.ofProfile(profileId)) {
      const file = await blobs.stat(row.blobRef);
      if (file?.bytes === row.bytes && file.modifiedAtMs <= row.createdAtMs + CLOCK_SLACK_MS) continue;
      await index.markEvicted(row.key, profileId);
      demoted += 1;
    }
  }
  return demoted;
}

/** Files are stamped by the disk's clock, on a network another one than ours. */
const CLOCK_SLACK_MS = 1_000;
