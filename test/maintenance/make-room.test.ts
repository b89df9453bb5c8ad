import { expect, test } from "vitest";
import { newEntry } from "../db/database.ts";
import { youtubeId } from "../fakes/tracks.ts";
import { setUp } from "./set-up.ts";

test("room is made by rank, only as much as is asked for, and never of a key somebody holds", async () => {
  const bench = await setUp();
  for (const number of [1, 2, 3, 4]) await bench.add(number);
  await bench.deps.withLock(newEntry(youtubeId(1)).key, () => bench.maintenance.makeRoom(150));
  // 400 bytes less 150 leaves 250: two files have to go, and the first one is held.
  expect(await bench.present()).toEqual([1, 4]);
  await bench.maintenance.makeRoom(0);
  expect(await bench.present()).toEqual([1, 4]);
});
