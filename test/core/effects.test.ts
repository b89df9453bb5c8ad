import { describe, expect, it } from "vitest";
import { audioProfile, parseProfileId, PIPELINE_VERSION, tempoOf } from "../../src/core/audio-profile.ts";
import { audioProfiles, currentProfileIds } from "../../src/core/audio-profiles.ts";
import { EFFECT_NAMES, parseEffectName, withEffect } from "../../src/core/effects.ts";

const PROFILES = audioProfiles({ loudnessTargetLufs: -14, truePeakCeilingDbtp: -1, bitrateKbps: 128 });
const PLAIN = Object.values(PROFILES);
const ALL = PLAIN.flatMap((plain) => EFFECT_NAMES.map((name) => withEffect(plain, name)));

describe("an effect on a profile", () => {
  it("is a profile of its own, for each profile and each effect", () => {
    const ids = [...PLAIN, ...ALL].map(({ id }) => id);
    expect(new Set(ids).size).toBe(PLAIN.length * (EFFECT_NAMES.length + 1));
    for (const id of ids) expect(parseProfileId(id)).toBe(id);
  });

  it("is called like both, and like the effect alone where the profile is the usual one", () => {
    expect(withEffect(PROFILES.standard, "8d").name).toBe("8d");
    expect(withEffect(PROFILES.night, "nightcore").name).toBe("nightnightcore");
  });

  it("keeps loudness, ceiling, dynamics and bit rate, and knows what it is without", () => {
    const { effect, id: _, name: _name, plainId, ...rest } = withEffect(PROFILES.night, "wide");
    const { id, name: _plain, ...night } = PROFILES.night;
    expect(rest).toEqual(night);
    expect(plainId).toBe(id);
    expect(effect).toEqual({ chain: "extrastereo=m=2:c=0", tempo: 1 });
  });

  it("is another profile when one number of its chain is another", () => {
    const { id: _, name, plainId: _plain, ...settings } = withEffect(PROFILES.standard, "treble");
    const { effect = { chain: "", tempo: 1 } } = settings;
    const id = (change: Partial<typeof effect>): string =>
      audioProfile(name, { ...settings, effect: { ...effect, ...change } }).id;
    expect(id({})).toBe(withEffect(PROFILES.standard, "treble").id);
    expect(id({ chain: effect.chain.replace("g=6", "g=7") })).not.toBe(id({}));
    expect(id({ tempo: 1.01 })).not.toBe(id({}));
  });

  it("cannot be changed once it is made", () => {
    expect(ALL.every((profile) => Object.isFrozen(profile))).toBe(true);
  });
});

it("speeds are exact: the rates are whole numbers", () => {
  const rates = ALL.flatMap(({ effect }) => /asetrate=([^,]+)/u.exec(effect?.chain ?? "")?.[1] ?? []);
  expect(rates.length).toBeGreaterThan(0);
  for (const rate of rates) expect(rate).toMatch(/^\d+$/u);
});

it("the tempo is the effect's, and 1 without one", () => {
  expect(tempoOf(PROFILES.standard)).toBe(1);
  expect(tempoOf(withEffect(PROFILES.standard, "nightcore"))).toBe(1.25);
});

it("all of them may be played, so that a clean-up does not take them for stale", () => {
  const current = currentProfileIds(PROFILES);
  expect(current).toEqual(new Set([...PLAIN, ...ALL].map(({ id }) => id)));
});

it("a name is recognized, and nothing else is", () => {
  expect(EFFECT_NAMES.map(parseEffectName)).toEqual(EFFECT_NAMES);
  for (const text of ["", "Nightcore", "off", "constructor"]) expect(parseEffectName(text)).toBeUndefined();
});

// Another chain is another id by itself; what is around the chain is the pipeline's.
it("the ids of this pipeline version stay what they are", () => {
  expect(PIPELINE_VERSION).toBe(1);
  expect(Object.fromEntries(ALL.slice(0, EFFECT_NAMES.length).map(({ name, id }) => [name, id])))
    .toMatchInlineSnapshot(`
    {
      "8d": "8d-d0de7942",
      "bassboost": "bassboost-daf0b591",
      "chipmunk": "chipmunk-0938e887",
      "deep": "deep-5def78ac",
      "echo": "echo-b580bd64",
      "fast": "fast-5d9ef470",
      "karaoke": "karaoke-9558928f",
      "lofi": "lofi-0f1ae052",
      "mono": "mono-304d8cfb",
      "nightcore": "nightcore-3c16678c",
      "reverb": "reverb-714a87ab",
      "slowed": "slowed-a1b73b48",
      "treble": "treble-756277fb",
      "tremolo": "tremolo-c51e5e4a",
      "vaporwave": "vaporwave-7d7b4a51",
      "wide": "wide-2d774df9",
    }
  `);
});
