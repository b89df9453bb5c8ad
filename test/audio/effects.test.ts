// What each effect does to real music, measured on what a listener gets: from the kept file, and while a song arrives.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AudioProfile } from "../../src/core/audio-profile.ts";
import { tempoOf } from "../../src/core/audio-profile.ts";
import { audioProfiles } from "../../src/core/audio-profiles.ts";
import { EFFECT_NAMES, type EffectName, withEffect } from "../../src/core/effects.ts";
import { oggOpus } from "../sandbox/discord/ogg-writer.ts";
import { describeSound } from "../sandbox/discord/sound.ts";
import { bandDb, levelDb } from "./bands.ts";
import { hearAll, makeSong } from "./live-lab.ts";
import {
  DRUMS,
  ffmpeg,
  NEVER,
  removeFolder,
  request,
  signal,
  temporaryFolder,
  TONES,
  transcoder,
  write,
} from "./media.ts";

const PROFILES = audioProfiles({ loudnessTargetLufs: -14, truePeakCeilingDbtp: -1, bitrateKbps: 128 });
const subject = transcoder();
let folder: string;
beforeEach(async () => void (folder = await temporaryFolder()));
afterEach(() => removeFolder(folder));

const effect = (name: EffectName, plain: AudioProfile = PROFILES.standard): AudioProfile =>
  withEffect(plain, name);

/** Makes the kept file and returns its path. */
async function kept(fromPath: string, profile: AudioProfile): Promise<string> {
  const toPath = path.join(folder, `${profile.id}.opus`);
  await subject.normalize(request(folder, fromPath, { profile, toPath }), NEVER);
  return toPath;
}

async function song(expression: string, seconds: number): Promise<string> {
  const file = path.join(folder, "source.flac");
  await ffmpeg(...signal(expression, seconds, -20), "-c:a", "flac", file);
  return file;
}

/** Bass, middle and high tones, the middle one in both ears alike, another one in one ear each. */
const SPREAD = [0.2, -0.2]
  .map((side) => `0.2*sin(60*2*PI*t)+0.2*sin(500*2*PI*t)+${side}*sin(2000*2*PI*t)+0.1*sin(9000*2*PI*t)`)
  .join("|");

describe("every effect", () => {
  it.each(EFFECT_NAMES)("%s keeps loudness and ceiling, and says how long the song becomes", async (name) => {
    const file = await kept(await song(DRUMS, 4), effect(name, PROFILES.quiet));
    const heard = await subject.measure(file, NEVER);
    expect(Math.abs((heard.integratedLufs ?? 0) + 20)).toBeLessThanOrEqual(1);
    expect(heard.truePeakDbtp).toBeLessThanOrEqual(-0.7);
    const { durationMs } = await subject.inspect(file, NEVER);
    expect(Math.abs(durationMs - 4_000 / tempoOf(effect(name)))).toBeLessThan(400);
  });

  it.each(["nightcore", "karaoke", "slowed"] as const)("%s goes together with night", async (name) => {
    const file = await kept(await song(DRUMS, 8), effect(name, PROFILES.night));
    expect((await subject.measure(file, NEVER)).integratedLufs).toBeCloseTo(-20, 0);
  });

  it("gives the same file when it is made again", async () => {
    const fromPath = await song(DRUMS, 4);
    const first = await subject.inspect(await kept(fromPath, effect("reverb")), NEVER);
    expect(await subject.inspect(await kept(fromPath, effect("reverb")), NEVER)).toEqual(first);
  });

  it("still tells half a song from a whole one, by the length of the recording", async () => {
    const fromPath = await song(TONES, 8);
    const whole = request(folder, fromPath, { profile: effect("nightcore"), expectedDurationMs: 8_000 });
    await subject.normalize(whole, NEVER);
    const half = { ...whole, expectedDurationMs: 10_000 };
    await expect(subject.normalize(half, NEVER)).rejects.toMatchObject({ code: "AUDIO_INCOMPLETE" });
  });

  it("tells how loud it is behind the effect, for those who hear it already", async () => {
    const fromPath = await song(SPREAD, 3);
    const told: number[] = [];
    const onMeasured = (heard: { integratedLufs: number | null }): void =>
      void told.push(heard.integratedLufs ?? 0);
    const made = await subject.normalize(
      request(folder, fromPath, { profile: effect("karaoke"), onMeasured }),
      NEVER,
    );
    expect(told).toHaveLength(1);
    expect((made.sourceLoudness.integratedLufs ?? 0) - (told[0] ?? 0)).toBeGreaterThan(2);
    expect(made.gainDb).toBeCloseTo(-14 - (told[0] ?? 0), 0);
  });
});

const PITCHES: readonly (readonly [EffectName, number])[] = [
  ["nightcore", 1.25],
  ["vaporwave", 0.8],
  ["slowed", 0.875],
  ["chipmunk", 1.5],
  ["deep", 0.75],
  ["fast", 1],
];

describe("the pitch", () => {
  it.each(PITCHES)("of %s is %s times as high, kept and live", async (name, factor) => {
    const tone = "0.3*sin(440*2*PI*t)|0.3*sin(440*2*PI*t)";
    const file = await kept(await song(tone, 3), effect(name));
    expect((await describeSound(file)).dominantFrequencyHz).toBeCloseTo(440 * factor, -0.5);
    const live = await hearLive(tone, effect(name), 3);
    const sound = await describeSound(live);
    expect(sound.dominantFrequencyHz).toBeCloseTo(440 * factor, -0.5);
    expect(Math.abs(sound.durationMs - 3_000 / tempoOf(effect(name)))).toBeLessThan(250);
  });
});

