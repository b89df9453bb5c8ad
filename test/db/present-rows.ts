import type { CacheRows } from "../../src/db/cache-rows.ts";
import type { RankedEntry } from "../../src/db/cache-index.ts";

/** All rows that stand for a file, ready or half removed. */
export async function presentRows(rows: CacheRows): Promise<RankedEntry[]> {
  const found: RankedEntry[] = [];
  for (const profileId of await rows.profiles())
    for await (const row of rows.ofProfile(profileId)) found.push(row);
  return found;
}
