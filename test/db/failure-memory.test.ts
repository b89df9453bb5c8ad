import { beforeEach, expect, it } from "vitest";
import { cacheKey } from "../../src/core/track.ts";
import { FailureMemory } from "../../src/db/failure-memory.ts";
import { youtubeId } from "../fakes/tracks.ts";
import { freshDatabase } from "./database.ts";

const key = cacheKey({ source: "youtube", id: youtubeId(0) });
const failure = {
  code: "MEDIA_FORBIDDEN",
  context: { limit: "3:00", bytes: 7 },
  attempts: 1,
  retryAtMs: 31_000,
} as const;
let failures: FailureMemory;

beforeEach(async () => {
  failures = new FailureMemory(await freshDatabase());
});

it("remembers why a recording failed, what to say, and when to try again", async () => {
  expect(await failures.find(key)).toBeUndefined();
  await failures.remember(key, failure, 1_000);
  expect(await failures.find(key)).toEqual(failure);
});

it("keeps the newest failure of a recording", async () => {
  await failures.remember(key, failure, 1_000);
  const next = { ...failure, code: "RATE_LIMITED", context: {}, attempts: 2, retryAtMs: 99_000 } as const;
  await failures.remember(key, next, 2_000);
  expect(await failures.find(key)).toEqual(next);
});

it("forgets a recording, and only that one", async () => {
  const other = cacheKey({ source: "youtube", id: youtubeId(1) });
  await failures.remember(key, failure, 1_000);
  await failures.remember(other, failure, 1_000);
  await failures.forget(key);
  expect(await failures.find(key)).toBeUndefined();
  expect(await failures.find(other)).toEqual(failure);
});

it("knows when something failed in one of these ways last", async () => {
  const other = cacheKey({ source: "youtube", id: youtubeId(1) });
  expect(await failures.lastAtMs(["MEDIA_FORBIDDEN"])).toBeUndefined();
  await failures.remember(key, failure, 1_000);
  await failures.remember(other, { ...failure, code: "RATE_LIMITED" }, 2_000);
  expect(await failures.lastAtMs(["MEDIA_FORBIDDEN", "RATE_LIMITED"])).toBe(2_000);
  expect(await failures.lastAtMs(["MEDIA_FORBIDDEN"])).toBe(1_000);
  expect(await failures.lastAtMs(["VIDEO_REMOVED"])).toBeUndefined();
});
