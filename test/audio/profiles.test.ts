// What each profile does to real songs, measured on what a listener gets.
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { audioProfiles } from "../../src/core/audio-profiles.ts";
import type { AudioProfile, Loudness } from "../../src/core/audio-profile.ts";
import type { NormalizedAudio } from "../../src/audio/transcoder.ts";
import {
  DRUMS,
  ffmpeg,
  loudnessRangeLu,
  NEVER,
  removeFolder,
  request,
  signal,
  STEPS,
  temporaryFolder,
  TONES,
  transcoder,
} from "./media.ts";

const { standard, quiet, night, raw } = audioProfiles({
  loudnessTargetLufs: -14,
  truePeakCeilingDbtp: -1,
  bitrateKbps: 128,
});
const subject = transcoder();
let folder: string;
beforeEach(async () => void (folder = await temporaryFolder()));
afterEach(() => removeFolder(folder));

const result = (): string => path.join(folder, "result.opus");

async function song(...args: readonly string[]): Promise<string> {
  const file = path.join(folder, "source.flac");
  await ffmpeg(...args, "-c:a", "flac", "-sample_fmt", "s32", file);
  return file;
}

async function make(fromPath: string, profile: AudioProfile): Promise<NormalizedAudio> {
  return subject.normalize(request(folder, fromPath, { profile }), NEVER);
}

async function expectLoudness(targetLufs: number, ceilingDbtp: number): Promise<void> {
  const heard = await subject.measure(result(), NEVER);
  expect(Math.abs((heard.integratedLufs ?? 0) - targetLufs)).toBeLessThanOrEqual(0.5);
  expect(heard.truePeakDbtp).toBeLessThanOrEqual(ceilingDbtp + 0.3);
}

describe("quiet", () => {
  it.each([-10, -30])("brings drums at %s LUFS to -20", async (lufs) => {
    await make(await song(...signal(DRUMS, 8, lufs)), quiet);
    await expectLoudness(-20, -1);
  });
});

describe("night", () => {
  it.each([-10, -16, -30])("narrows the dynamics of a song at %s LUFS and still meets -20", async (lufs) => {
    const fromPath = await song(...signal(STEPS, 48, lufs));
    await make(fromPath, quiet);
    const wide = await loudnessRangeLu(result());
    expect(wide).toBeCloseTo(await loudnessRangeLu(fromPath), 0);
    await make(fromPath, night);
    expect(wide).toBeGreaterThan(15);
    expect(await loudnessRangeLu(result())).toBeLessThan(wide / 2);
    await expectLoudness(-20, -1);
  });

  it.each([
    ["steady tones", TONES],
    ["drums", DRUMS],
  ])("meets its target with %s, too, and loses no sample", async (_name, expression) => {
    await make(await song(...signal(expression, 8, -14)), night);
    await expectLoudness(-20, -1);
    expect(await subject.inspect(result(), NEVER)).toMatchObject({ durationMs: 8_000 });
  });

  it("says what gain it took, before and behind the compressor together", async () => {
    const fromPath = await song(...signal(TONES, 8, -14));
    const audio = await make(fromPath, night);
    // The compressor takes about 8 dB from a steady tone; they are given back.
    expect(audio.gainDb).toBeGreaterThan(0);
    expect(String(audio.gainDb)).toMatch(/^\d+(?:\.\d)?$/u);
    expect(audio.sourceLoudness.integratedLufs).toBeCloseTo(-14, 0);
  });

  it("leaves silence silent", async () => {
    const fromPath = await song("-f", "lavfi", "-i", "anullsrc=r=48000:cl=stereo", "-t", "3");
    expect(await make(fromPath, night)).toMatchObject({ gainDb: 0, loudness: { integratedLufs: null } });
  });

  it("is the same, byte for byte, when made again", async () => {
    const fromPath = await song(...signal(STEPS, 12, -20));
    await make(fromPath, night);
    const first = await subject.inspect(result(), NEVER);
    await make(fromPath, night);
    expect(await subject.inspect(result(), NEVER)).toEqual(first);
  });
});

describe("raw", () => {
  it.each([-10, -23, -35])("leaves tones at %s LUFS where they are", async (lufs) => {
    const audio = await make(await song(...signal(TONES, 4, lufs)), raw);
    expect(audio).toMatchObject({ gainDb: 0, limited: false, passes: 1 });
    await expectLoudness(lufs, 0);
  });

  it("keeps peaks below full scale, at the cost of less loudness than turning the song down", async () => {
    const fromPath = path.join(folder, "loud.wav");
    await ffmpeg(...signal(DRUMS, 8, -14), "-c:a", "pcm_f32le", fromPath);
    const audio = await make(fromPath, raw);
    const before = audio.sourceLoudness;
    expect(before.truePeakDbtp).toBeGreaterThan(1);
    expect(audio).toMatchObject({ gainDb: 0, limited: true });
    const heard = await subject.measure(result(), NEVER);
    expect(heard.truePeakDbtp).toBeLessThanOrEqual(0);
    const lost = (measure: keyof Loudness): number => (before[measure] ?? 0) - (heard[measure] ?? 0);
    expect(lost("integratedLufs")).toBeLessThan(lost("truePeakDbtp"));
  });
});

it("standard keeps the dynamics that night narrows", async () => {
  const fromPath = await song(...signal(STEPS, 48, -20));
  await make(fromPath, standard);
  expect(await loudnessRangeLu(result())).toBeGreaterThan(15);
});
