import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { BLOCK_SAMPLES, LoudnessMeter } from "../../src/audio/live-loudness.ts";
import { seededRandom } from "../fakes/random.ts";
import { DRUMS, signal, STEPS, TONES } from "./media.ts";

/** Samples of a signal, and its loudness by ffmpeg's own meter. */
async function measured(input: readonly string[]): Promise<{ samples: Float32Array; loudnessLufs: number }> {
  const filter = `${input.at(-1)},aformat=sample_fmts=flt:channel_layouts=stereo,ebur128`;
  const source = ["-nostdin", "-hide_banner", "-nostats", ...input.slice(0, -2)];
  const { stdout, stderr } = await promisify(execFile)(
    "ffmpeg",
    [...source, "-af", filter, "-f", "f32le", "-"],
    {
      encoding: "buffer",
      maxBuffer: 2 ** 28,
    },
  );
  const summary = stderr.toString().slice(stderr.toString().lastIndexOf("Summary:"));
  const samples = new Float32Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.length));
  return { samples, loudnessLufs: Number(/I: +(\S+) LUFS/u.exec(summary)?.[1]) };
}

function blocks(samples: Float32Array): Float32Array[] {
  const count = Math.ceil(samples.length / BLOCK_SAMPLES);
  return Array.from({ length: count }, (_, at) =>
    samples.subarray(at * BLOCK_SAMPLES, (at + 1) * BLOCK_SAMPLES),
  );
}

describe("the loudness of a song that is arriving", () => {
  it.each([
    ["steady tones", signal(TONES, 12)],
    ["drums", signal(DRUMS, 12, -16)],
    ["passages of very different loudness", signal(STEPS, 48, -20)],
    ["a whisper", signal(DRUMS, 12, -55)],
    ["what clips", signal(TONES, 12, -1)],
  ])("is that of ffmpeg's meter: %s", async (_name, input) => {
    const { samples, loudnessLufs } = await measured(input);
    const meter = new LoudnessMeter();
    for (const block of blocks(samples)) meter.add(block);
    expect(Math.abs((meter.integratedLufs ?? 0) - loudnessLufs)).toBeLessThan(0.1);
    expect(meter.measuredMs).toBe(blocks(samples).length * 100);
  });

  it("is none for silence, and not that of the silence before a song", async () => {
    const meter = new LoudnessMeter();
    for (let count = 0; count < 300; count += 1) meter.add(new Float32Array(BLOCK_SAMPLES));
    expect(meter.integratedLufs).toBeNull();
    const { samples, loudnessLufs } = await measured(signal(TONES, 12));
    for (const block of blocks(samples)) meter.add(block);
    expect(meter.integratedLufs).toBeCloseTo(loudnessLufs, 0);
  });

  it("is known again after samples that are no numbers", async () => {
    const meter = new LoudnessMeter();
    meter.add(new Float32Array(BLOCK_SAMPLES).fill(Number.NaN));
    const { samples, loudnessLufs } = await measured(signal(TONES, 12));
    for (const block of blocks(samples)) meter.add(block);
    expect(Math.abs((meter.integratedLufs ?? 0) - loudnessLufs)).toBeLessThan(0.1);
  });

  it("tells the loudness of the last 400 ms with each step", () => {
    const random = seededRandom(1);
    const noise = (level: number): Float32Array =>
      Float32Array.from({ length: BLOCK_SAMPLES }, () => level * (2 * random() - 1));
    const meter = new LoudnessMeter();
    const soft = [1, 2, 3, 4, 5].map(() => meter.add(noise(0.01))).at(-1) ?? 0;
    const rising = [1, 2, 3, 4].map(() => meter.add(noise(0.1)));
    expect((rising.at(-1) ?? 0) - soft).toBeCloseTo(20, 0);
    expect(rising).toEqual(rising.toSorted((a, b) => a - b));
  });
});
