import { beforeEach, expect, it } from "vitest";
import { PlayLog } from "../../src/db/play-log.ts";
import { freshDatabase, PROFILE } from "./database.ts";

let plays: PlayLog;

beforeEach(async () => {
  plays = new PlayLog(await freshDatabase());
});

const record = (outcome: "hit" | "miss" | "shared", atMs: number, guildId = "g"): Promise<void> =>
  plays.record({
    atMs,
    guildId,
    key: "k",
    profileId: PROFILE.id,
    outcome,
    waitedMs: 1.7,
    bytesSaved: 5e9,
  });

it("counts plays by how their audio was come by, since a time", async () => {
  expect(await plays.countSince(0)).toEqual({ hits: 0, misses: 0, shared: 0 });
  const outcomes = ["miss", "shared", "shared", "hit", "hit", "hit"] as const;
  for (const [index, outcome] of outcomes.entries()) await record(outcome, 1_000 + index);
  expect(await plays.countSince(0)).toEqual({ hits: 3, misses: 1, shared: 2 });
  expect(await plays.countSince(1_002)).toEqual({ hits: 3, misses: 0, shared: 1 });
  expect(await plays.countSince(1_006)).toEqual({ hits: 0, misses: 0, shared: 0 });
});

it("counts those of one guild", async () => {
  await record("miss", 1, "here");
  await record("hit", 2, "here");
  await record("hit", 3, "elsewhere");
  expect(await plays.countSince(0, "here")).toEqual({ hits: 1, misses: 1, shared: 0 });
  expect(await plays.countSince(2, "here")).toEqual({ hits: 1, misses: 0, shared: 0 });
  expect(await plays.countSince(0, "nowhere")).toEqual({ hits: 0, misses: 0, shared: 0 });
});

it("forgets the oldest before a time, some at a time", async () => {
  for (const atMs of [5, 1, 4, 2, 3]) await record("hit", atMs);
  expect(await plays.countBefore(5)).toBe(4);
  expect(await plays.forgetBefore(5, 3)).toBe(3);
  expect(await plays.countSince(4)).toEqual({ hits: 2, misses: 0, shared: 0 });
  expect([await plays.forgetBefore(5, 3), await plays.forgetBefore(5, 3)]).toEqual([1, 0]);
  expect(await plays.countSince(0)).toEqual({ hits: 1, misses: 0, shared: 0 });
});

it("forgets all of them", async () => {
  await record("hit", 1);
  await plays.clear();
  expect(await plays.countSince(0)).toEqual({ hits: 0, misses: 0, shared: 0 });
});
