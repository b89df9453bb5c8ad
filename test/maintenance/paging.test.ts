/** No step of a run holds the whole table: counted are the rows that each query returns. */
import type { KyselyPlugin } from "kysely";
import { expect, it } from "vitest";
import type { Database } from "../../src/db/schema.ts";
import { newEntry } from "../db/database.ts";
import { youtubeId } from "../fakes/tracks.ts";
import { DAY_MS, MaintenanceUnderTest, setUp } from "./set-up.ts";

const ROWS = 20_000;
const PAGE = 500;
/** More than a page. */
const GOING = 510;

/** Notes the largest answer of all queries. */
function counting(largest: { rows: number }): KyselyPlugin {
  return {
    transformQuery: ({ node }) => node,
    transformResult: ({ result }) => {
      largest.rows = Math.max(largest.rows, result.rows.length);
      return Promise.resolve(result);
    },
  };
}

/** Songs without files, of 100 bytes each and with ranks of their own. */
async function addRows(db: Database, nowMs: number): Promise<void> {
  const { key: _key, ...row } = await db.selectFrom("cache_entries").selectAll().executeTakeFirstOrThrow();
  for (let from = 1; from < ROWS; from += PAGE)
    await db
      .insertInto("cache_entries")
      .values(
        Array.from({ length: Math.min(PAGE, ROWS - from) }, (_, at) => {
          const key = String(from + at).padStart(11, "a");
          const blob_ref = `${row.profile_id}/${key}.opus`;
          return { ...row, key, blob_ref, evict_key: from + at, last_played_at_ms: nowMs - (from + at) };
        }),
      )
      .execute();
}

it("plans and carries out without ever holding more than a page of the table", async () => {
  const plain = await setUp();
  await plain.index.save(
    newEntry(youtubeId(0), { createdAtMs: plain.clock.nowMs() - 2 * DAY_MS }),
    undefined,
  );
  await plain.db.updateTable("cache_entries").set({ bytes: 100 }).execute();
  await addRows(plain.db, plain.clock.nowMs());
  const largest = { rows: 0 };
  const db = plain.db.withPlugin(counting(largest));
  const { maintenance, index } = new MaintenanceUnderTest(plain.folder, db, (blobs) => blobs);

  const heapBefore = process.memoryUsage().heapUsed;
  const plan = await maintenance.planCleanup({ limitBytes: (ROWS - GOING) * 100, lowWaterMark: 1 });
  const heapMiB = (process.memoryUsage().heapUsed - heapBefore) / 2 ** 20;
  process.stdout.write(`clean-up of ${ROWS} rows planned, heap: ${heapMiB.toFixed(1)} MiB more\n`);
  expect([plan.before.files, plan.removals.count, plan.examples.length]).toEqual([ROWS, GOING, PAGE]);
  const found = (await Array.fromAsync(maintenance.judge(plan))).map(({ item }) => item.evictKey);
  expect(found).toEqual(Array.from({ length: GOING }, (_, rank) => rank));
  expect((await maintenance.planClear({})).removals.count).toBe(ROWS);

  expect((await maintenance.planCleanup({ roomBytes: 1 })).removals.count).toBeGreaterThan(PAGE);

  await maintenance.run(
    await maintenance.planCleanup({ limitBytes: (ROWS - 20) * 100, lowWaterMark: 1 }),
    "ann",
  );
  expect((await index.totals()).files).toBe(ROWS - 20);
  expect(largest.rows).toBe(PAGE);
});
