import { expect, it } from "vitest";
import { CacheIndex } from "../../src/db/cache-index.ts";
import { CacheRows } from "../../src/db/cache-rows.ts";
import { cacheKey } from "../../src/core/track.ts";
import type { Database } from "../../src/db/schema.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";
import { freshDatabase, newEntry, PROFILE } from "./database.ts";

const keyOf = (number: number): ReturnType<typeof cacheKey> =>
  cacheKey({ source: "youtube", id: youtubeId(number) });

async function withRows(count: number): Promise<{ db: Database; rows: CacheRows; index: CacheIndex }> {
  const db = await freshDatabase();
  const index = new CacheIndex(db);
  for (let number = count - 1; number >= 0; number -= 1)
    await index.save(newEntry(youtubeId(number), { bytes: 10, createdAtMs: 100 + number }), undefined);
  return { db, rows: new CacheRows(db), index };
}

it("gives every row for a file once, in order, whatever the size of a page", async () => {
  const { rows, index } = await withRows(7);
  await index.markEvicted(keyOf(3), PROFILE.id);
  await index.markEvicting(keyOf(4), PROFILE.id);
  for (const pageSize of [1, 2, 3, 6, 7, 100]) {
    const keys = (await Array.fromAsync(rows.ofProfile(PROFILE.id, pageSize))).map((row) => row.key);
    expect(keys).toEqual([0, 1, 2, 4, 5, 6].map(keyOf));
  }
  expect(await rows.profiles()).toEqual([PROFILE.id]);
});

it("gives playable rows by rank, each once, ties by key, whatever the size of a page", async () => {
  const { rows, index } = await withRows(7);
  for (const [number, rank] of [
    [0, 5],
    [1, 0.1],
    [2, 5],
    [3, 5],
  ] as const) {
    const entry = await index.find(keyOf(number), PROFILE.id);
    if (entry) await index.recordPlay(entry, 1_000 - number, rank);
  }
  await index.markEvicting(keyOf(4), PROFILE.id);
  for (const pageSize of [1, 2, 3, 6, 7, 100]) {
    const order = async (by: "evict key" | "last use"): Promise<unknown[]> =>
      (await Array.fromAsync(rows.byRank(by, pageSize))).map((row) => row.key);
    expect(await order("evict key")).toEqual([5, 6, 1, 0, 2, 3].map(keyOf));
    expect(await order("last use")).toEqual([5, 6, 3, 2, 1, 0].map(keyOf));
  }
});

it("gives the rows whose removal began or waits, each once, whatever the size of a page", async () => {
  const { db, rows, index } = await withRows(7);
  const others = await db.selectFrom("cache_entries").selectAll().where("key", ">=", keyOf(4)).execute();
  const second = others.map((row) => ({ ...row, profile_id: "zz-000000", blob_ref: `zz/${row.key}` }));
  await db.insertInto("cache_entries").values(second).execute();
  for (const number of [1, 4, 6]) await index.markEvicting(keyOf(number), PROFILE.id);
  await index.markEvicted(keyOf(6), PROFILE.id);
  const waiting = [2, 4, 5].map(keyOf);
  await db.updateTable("cache_entries").set({ leaving: 1 }).where("key", "in", waiting).execute();
  for (const pageSize of [1, 2, 3, 6, 7, 100]) {
    const found = (await Array.fromAsync(rows.halfRemoved(pageSize))).map((row) => [row.key, row.profileId]);
    expect(found).toEqual([
      [keyOf(1), PROFILE.id],
      [keyOf(2), PROFILE.id],
      [keyOf(4), PROFILE.id],
      [keyOf(4), "zz-000000"],
      [keyOf(5), PROFILE.id],
      [keyOf(5), "zz-000000"],
    ]);
  }
});

it("tells which files are the file of a row", async () => {
  const { rows, index } = await withRows(2);
  await index.markEvicted(keyOf(1), PROFILE.id);
  const refs = [0, 1, 2].map((number) => `${PROFILE.id}/${youtubeId(number)}.opus`);
  expect([...(await rows.owned(refs))]).toEqual(refs.slice(0, 1));
});

it("finds the row that owns a file, and rows that stand for none", async () => {
  const { rows, index } = await withRows(2);
  await index.markEvicted(keyOf(1), PROFILE.id);
  expect((await rows.owning(`${PROFILE.id}/${youtubeId(0)}.opus`))?.key).toBe(keyOf(0));
  expect(await rows.owning(`${PROFILE.id}/${youtubeId(1)}.opus`)).toBeUndefined();
  expect((await rows.find(keyOf(1), PROFILE.id))?.state).toBe("evicted");
  expect(await rows.ofKey(keyOf(1))).toEqual([]);
});

it("pins what is there, and counts only what changed", async () => {
  const { rows } = await withRows(1);
  expect([await rows.pin(keyOf(0), true), await rows.pin(keyOf(0), true)]).toEqual([1, 0]);
  expect((await rows.totalsByProfile())[0]).toEqual({
    profileId: PROFILE.id,
    files: 1,
    bytes: 10,
    pinned: 1,
    oldestUseMs: 100,
  });
  expect([await rows.pin(keyOf(0), false), await rows.pin(keyOf(5), true)]).toEqual([1, 0]);
});

it("learns about a recording only what nobody knows better", async () => {
  const { rows } = await withRows(1);
  const track = youtubeTrack(youtubeId(0));
  await rows.learnTrack(keyOf(0), track, 1);
  await rows.learnTrack(keyOf(0), { ...track, title: "Other" }, 2);
  expect(await rows.track(keyOf(0))).toEqual(track);
});
