import { rm } from "node:fs/promises";
import * as path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import { CacheRows } from "../../src/db/cache-rows.ts";
import type { BlobStore } from "../../src/storage/blob-store.ts";
import { newEntry, PROFILE } from "../db/database.ts";
import { Gate } from "../fakes/gate.ts";
import { youtubeId } from "../fakes/tracks.ts";
import { type MaintenanceUnderTest, refOf, setUp } from "./set-up.ts";

/** A cache of 13 songs: 3 not played for long, 10 that make 1,100 bytes together. */
async function overfull(bench: MaintenanceUnderTest): Promise<void> {
  for (const number of [0, 1, 2]) await bench.add(number, { playedDaysAgo: 100 });
  for (let number = 10; number < 20; number += 1) await bench.add(number, { bytes: 110 });
}

const cleanUp = async (bench: MaintenanceUnderTest, actor = "ann") =>
  bench.maintenance.run(await bench.maintenance.plan("cleanup"), actor);
const clear = async (bench: MaintenanceUnderTest) =>
  bench.maintenance.run(await bench.maintenance.plan("clear"), "ann");

/** Stands in the way of one removal: before the file is gone (E2) or after (E4). */
const breaking =
  (after: boolean, broken: { now: boolean }) =>
  (blobs: BlobStore): BlobStore => ({
    open: (ref) => blobs.open(ref),
    stat: (ref) => (broken.now ? Promise.reject(new Error("gone down")) : blobs.stat(ref)),
    publish: (ref, from) => blobs.publish(ref, from),
    replace: (ref, from) => blobs.replace(ref, from),
    setAside: (ref) => blobs.setAside(ref),
    list: () => blobs.list(),
    remove: async (ref) => {
      if (broken.now && !after) throw new Error("gone down");
      const removed = await blobs.remove(ref);
      if (broken.now) throw new Error("gone down");
      return removed;
    },
  });

