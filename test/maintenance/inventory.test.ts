import { mkdir, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { expect, it } from "vitest";
import { openInventory } from "../../src/maintenance/inventory.ts";
import { newEntry, PROFILE } from "../db/database.ts";
import { youtubeId } from "../fakes/tracks.ts";
import { refOf, setUp } from "./set-up.ts";

it("lists every file once, with what its row knows and how it is used", async () => {
  const bench = await setUp();
  for (const number of [0, 1, 2]) await bench.add(number);
  await bench.addFile(3, 300);
  bench.inUse.acquire(refOf(1));
  bench.queued.add(youtubeId(1)).add(youtubeId(2)).add(youtubeId(3));
  await bench.index.markEvicting(newEntry(youtubeId(2)).key, PROFILE.id);
  const items = await Array.fromAsync((await openInventory(bench.deps)).byName());
  expect(
    items.map(({ ref, bytes, use, halfRemoved, playCount }) => ({ ref, bytes, use, halfRemoved, playCount })),
  ).toEqual([
    { ref: refOf(0), bytes: 100, use: "free", halfRemoved: false, playCount: 1 },
    { ref: refOf(1), bytes: 100, use: "playing", halfRemoved: false, playCount: 1 },
    { ref: refOf(2), bytes: 100, use: "queued", halfRemoved: true, playCount: 1 },
    { ref: refOf(3), bytes: 300, use: "queued", halfRemoved: false, playCount: 0 },
  ]);
});

it("overlooks what is not ours", async () => {
  const bench = await setUp();
  const folder = path.join(bench.folder, PROFILE.id);
  await mkdir(folder, { recursive: true });
  for (const name of [".DS_Store", "notes.txt", "short.opus", "youtube.aaaaaaaaa00.opus", "a.b.c.opus"])
    await writeFile(path.join(folder, name), "x");
  expect(await Array.fromAsync((await openInventory(bench.deps)).byName())).toEqual([]);
});

it("walks in the order in which files go, those without a row first, across pages", async () => {
  const bench = await setUp();
  await bench.addFile(70);
  await bench.addFile(7);
  for (const number of [5, 3, 9, 1]) await bench.add(number, { playedDaysAgo: number });
  await bench.index.markEvicting(newEntry(youtubeId(9)).key, PROFILE.id);
  const inventory = await openInventory(bench.deps);
  const order = async (policy: "gdsf" | "lru"): Promise<string[]> =>
    (await Array.fromAsync(inventory.byRank(policy))).map(({ ref }) => ref);
  expect(await order("gdsf")).toEqual([7, 70, 1, 3, 5].map(refOf));
  expect(await order("lru")).toEqual([7, 70, 5, 3, 1].map(refOf));
});

it("takes what belongs to a held key for in use", async () => {
  const bench = await setUp();
  for (const number of [0, 1]) await bench.add(number);
  const inventory = await openInventory(bench.deps, new Set([youtubeId(1)]));
  expect((await Array.fromAsync(inventory.byName())).map(({ use }) => use)).toEqual(["free", "playing"]);
});
