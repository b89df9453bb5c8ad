import { describe, expect, it } from "vitest";
import {
  audioProfiles,
  currentProfileIds,
  parseProfileName,
  PROFILE_NAMES,
} from "../../src/core/audio-profiles.ts";

const SOUND = { loudnessTargetLufs: -14, truePeakCeilingDbtp: -1, bitrateKbps: 128 };
const PROFILES = audioProfiles(SOUND);

describe("the profiles", () => {
  it("have names that are their own, and ids that begin with them", () => {
    for (const name of PROFILE_NAMES) {
      expect(PROFILES[name].name).toBe(name);
      expect(PROFILES[name].id).toMatch(new RegExp(`^${name}-`, "u"));
    }
  });

  it("quiet and night are 6 LU below standard, raw has no target and may reach full scale", () => {
    expect(Object.values(PROFILES).map((profile) => profile.loudnessTargetLufs)).toEqual([
      -14,
      -20,
      -20,
      null,
    ]);
    expect(Object.values(PROFILES).map((profile) => profile.truePeakCeilingDbtp)).toEqual([-1, -1, -1, 0]);
  });

  it("only night narrows the dynamics", () => {
    expect(Object.values(PROFILES).map((profile) => profile.compressor !== undefined)).toEqual([
      false,
      false,
      true,
      false,
    ]);
  });

  it("standard keeps the files that were made before there were others", () => {
    expect(PROFILES.standard.id).toBe("standard-1f8092dd");
  });
});

describe("the ids that may be played", () => {
  it("are those of all profiles", () => {
    expect([...currentProfileIds(PROFILES)].slice(0, 4)).toEqual(Object.values(PROFILES).map(({ id }) => id));
  });

  it("change with the bit rate for all, with the loudness for those that have a target", () => {
    const shared = (more: Partial<typeof SOUND>): readonly string[] => {
      const others = currentProfileIds(audioProfiles({ ...SOUND, ...more }));
      return [...currentProfileIds(PROFILES)].filter((id) => others.has(id));
    };
    expect(shared({ bitrateKbps: 96 })).toEqual([]);
    expect(shared({ loudnessTargetLufs: -18 }).every((id) => id.startsWith("raw"))).toBe(true);
    expect(shared({ loudnessTargetLufs: -18 })).toContain(PROFILES.raw.id);
  });
});

it("a name is recognized, and nothing else is", () => {
  expect(PROFILE_NAMES.map(parseProfileName)).toEqual([...PROFILE_NAMES]);
  for (const text of ["", "Night", "loud", "constructor"]) expect(parseProfileName(text)).toBeUndefined();
});
