import { describe, expect, it } from "vitest";
import { applyGain, type Hearing, nextGainDb, wantedGainDb } from "../../src/audio/live-gain.ts";

const TARGET = -14;
const HALF_KNOWN = {
  status: "guessed",
  loudnessLufs: -20,
  measuredMs: 60_000,
  loudestAheadLufs: -18,
} as const;
const guessed = (more: Partial<Extract<Hearing, { status: "guessed" }>>): Hearing => ({
  ...HALF_KNOWN,
  ...more,
});

describe("the gain that would be right", () => {
  it("is the missing loudness when that is known, however much it is", () => {
    expect(wantedGainDb({ status: "known", loudnessLufs: -40 }, TARGET)).toBe(26);
    expect(wantedGainDb({ status: "known", loudnessLufs: -6 }, TARGET)).toBe(-8);
  });

  it("comes nearer to what is measured the longer that is", () => {
    const gains = [0, 1_000, 10_000, 100_000].map((measuredMs) =>
      wantedGainDb(guessed({ measuredMs }), TARGET),
    );
    expect(gains).toEqual(gains.toSorted((a, b) => a - b));
    expect(gains[0]).toBe(0);
    expect(gains[3]).toBeCloseTo(6, 0);
  });

  it("takes silence for no sign of a soft song, and a soft beginning for no more than 15 dB", () => {
    const silence = { loudnessLufs: null, loudestAheadLufs: Number.NEGATIVE_INFINITY };
    expect(wantedGainDb(guessed(silence), TARGET)).toBe(0);
    expect(wantedGainDb(guessed({ loudnessLufs: -60, loudestAheadLufs: -60 }), TARGET)).toBe(15);
  });

  it("makes room for what is coming", () => {
    expect(wantedGainDb(guessed({ loudnessLufs: -30, loudestAheadLufs: -8 }), TARGET)).toBe(2);
  });
});

describe("the gain", () => {
  it("begins where it should be, and then moves 1 dB a second down and half of that up, at most", () => {
    expect(nextGainDb(undefined, 12, 100)).toBe(12);
    expect(nextGainDb(12, -20, 100)).toBeCloseTo(11.9, 9);
    expect(nextGainDb(0, 20, 100)).toBeCloseTo(0.05, 9);
    expect(nextGainDb(5, 5.02, 100)).toBe(5.02);
  });

  it("goes evenly through a block, the same for both ears, and ends where the next one begins", () => {
    const block = new Float32Array(9_600).fill(1);
    applyGain(block, 0, 6);
    const db = [...block].map((value) => 20 * Math.log10(value));
    expect(db[0]).toBeCloseTo(0, 2);
    expect(db[4_799]).toBeCloseTo(3, 2);
    expect(db.at(-1)).toBeCloseTo(6, 2);
    expect(db[5_000]).toBe(db[5_001]);
    const steps = db.slice(2).map((value, at) => value - (db[at] ?? 0));
    expect(Math.max(...steps)).toBeLessThan(0.01);
  });
});