describe("a clean-up", () => {
  it("removes files and rows together and says what it did in numbers", async () => {
    const bench = await setUp();
    await overfull(bench);
    expect(await cleanUp(bench)).toEqual({
      kind: "cleanup",
      removedFiles: 5,
      removedBytes: 3 * 100 + 2 * 110,
      inUse: 0,
      failed: 0,
      before: { files: 13, bytes: 1_400 },
    });
    expect(await bench.present()).toEqual([12, 13, 14, 15, 16, 17, 18, 19]);
    expect(await bench.index.totals()).toEqual({ files: 8, bytes: 880 });
    expect(bench.log.named("cache.removed")).toHaveLength(5);
    expect(bench.victims).toEqual([11]);
    expect(await bench.runs.last("cleanup")).toMatchObject({
      actor: "ann",
      removedFiles: 5,
      removedBytes: 520,
      failed: 0,
    });
  });

  it("finds nothing to do the second time", async () => {
    const bench = await setUp();
    await overfull(bench);
    await cleanUp(bench);
    const plan = await bench.maintenance.plan("cleanup");
    expect([plan.removals.count, plan.kept.count]).toEqual([0, 0]);
    const again = await bench.maintenance.run(plan, "ann");
    expect(again).toMatchObject({ removedFiles: 0, removedBytes: 0, before: { files: 8, bytes: 880 } });
  });

  it("changes nothing by planning", async () => {
    const bench = await setUp();
    await overfull(bench);
    expect(await bench.maintenance.plan("cleanup")).toEqual(await bench.maintenance.plan("cleanup"));
    expect(await bench.present()).toHaveLength(13);
    expect(bench.log.events).toEqual([]);
  });

  it("keeps what plays or waits, and logs the reason", async () => {
    const bench = await setUp();
    await overfull(bench);
    bench.inUse.acquire(refOf(0));
    bench.queued.add(youtubeId(1));
    const report = await cleanUp(bench);
    expect(report).toMatchObject({ removedFiles: 5, inUse: 0 });
    expect(await bench.present()).toEqual([0, 1, 14, 15, 16, 17, 18, 19]);
    expect(bench.log.named("cache.kept").map(({ key, reason }) => [key, reason])).toEqual([
      [youtubeId(0), "playing"],
      [youtubeId(1), "queued"],
    ]);
  });

  it("keeps what somebody starts between the plan and the deed", async () => {
    const bench = await setUp();
    await overfull(bench);
    const plan = await bench.maintenance.plan("cleanup");
    const done = bench.inUse.acquire(refOf(0));
    expect(await bench.maintenance.run(plan, "ann")).toMatchObject({ removedFiles: 4, inUse: 1 });
    done();
    await bench.locks.run(youtubeId(0), () => Promise.resolve());
    expect(await bench.present()).toContain(0);
    expect(await bench.stateOf(0)).toBe("ready");
  });

  it("keeps what was played or pinned between the plan and the deed", async () => {
    const bench = await setUp();
    await overfull(bench);
    const plan = await bench.maintenance.plan("cleanup");
    const [played, pinned] = [0, 1].map((number) => newEntry(youtubeId(number)).key);
    const entry = played && (await bench.index.find(played, PROFILE.id));
    if (entry) await bench.index.recordPlay(entry, bench.clock.nowMs(), 1);
    if (pinned) await new CacheRows(bench.db).pin(pinned, true);
    expect(await bench.maintenance.run(plan, "ann")).toMatchObject({ removedFiles: 3, inUse: 2 });
    expect(await bench.present()).toEqual([0, 1, 12, 13, 14, 15, 16, 17, 18, 19]);
  });

  it("leaves a row alone that has another file by now", async () => {
    const bench: MaintenanceUnderTest = await setUp((blobs) => ({
      ...breaking(false, { now: false })(blobs),
      remove: async (ref) => {
        // The next one was found already, and has not had its turn.
        if (ref === refOf(0)) await renameRow(1);
        return await blobs.remove(ref);
      },
    }));
    const renameRow = async (number: number): Promise<void> =>
      void (await bench.db
        .updateTable("cache_entries")
        .set({ blob_ref: `${PROFILE.id}/${youtubeId(number)}.2.opus` })
        .where("key", "=", youtubeId(number))
        .execute());
    for (const number of [0, 1]) await bench.add(number, { playedDaysAgo: 100 });
    expect(await cleanUp(bench)).toMatchObject({ removedFiles: 2 });
    expect([await bench.stateOf(0), await bench.stateOf(1)]).toEqual(["none", "ready"]);
  });

  it("takes no song that was added since the plan", async () => {
    const bench = await setUp();
    await overfull(bench);
    const plan = await bench.maintenance.plan("clear");
    bench.clock.advance(1);
    const id = youtubeId(50);
    await bench.addFile(50);
    await bench.index.save(newEntry(id, { createdAtMs: bench.clock.nowMs() }), undefined);
    expect(await bench.maintenance.run(plan, "ann")).toMatchObject({ removedFiles: 13, inUse: 0 });
    expect(await bench.present()).toEqual([50]);
  });

  it("waits for a fill of the same song", async () => {
    const bench = await setUp();
    await overfull(bench);
    const gate = new Gate();
    const filling = bench.locks.run(youtubeId(0), () => gate.pass());
    const cleaning = cleanUp(bench);
    await gate.reached;
    expect(await bench.present()).toContain(0);
    gate.open();
    await Promise.all([filling, cleaning]);
    expect(await bench.present()).not.toContain(0);
  });

  it("counts a row without a file as repaired, not as a file it removed", async () => {
    const bench = await setUp();
    await bench.add(0, { playedDaysAgo: 100 });
    await rm(path.join(bench.folder, refOf(0)));
    expect(await cleanUp(bench)).toMatchObject({ removedFiles: 0, removedBytes: 0, failed: 0 });
    expect(await bench.stateOf(0)).toBe("none");
    expect(bench.log.named("cache.removed")).toEqual([]);
    expect(bench.log.named("cache.repaired")).toHaveLength(1);
  });

  it("leaves fresh files without a row alone", async () => {
    const bench = await setUp();
    bench.clock.advance(Date.now() - bench.clock.nowMs());
    await bench.addFile(0, 5_000);
    expect((await bench.maintenance.plan("cleanup")).kept.tallies).toMatchObject([{ reason: "just made" }]);
    expect(await cleanUp(bench)).toMatchObject({ removedFiles: 0 });
    expect(await bench.present()).toEqual([0]);
  });
});

