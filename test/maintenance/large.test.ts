/** Figures for a large cache: printed, since a machine may be slow; what is asserted is the outcome. */
import { rm } from "node:fs/promises";
import { expect, it } from "vitest";
import { sumOf } from "../../src/maintenance/record.ts";
import { reconcile } from "../../src/maintenance/reconcile.ts";
import { PROFILE } from "../db/database.ts";
import { type CacheLab, keyOf, openLab, realPackets, refOf, songId } from "./cache-lab.ts";

const SONGS = 10_000;
const FAULTS = 500;

/** Rows as fills would have written them, all at once. */
async function addRows(lab: CacheLab, count: number): Promise<void> {
  await lab.row(0);
  const row = await lab.db.selectFrom("cache_entries").selectAll().executeTakeFirstOrThrow();
  const rows = Array.from({ length: count }, (_, number) => ({
    ...row,
    key: keyOf(number),
    blob_ref: refOf(number),
    bytes: lab.bytesOf(number).length,
  }));
  for (let from = 1; from < count; from += 500)
    await lab.db
      .insertInto("cache_entries")
      .values(rows.slice(from, from + 500))
      .execute();
}

/** A hundred faults of each of five kinds. */
async function damage(lab: CacheLab): Promise<void> {
  for (let number = 0; number < FAULTS; number += 5) {
    await rm(lab.path("audio", refOf(number)));
    await lab.file(number + 1, "torn");
    await lab.index.markEvicting(keyOf(number + 2), PROFILE.id);
    await lab.db
      .deleteFrom("cache_entries")
      .where("key", "=", keyOf(number + 3))
      .execute();
    await lab.write(`work/${songId(number + 4)}.1-aaaaaaaaaaaa.src`, "x");
  }
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

it("repairs 500 faults among 10,000 songs in one run, and none is left for the next", async () => {
  const lab = await openLab(await realPackets());
  for (let number = 0; number < SONGS; number += 1) await lab.file(number);
  await addRows(lab, SONGS);
  await damage(lab);
  const startedAtMs = performance.now();
  const { record } = await lab.run((task) => reconcile(lab.deps, task));
  const secondAtMs = performance.now();
  const again = await lab.run((task) => reconcile(lab.deps, task));
  process.stdout.write(
    `reconcile: ${SONGS} files, ${FAULTS} faults: ${seconds(secondAtMs - startedAtMs)}; ` +
      `nothing to do: ${seconds(performance.now() - secondAtMs)}\n`,
  );
  const actions = ["healed", "set aside", "removed", "adopted"];
  expect(actions.map((action) => sumOf(record.done, action).count)).toEqual([100, 100, 200, 100]);
  expect(record.failures).toEqual([]);
  expect(again.steps).toEqual([]);
});
