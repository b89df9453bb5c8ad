import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { samplesIn } from "./ogg-writer.ts";
import { Recording, SILENCE_FRAME } from "./recording.ts";
import { describeSound } from "./sound.ts";
import { writeTone } from "./fixtures/tone.ts";

const run = promisify(execFile);
const SPEECH = Buffer.from([0xfc, 1, 2, 3]);
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sound-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

function recordingOf(sequences: readonly number[], opus = SPEECH): Recording {
  const recording = new Recording();
  for (const [index, sequence] of sequences.entries())
    recording.add({ ssrc: 1, sequence, timestamp: index * 960, opus, arrivedAtMs: index * 20 });
  return recording;
}

describe("Recording", () => {
  test("counts the packets missing in the numbering, across its wrap, and forgives late ones", () => {
    expect(recordingOf([65_534, 65_535, 0, 1]).lost).toBe(0);
    expect(recordingOf([10, 11, 14, 15]).lost).toBe(2);
    expect(recordingOf([10, 12, 11, 13]).lost).toBe(0);
  });

  test("cuts parts at its marks and knows silence from sound", () => {
    const recording = new Recording();
    const add = (opus: Buffer): void =>
      recording.add({ ssrc: 1, sequence: 0, timestamp: 0, opus, arrivedAtMs: 7 });
    recording.mark("first");
    add(SPEECH);
    add(SILENCE_FRAME);
    recording.mark("second");
    add(SPEECH);
    expect(recording.part("first").durationMs).toBe(20);
    expect(recording.part("first").packets).toHaveLength(2);
    expect(recording.part("second").firstPacketAtMs).toBe(7);
    expect(() => recording.part("third")).toThrow("first, second");
    recording.reset();
    expect(recording.packets).toHaveLength(0);
  });

  test("writes a file that ffmpeg reads without a complaint and with the right length", async () => {
    const path = join(folder, "silence.ogg");
    await recordingOf(
      Array.from({ length: 175 }, (_, n) => n),
      SILENCE_FRAME,
    ).writeOgg(path);
    const { stderr } = await run("ffmpeg", ["-nostdin", "-v", "warning", "-i", path, "-f", "null", "-"]);
    expect(stderr).toBe("");
    const { durationMs } = await describeSound(path);
    expect(durationMs).toBeCloseTo(175 * 20 - 312 / 48, 1);
  });

  test("refuses to write what was never heard", async () => {
    await expect(new Recording().writeOgg(join(folder, "none.ogg"))).rejects.toThrow("Nothing was heard");
  });
});

test.each([
  [0xfc, 960], // CELT fullband, 20 ms, one frame
  [0xfd, 1920], // the same, two frames
  [0x78, 960], // hybrid, 20 ms
  [0x18, 2880], // SILK, 60 ms
  [0xe0, 120], // CELT, 2.5 ms
])("an opus packet starting with %i lasts %i samples", (toc, samples) => {
  expect(samplesIn(Buffer.from([toc]))).toBe(samples);
});

describe("describeSound", () => {
  test("tells tones apart, to the hertz, and how loud they are", async () => {
    const path = join(folder, "tone.ogg");
    await writeTone(path, { frequencyHz: 523, durationMs: 3000, gainDb: -6 });
    const quiet = await describeSound(path);
    await writeTone(path, { frequencyHz: 659, durationMs: 3000 });
    const loud = await describeSound(path);
    expect(quiet.dominantFrequencyHz).toBeCloseTo(523, 0);
    expect(loud.dominantFrequencyHz).toBeCloseTo(659, 0);
    expect(loud.integratedLufs! - quiet.integratedLufs!).toBeCloseTo(6, 0);
    expect(loud.truePeakDbtp! - quiet.truePeakDbtp!).toBeCloseTo(6, 0);
  });

  test("looks only at the window it is given", async () => {
    const path = join(folder, "two.ogg");
    const tones = ["440", "880"].flatMap((hz) => ["-f", "lavfi", "-i", `sine=frequency=${hz}:duration=2`]);
    await run("ffmpeg", [
      "-nostdin",
      "-y",
      "-v",
      "error",
      ...tones,
      "-filter_complex",
      "concat=n=2:v=0:a=1",
      "-c:a",
      "libopus",
      path,
    ]);
    expect((await describeSound(path, { toMs: 1900 })).dominantFrequencyHz).toBeCloseTo(440, 0);
    const second = await describeSound(path, { fromMs: 2100, toMs: 3100 });
    expect(second.dominantFrequencyHz).toBeCloseTo(880, 0);
    expect(second.durationMs).toBeCloseTo(1000, 0);
  });

  test("has no loudness for silence", async () => {
    const path = join(folder, "quiet.ogg");
    await recordingOf(
      Array.from({ length: 100 }, (_, n) => n),
      SILENCE_FRAME,
    ).writeOgg(path);
    expect(await describeSound(path)).toMatchObject({ integratedLufs: null, truePeakDbtp: null });
  });
});