it("stops between two songs when told to, and keeps account of what is done", async () => {
  const bench = await setUp();
  await overfull(bench);
  const plan = await bench.maintenance.plan("cleanup");
  const stop = new AbortController();
  const request = { kind: "cleanup", actor: "ann", origin: "cli", detail: "", dryRun: false } as const;
  const summary = await bench.maintenance.perform(
    request,
    async (task) => void (await bench.maintenance.apply(plan, task)),
    { signal: stop.signal, listener: { onStep: () => stop.abort() } },
  );
  expect(summary).toMatchObject({ isInterrupted: true, done: [{ action: "removed", count: 1 }] });
  expect(await bench.present()).toHaveLength(12);
  expect(await bench.runs.last("cleanup")).toMatchObject({ removedFiles: 1 });
});

describe("a clearing", () => {
  it("takes everything, files without a row too", async () => {
    const bench = await setUp();
    await overfull(bench);
    await bench.addFile(50);
    expect(await clear(bench)).toMatchObject({ removedFiles: 14, removedBytes: 1_500, inUse: 0 });
    expect(await bench.present()).toEqual([]);
    expect(await bench.index.totals()).toEqual({ files: 0, bytes: 0 });
    expect(await bench.runs.last("cleanup")).toBeUndefined();
    expect(await clear(bench)).toMatchObject({ removedFiles: 0, before: { files: 0, bytes: 0 } });
  });

  it("removes what plays when its last reader is done", async () => {
    const bench = await setUp();
    await bench.add(0);
    await bench.add(1);
    const readers = [bench.inUse.acquire(refOf(0)), bench.inUse.acquire(refOf(0))];
    expect(await clear(bench)).toMatchObject({ removedFiles: 1, inUse: 1 });
    readers[0]?.();
    await bench.locks.run(youtubeId(0), () => Promise.resolve());
    expect(await bench.present()).toEqual([0]);
    expect(await bench.stateOf(0)).toBe("ready");
    readers[1]?.();
    await vi.waitFor(async () => expect(await bench.present()).toEqual([]));
    await vi.waitFor(async () => expect(await bench.stateOf(0)).toBe("none"));
  });

  it("waits once more for who starts the song in the moment it ends", async () => {
    const bench = await setUp();
    await bench.add(0);
    const first = bench.inUse.acquire(refOf(0));
    await clear(bench);
    first();
    const second = bench.inUse.acquire(refOf(0));
    await vi.waitFor(() => expect(bench.log.named("cache.kept")).toHaveLength(2));
    expect(await bench.present()).toEqual([0]);
    second();
    await vi.waitFor(async () => expect(await bench.present()).toEqual([]));
  });

  it("keeps the history of what was cleared", async () => {
    const bench = await setUp();
    await bench.add(0);
    await clear(bench);
    await bench.index.save(newEntry(youtubeId(0)), undefined);
    expect(await bench.index.find(newEntry(youtubeId(0)).key, PROFILE.id)).toMatchObject({ playCount: 1 });
  });
});

