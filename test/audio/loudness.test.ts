// From what was measured to the gain: numbers only.
import { describe, expect, it } from "vitest";
import { correctGain, parseLoudness, planGain } from "../../src/audio/loudness.ts";
import type { Loudness } from "../../src/core/audio-profile.ts";
import { STANDARD as profile } from "./media.ts";

function log(integrated: string, peak: string): string {
  return `[Parsed_ebur128_2 @ 0x55] [info] Summary:

  Integrated loudness:
    I:         ${integrated} LUFS
    Threshold: -41.8 LUFS

  Loudness range:
    LRA:         0.0 LU

  True peak:
    Peak:      ${peak} dBFS
`;
}
const loudness = (integratedLufs: number | null, truePeakDbtp: number | null): Loudness => ({
  integratedLufs,
  truePeakDbtp,
});

describe("the filter's summary", () => {
  it("gives the loudness and the true peak", () => {
    expect(parseLoudness(log("-31.8", "-30.9"))).toEqual(loudness(-31.8, -30.9));
    expect(parseLoudness(log("3.1", "+9.3"))).toEqual(loudness(3.1, 9.3));
  });

  it("gives null for silence, where there is no value", () => {
    expect(parseLoudness(log("-70.0", "-inf"))).toEqual(loudness(null, null));
    expect(parseLoudness(log("-inf", "-91.2"))).toEqual(loudness(null, -91.2));
  });

  it("is the last one: a title that looks like it stands before", () => {
    expect(parseLoudness(`[info]     title : Summary:\n    I: 0.0 LUFS\n${log("-20.0", "-3.0")}`)).toEqual(
      loudness(-20, -3),
    );
  });

  it("is never invented", () => {
    for (const bad of [
      "",
      log("nan", "-3.0"),
      log("-20.0", "inf"),
      log("-20.0", "nan"),
      "Summary:\n    I: -20.0 LUFS\n",
    ])
      expect(() => parseLoudness(bad)).toThrow(expect.objectContaining({ code: "TRANSCODE_FAILED" }));
  });
});

describe("the gain", () => {
  it.each([
    // source LUFS, source dBTP, gain, limit
    [-14, -8, 0, null],
    [-8, 0.5, -6, null],
    [-23, -11, 9, null],
    [-23, -10.9, 9, -2.5],
    [-35, -10, 21, -2.5],
    [-54, -40, 40, -2.5],
    [-60, -50, 40, null],
    [null, null, 0, null],
    [null, -0.5, 0, -2.5],
    [90, 95, -60, -2.5],
  ])("for %s LUFS and %s dBTP is %s dB with a limit of %s", (lufs, peak, gainDb, limitDbfs) => {
    expect(planGain(loudness(lufs, peak), profile)).toEqual({ gainDb, limitDbfs });
  });

  it("follows the profile's target and ceiling", () => {
    const night = { ...profile, loudnessTargetLufs: -23, truePeakCeilingDbtp: -3 };
    expect(planGain(loudness(-14, -1), night)).toEqual({ gainDb: -9, limitDbfs: null });
    expect(planGain(loudness(-33, -13), night)).toEqual({ gainDb: 10, limitDbfs: -4.5 });
    // Fewer bits let peaks rise further.
    expect(planGain(loudness(-33, -13), { ...night, bitrateKbps: 64 }).limitDbfs).toBe(-5.5);
    expect(planGain(loudness(-33, -13), { ...night, bitrateKbps: 48 }).limitDbfs).toBe(-6.5);
  });
});

describe("the second try", () => {
  const source = loudness(-30, -10);
  const plan = planGain(source, profile);

  it("is not made within 0.3 LU and below the ceiling", () => {
    for (const lufs of [-14, -14.3, -13.7])
      expect(correctGain(plan, source, { result: loudness(lufs, -1), profile, passes: 1 })).toBeUndefined();
  });

  it.each([
    [-14.4, 16.4],
    [-13, 15],
    [-21, 19],
  ])("after %s LUFS uses %s dB: what is missing, 3 dB at most", (lufs, gainDb) => {
    const better = correctGain(plan, source, { result: loudness(lufs, -1.4), profile, passes: 1 });
    expect(better).toEqual({ gainDb, limitDbfs: -2.5 });
  });

  it.each([
    [-14.5, 2, undefined],
    [-14.6, 2, 16.6],
    [-20, 3, undefined],
  ])("after %s LUFS at pass %s uses %s dB", (lufs, passes, gainDb) => {
    const better = correctGain(plan, source, { result: loudness(lufs, -1.4), profile, passes });
    expect(better?.gainDb).toBe(gainDb);
  });

  it("lowers the limit by what passed the ceiling, and some", () => {
    const better = correctGain(plan, source, { result: loudness(-14, -0.5), profile, passes: 1 });
    expect(better?.gainDb).toBe(16);
    expect(better?.limitDbfs).toBeCloseTo(-3.4, 5);
  });

  it("is not made where it would change nothing", () => {
    const quiet = loudness(-60, -50);
    expect(
      correctGain(planGain(quiet, profile), quiet, { result: loudness(-20, -10), profile, passes: 1 }),
    ).toBeUndefined();
    const silence = loudness(null, -3);
    expect(
      correctGain(planGain(silence, profile), silence, { result: loudness(null, -3), profile, passes: 1 }),
    ).toBeUndefined();
  });
});
