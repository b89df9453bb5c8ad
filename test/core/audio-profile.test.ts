import { describe, expect, it } from "vitest";
import {
  type AudioSettings,
  audioProfile,
  type Compressor,
  parseProfileId,
} from "../../src/core/audio-profile.ts";

const SETTINGS: AudioSettings = {
  loudnessTargetLufs: -14,
  truePeakCeilingDbtp: -1,
  bitrateKbps: 128,
  channels: 2,
  pipelineVersion: 1,
};

const COMPRESSOR: Compressor = { thresholdDb: -12, ratio: 3, attackMs: 20, releaseMs: 500, kneeDb: 9 };

describe("the id of a profile", () => {
  it("is its name and eight digits that a folder may be called", () => {
    expect(audioProfile("standard", SETTINGS).id).toMatch(/^standard-[0-9a-f]{8}$/u);
  });

  it.each([
    { loudnessTargetLufs: -14.1 },
    { truePeakCeilingDbtp: -1.5 },
    { bitrateKbps: 129 },
    { pipelineVersion: 2 },
    { loudnessTargetLufs: null },
    { compressor: COMPRESSOR },
  ])("changes with $0", (change) => {
    expect(audioProfile("standard", { ...SETTINGS, ...change }).id).not.toBe(
      audioProfile("standard", SETTINGS).id,
    );
  });

  it.each(["thresholdDb", "ratio", "attackMs", "releaseMs", "kneeDb"] as const)(
    "changes with the compressor's %s",
    (name) => {
      const changed = { ...COMPRESSOR, [name]: COMPRESSOR[name] + 1 };
      expect(audioProfile("night", { ...SETTINGS, compressor: changed }).id).not.toBe(
        audioProfile("night", { ...SETTINGS, compressor: COMPRESSOR }).id,
      );
    },
  );

  it("is the same for the same numbers in another order", () => {
    const reversed = Object.fromEntries(Object.entries(SETTINGS).toReversed()) as unknown as AudioSettings;
    expect(audioProfile("standard", reversed).id).toBe(audioProfile("standard", SETTINGS).id);
    const compressor = Object.fromEntries(Object.entries(COMPRESSOR).toReversed()) as unknown as Compressor;
    expect(audioProfile("night", { ...SETTINGS, compressor }).id).toBe(
      audioProfile("night", { compressor: COMPRESSOR, ...SETTINGS }).id,
    );
  });

  it("is recognized, and nothing else is", () => {
    const { id } = audioProfile("night", SETTINGS);
    expect(parseProfileId(id)).toBe(id);
    for (const name of [
      "",
      "..",
      "night",
      `${id}/`,
      `../${id}`,
      id.toUpperCase(),
      "night-1234567",
      ".night-12345678",
    ])
      expect(parseProfileId(name)).toBeUndefined();
  });

  it.each(["", "../up", "Night", "a".repeat(17), "with space"])("is never made of a name like %j", (name) => {
    expect(() => audioProfile(name, SETTINGS)).toThrow(expect.objectContaining({ code: "INTERNAL" }));
  });
});

it("cannot be changed once it is made", () => {
  expect(Object.isFrozen(audioProfile("standard", SETTINGS))).toBe(true);
});