describe("the spectrum", () => {
  it.each([
    ["bassboost", 60, 7, 9],
    ["treble", 9_000, 5, 7],
    ["lofi", 9_000, -30, -10],
    ["lofi", 60, -40, -15],
  ] as const)(
    "of %s at %s Hz changes by %s to %s dB, kept and live",
    async (name, frequencyHz, least, most) => {
      const fromPath = await song(SPREAD, 3);
      const plain = await kept(fromPath, PROFILES.standard);
      for (const file of [await kept(fromPath, effect(name)), await hearLive(SPREAD, effect(name), 3)]) {
        const change = await changeDb(file, plain, frequencyHz);
        expect(change).toBeGreaterThanOrEqual(least);
        expect(change).toBeLessThanOrEqual(most);
      }
    },
  );

  it("of karaoke loses what both ears share, and keeps the bass", async () => {
    const fromPath = await song(SPREAD, 3);
    const plain = await kept(fromPath, PROFILES.standard);
    const file = await kept(fromPath, effect("karaoke"));
    expect(-(await changeDb(file, plain, 2_000))).toBeLessThan(-18);
    expect(await changeDb(file, plain, 60)).toBeGreaterThan(15);
  });
});

describe("the ears", () => {
  const ONE_EAR = "0.3*sin(440*2*PI*t)|0";

  it("both hear the same with mono and with karaoke", async () => {
    const fromPath = await song(ONE_EAR, 4);
    for (const name of ["mono", "karaoke"] as const)
      expect(Math.abs(await balance(await kept(fromPath, effect(name))))).toBeLessThan(0.5);
    expect(await balance(await kept(fromPath, PROFILES.standard))).toBeGreaterThan(20);
  });

  it("hear the music in turn with 8d", async () => {
    const file = await kept(await song("0.3*sin(440*2*PI*t)|0.3*sin(440*2*PI*t)", 10), effect("8d"));
    const turns = await Promise.all(
      [0, 2, 5, 7].map((at) => balance(file, { fromMs: at * 1000, toMs: at * 1000 + 1000 })),
    );
    expect(Math.max(...turns) - Math.min(...turns)).toBeGreaterThan(12);
  });

  it("are further apart with wide", async () => {
    const fromPath = await song(SPREAD, 4);
    const plain = await shares(await kept(fromPath, PROFILES.standard));
    expect((await shares(await kept(fromPath, effect("wide")))) - plain).toBeCloseTo(6, 0);
  });
});

describe("in time", () => {
  it("tremolo swells four times a second", async () => {
    const file = await kept(await song(TONES, 4), effect("tremolo"));
    const levels = await Promise.all(
      Array.from({ length: 8 }, (_, step) =>
        levelDb(file, { fromMs: 1_000 + step * 62.5, toMs: 1_062.5 + step * 62.5 }),
      ),
    );
    const swing = Math.max(...levels) - Math.min(...levels);
    expect(swing).toBeGreaterThan(5);
    expect(Math.abs((levels[0] ?? 0) - (levels[4] ?? 0))).toBeLessThan(1.5);
  });

  it.each([
    ["reverb", 2_160],
    ["echo", 2_360],
  ] as const)("%s goes on where the music has stopped", async (name, fromMs) => {
    const click = "0.8*sin(440*2*PI*t)*lt(mod(t\\,2)\\,0.1)|0.8*sin(440*2*PI*t)*lt(mod(t\\,2)\\,0.1)";
    const file = path.join(folder, "clicks.flac");
    await ffmpeg("-f", "lavfi", "-i", `aevalsrc=${click}:d=4:s=48000`, "-c:a", "flac", file);
    const tail = { fromMs, toMs: fromMs + 50 };
    const dry = await levelDb(await kept(file, PROFILES.standard), tail);
    expect((await levelDb(await kept(file, effect(name)), tail)) - dry).toBeGreaterThan(30);
  });
});

it("what is heard live becomes as loud as what is kept", async () => {
  const live = await hearLive(DRUMS, effect("bassboost", PROFILES.quiet), 40);
  const heard = await describeSound(live, { fromMs: 16_000 });
  expect(Math.abs((heard.integratedLufs ?? 0) + 20)).toBeLessThan(1);
  expect(heard.truePeakDbtp).toBeLessThanOrEqual(-0.7);
});

async function hearLive(expression: string, profile: AudioProfile, seconds: number): Promise<string> {
  const file = await makeSong(folder, "live.webm", signal(expression, seconds, -20));
  const { packets } = await hearAll(folder, await readFile(file), { profile });
  return await write(folder, `${profile.id}-live.opus`, oggOpus(packets));
}

/** How much louder the left ear hears it. */
async function balance(file: string, window = {}): Promise<number> {
  return (await levelDb(file, { ...window, channel: 0 })) - (await levelDb(file, { ...window, channel: 1 }));
}

/** How much louder what differs between the ears is than what they share. */
async function shares(file: string): Promise<number> {
  const [sides, middle] = await Promise.all(
    ["-", "+"].map((sign) => levelDb(file, { filter: `pan=mono|c0=0.5*c0${sign}0.5*c1` })),
  );
  return (sides ?? 0) - (middle ?? 0);
}

/** How much louder a tone is than the 500 Hz one, compared with the song without an effect. */
async function changeDb(file: string, plain: string, frequencyHz: number): Promise<number> {
  const [a, b, c, d] = await Promise.all([
    bandDb(file, frequencyHz),
    bandDb(file, 500),
    bandDb(plain, frequencyHz),
    bandDb(plain, 500),
  ]);
  return a - b - (c - d);
}
