import { expect, test } from "vitest";
import { audioProfiles } from "../../src/core/audio-profiles.ts";
import { withEffect } from "../../src/core/effects.ts";
import { keptBytes } from "../../src/policy/room.ts";

test("the room for a song grows with its length and bit rate, and is on the safe side", () => {
  const minute = keptBytes({ durationMs: 60_000 }, { bitrateKbps: 128 });
  expect(minute).toBeGreaterThan((60_000 * 128) / 8);
  expect(keptBytes({ durationMs: 120_000 }, { bitrateKbps: 128 })).toBeGreaterThan(minute * 1.9);
  expect(keptBytes({ durationMs: 60_000 }, { bitrateKbps: 64 })).toBeLessThan(minute * 0.6);
  expect(keptBytes({ durationMs: null }, { bitrateKbps: 128 })).toBeGreaterThan(minute * 5);
});

test("a slower song takes more room, a faster one less", () => {
  const { standard } = audioProfiles({ loudnessTargetLufs: -14, truePeakCeilingDbtp: -1, bitrateKbps: 128 });
  const bytes = (name: "nightcore" | "vaporwave"): number =>
    keptBytes({ durationMs: 600_000 }, withEffect(standard, name));
  const plain = keptBytes({ durationMs: 600_000 }, standard);
  expect(bytes("nightcore") / plain).toBeCloseTo(0.8, 2);
  expect(bytes("vaporwave") / plain).toBeCloseTo(1.25, 2);
});
