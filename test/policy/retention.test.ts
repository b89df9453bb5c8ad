import { expect, it } from "vitest";
import { isExpired, lastUsedAtMs } from "../../src/policy/retention.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const NOW_MS = 1_000 * DAY_MS;
const daysAgo = (days: number): number => NOW_MS - days * DAY_MS;
const rule = { retentionDays: 90, nowMs: NOW_MS };

it.each([
  { what: "played today, made long ago", lastPlayed: 0, created: 900, expired: false },
  { what: "last played at the edge", lastPlayed: 90, created: 900, expired: false },
  { what: "last played a day beyond it", lastPlayed: 91, created: 900, expired: true },
  { what: "never played, made lately", lastPlayed: null, created: 89, expired: false },
  { what: "never played, made long ago", lastPlayed: null, created: 91, expired: true },
  { what: "evicted, and made again after its last play", lastPlayed: 200, created: 1, expired: false },
])("$what: expired is $expired", ({ lastPlayed, created, expired }) => {
  const use = {
    lastPlayedAtMs: lastPlayed === null ? null : daysAgo(lastPlayed),
    createdAtMs: daysAgo(created),
  };
  expect(isExpired(use, rule)).toBe(expired);
  expect(lastUsedAtMs(use)).toBe(daysAgo(Math.min(lastPlayed ?? created, created)));
});