describe("a removal that breaks off", () => {
  it.each([
    ["before the file is gone", false],
    ["after the file is gone", true],
  ])("%s is out of sight at once and finished by the next run", async (_when, after) => {
    const broken = { now: true };
    const bench = await setUp(breaking(after, broken));
    await bench.add(0, { playedDaysAgo: 100 });
    expect(await cleanUp(bench)).toMatchObject({ removedFiles: 0, failed: 1 });
    expect(await bench.stateOf(0)).toBe("evicting");
    expect(await bench.present()).toEqual(after ? [] : [0]);
    expect(await bench.index.find(newEntry(youtubeId(0)).key, PROFILE.id)).toBeUndefined();
    broken.now = false;
    const plan = await bench.maintenance.plan("cleanup");
    expect(plan.examples.map(({ reason }) => reason)).toEqual(["unfinished removal"]);
    expect(await bench.maintenance.run(plan, "ann")).toMatchObject({
      removedFiles: after ? 0 : 1,
      failed: 0,
    });
    expect([await bench.present(), await bench.stateOf(0)]).toEqual([[], "none"]);
  });

  it("with a file that will not go leaves it playable, and goes on with the others", async () => {
    const bench = await setUp((blobs) => ({
      ...breaking(false, { now: false })(blobs),
      remove: (ref) =>
        ref === refOf(0) ? Promise.reject(new AppError("CACHE_UNWRITABLE")) : blobs.remove(ref),
    }));
    for (const number of [0, 1, 2]) await bench.add(number, { playedDaysAgo: 100 });
    expect(await cleanUp(bench)).toMatchObject({ removedFiles: 2, removedBytes: 200, failed: 1 });
    expect([await bench.present(), await bench.stateOf(0)]).toEqual([[0], "ready"]);
    expect(bench.log.named("cache.remove_failed")).toMatchObject([{ key: youtubeId(0) }]);
    expect(await bench.runs.last("cleanup")).toMatchObject({ failed: 1 });
  });
});

describe("two runs at once", () => {
  it("are one run and a refusal, and afterwards it is free again", async () => {
    const bench = await setUp();
    await overfull(bench);
    const plan = await bench.maintenance.plan("cleanup");
    const results = await Promise.allSettled([
      bench.maintenance.run(plan, "a"),
      bench.maintenance.run(plan, "b"),
    ]);
    expect(results).toMatchObject([{ value: { removedFiles: 5 } }, { reason: { code: "BUSY_MAINTENANCE" } }]);
    expect(await cleanUp(bench)).toMatchObject({ removedFiles: 0 });
  });

  it("is free again after a run that failed", async () => {
    const bench = await setUp();
    await bench.add(0);
    vi.spyOn(bench.runs, "record").mockRejectedValueOnce(new Error("no"));
    await expect(cleanUp(bench)).rejects.toThrow("no");
    expect(await cleanUp(bench)).toMatchObject({ removedFiles: 0 });
  });
});

describe("the limit", () => {
  it("is left alone while it is kept", async () => {
    const bench = await setUp();
    await bench.add(0, { playedDaysAgo: 100 });
    await bench.maintenance.enforceLimit();
    expect(await bench.present()).toEqual([0]);
    expect(await bench.runs.last("cleanup")).toBeUndefined();
  });

  it("is enforced by the schedule's own run, also when many ask at once", async () => {
    const bench = await setUp();
    await overfull(bench);
    await Promise.all(Array.from({ length: 10 }, () => bench.maintenance.enforceLimit()));
    expect((await bench.index.totals()).bytes).toBeLessThanOrEqual(1_000);
    expect(await bench.runs.last("cleanup")).toMatchObject({ actor: "schedule", removedFiles: 5 });
  });

  it("starts no run when everything must stay", async () => {
    const bench = await setUp();
    for (let number = 0; number < 12; number += 1) {
      await bench.add(number);
      bench.queued.add(youtubeId(number));
    }
    await bench.maintenance.enforceLimit();
    expect(await bench.present()).toHaveLength(12);
    expect(await bench.runs.last("cleanup")).toBeUndefined();
  });
});
