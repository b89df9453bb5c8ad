import { expect, test } from "vitest";
import { keptBytes } from "../../src/policy/room.ts";

test("the room for a song grows with its length and bit rate, and is on the safe side", () => {
  const minute = keptBytes({ durationMs: 60_000 }, { bitrateKbps: 128 });
  expect(minute).toBeGreaterThan((60_000 * 128) / 8);
  expect(keptBytes({ durationMs: 120_000 }, { bitrateKbps: 128 })).toBeGreaterThan(minute * 1.9);
  expect(keptBytes({ durationMs: 60_000 }, { bitrateKbps: 64 })).toBeLessThan(minute * 0.6);
  expect(keptBytes({ durationMs: null }, { bitrateKbps: 128 })).toBeGreaterThan(minute * 5);
});
