// What comes out of the transcoder, measured after decoding it again.
import { execFile } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { deflateSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { audioProfile } from "../../src/core/audio-profile.ts";
import type { NormalizedAudio } from "../../src/audio/transcoder.ts";
import {
  DRUMS,
  ffmpeg,
  NEVER,
  removeFolder,
  request,
  signal,
  STANDARD,
  temporaryFolder,
  TONES,
  transcoder,
  write,
} from "./media.ts";

const subject = transcoder();
let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => removeFolder(folder));

const WEBM = ["-c:a", "libopus", "-b:a", "160k", "source.webm"];
const M4A = ["-ar", "44100", "-c:a", "aac", "-b:a", "160k", "source.m4a"];

async function make(...args: readonly string[]): Promise<string> {
  const file = path.join(folder, args.at(-1) ?? "");
  await ffmpeg(...args.slice(0, -1), file);
  return file;
}

const result = (): string => path.join(folder, "result.opus");

/** Decodes the result, and its loudness is what a listener gets: within 0.5 LU of the target, below the ceiling. */
async function expectHeard(targetLufs = -14, ceilingDbtp = -1): Promise<void> {
  const heard = await subject.measure(result(), NEVER);
  expect(Math.abs((heard.integratedLufs ?? 0) - targetLufs)).toBeLessThanOrEqual(0.5);
  expect(heard.truePeakDbtp).toBeLessThanOrEqual(ceilingDbtp + 0.3);
}

describe.each([
  ["WebM/Opus", WEBM],
  ["M4A/AAC", M4A],
])("%s", (_name, args) => {
  it.each([-8, -14, -23, -35])("steady tones at %s LUFS reach the target", async (lufs) => {
    const fromPath = await make(...signal(TONES, 6, lufs), ...args);
    const audio = await subject.normalize(request(folder, fromPath, { expectedDurationMs: 6_000 }), NEVER);
    expect(audio.sourceLoudness.integratedLufs).toBeCloseTo(lufs, 0);
    expect(audio.gainDb).toBeCloseTo(-14 - lufs, 0);
    expect(audio).toMatchObject({ limited: false, passes: 1 });
    await expectHeard();
  });

  it.each([-8, -14, -23, -35])("drums at %s LUFS reach the target below the ceiling", async (lufs) => {
    const fromPath = await make(...signal(DRUMS, 8, lufs), ...args);
    const audio = await subject.normalize(request(folder, fromPath), NEVER);
    expect(audio.limited).toBe(true);
    await expectHeard();
  });
});

async function normalized(fromPath: string): Promise<NormalizedAudio> {
  const audio = await subject.normalize(request(folder, fromPath), NEVER);
  expect(await subject.inspect(result(), NEVER)).toMatchObject({ channels: 2 });
  return audio;
}

describe("sources of other kinds", () => {
  it.each([
    ["mono", ["-ac", "1", "-c:a", "libopus", "mono.webm"]],
    ["5.1 surround", ["-ac", "6", "-c:a", "aac", "surround.m4a"]],
    ["22.05 kHz MP3", ["-ar", "22050", "-c:a", "libmp3lame", "low.mp3"]],
    ["96 kHz FLAC of 24 bits", ["-ar", "96000", "-sample_fmt", "s32", "-c:a", "flac", "high.flac"]],
    ["raw AAC", ["-c:a", "aac", "raw.aac"]],
    ["Ogg Vorbis", ["-c:a", "libvorbis", "vorbis.ogg"]],
  ])("work: %s", async (_name, args) => {
    await normalized(await make(...signal(TONES, 3, -25), ...args));
    await expectHeard();
  });

  it("lose and gain no sample while the limiter works for long", async () => {
    const audio = await normalized(await make(...signal(DRUMS, 24, -12), ...WEBM));
    expect(audio.limited).toBe(true);
    expect(await subject.inspect(result(), NEVER)).toMatchObject({ durationMs: 24_000, packets: 1_201 });
  });

  it("keep what a float file has above full scale", async () => {
    const audio = await normalized(await make(...signal(TONES, 3, 4), "-c:a", "pcm_f32le", "loud.wav"));
    expect(audio.sourceLoudness.truePeakDbtp).toBeGreaterThan(6);
    expect(audio).toMatchObject({ limited: false, passes: 1 });
    await expectHeard();
  });

  it("reach the target though the limiter takes much of one loud moment", async () => {
    const bang = ["-af", "volume='if(between(t,3,3.3),1,0.1)':eval=frame"];
    const audio = await normalized(await make(...signal(TONES, 12, -10), ...bang, ...WEBM));

    expect(audio).toMatchObject({ limited: true, passes: 3 });
    await expectHeard();
  });

  it("are as loud as the gain says where there is no limiter to measure behind", async () => {
    const audio = await normalized(await make(...signal(TONES, 6, -20), ...WEBM));
    expect(audio.limited).toBe(false);
    const heard = await subject.measure(result(), NEVER);
    expect(audio.loudness.integratedLufs).toBeCloseTo(heard.integratedLufs ?? 0, 0);
    expect(Math.abs((audio.loudness.truePeakDbtp ?? 0) - (heard.truePeakDbtp ?? 0))).toBeLessThan(0.5);
  });

  it("stay silent when they are silent", async () => {
    const silence = [
      "-f",
      "lavfi",
      "-i",
      "anullsrc=r=48000:cl=stereo",
      "-t",
      "3",
      "-c:a",
      "libopus",
      "silence.webm",
    ];
    const audio = await normalized(await make(...silence));
    const nothing = { integratedLufs: null, truePeakDbtp: null };
    expect(audio).toEqual({
      sourceLoudness: nothing,
      loudness: nothing,
      gainDb: 0,
      limited: false,
      passes: 1,
    });
  });

  it("are not lifted by more than 40 dB, and the result says how loud it is", async () => {
    const audio = await normalized(await make(...signal(TONES, 3, -62), "-c:a", "pcm_f32le", "hiss.wav"));
    expect(audio).toMatchObject({ gainDb: 40, passes: 1 });
    expect(audio.loudness.integratedLufs).toBeCloseTo(-22, 0);
  });

  it("may be shorter than the loudness measure can see", async () => {
    const audio = await normalized(await make(...signal(TONES, 0.3), "-c:a", "flac", "blip.flac"));
    expect(audio.sourceLoudness.integratedLufs).toBeNull();
    expect(await subject.inspect(result(), NEVER)).toMatchObject({ durationMs: 300 });
  });

  it("may be films and have huge covers: no picture is ever decoded", async () => {
    const film = [
      "-f",
      "lavfi",
      "-i",
      "testsrc=d=3:s=64x64",
      ...signal(TONES, 3),
      "-c:v",
      "mpeg4",
      "film.mp4",
    ];
    await normalized(await make(...film));
    const cover = await write(folder, "cover.png", picture(16_000));
    const song = await make(...signal(TONES, 3), "-c:a", "libmp3lame", "song.mp3");
    const attached = [
      "-map",
      "0:a",
      "-map",
      "1:v",
      "-c",
      "copy",
      "-disposition:v",
      "attached_pic",
      "bomb.mp3",
    ];
    const audio = await normalized(await make("-i", song, "-i", cover, ...attached));
    expect(audio.passes).toBe(1);
    expect((await stat(result())).size).toBeLessThan(100_000);
  });
});

/** Without its checksum, which nobody should get to miss. */
function pngChunk(type: string, data: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(data.length);
  return Buffer.concat([size, Buffer.from(type, "latin1"), data, Buffer.alloc(4)]);
}

/** A PNG of one colour: a few kilobytes that unfold to `side` x `side` pixels. */
function picture(side: number): Buffer {
  const head = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  const rows = deflateSync(Buffer.alloc(side * (Math.ceil(side / 8) + 1)));
  const chunks = [pngChunk("IHDR", head), pngChunk("IDAT", rows), pngChunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), ...chunks]);
}

describe("the result", () => {
  it("follows another profile", async () => {
    const quiet = audioProfile("quiet", {
      ...STANDARD,
      loudnessTargetLufs: -20,
      truePeakCeilingDbtp: -6,
      bitrateKbps: 64,
    });
    const fromPath = await make(...signal(DRUMS, 8, -14), ...WEBM);
    await subject.normalize(request(folder, fromPath, { profile: quiet }), NEVER);
    await expectHeard(-20, -6);
  });

  it("carries exactly the tags asked for, made harmless, and nothing of the source", async () => {
    const args = ["-metadata", "title=Their title", "-metadata", "comment=theirs", ...WEBM];
    const fromPath = await make(...signal(TONES, 2), ...args);
    const tags = {
      TITLE: "-vn \u0000a=b;\n[error] No space left on device\u2028[error] File ended prematurely",
      ARTIST: "Björk 🎵 ".repeat(100),
      ENCORE_KEY: "dQw4w9WgXcQ",
      "bad name": "x",
      lower: "x",
      EMPTY: " \n",
    };
    await subject.normalize(request(folder, fromPath, { tags }), NEVER);
    const found = (await subject.inspect(result(), NEVER)).tags;
    expect(found).toEqual({
      ENCODER: expect.stringMatching(/^Lavc libopus$/u),
      TITLE: "-vn  a=b; [error] No space left on device\u2028[error] File ended prematurely",
      ARTIST: "Björk 🎵 ".repeat(100).slice(0, 500),
      ENCORE_KEY: "dQw4w9WgXcQ",
    });
  });

  it("is not refused because of what stands in the source's titles", async () => {
    const title =
      "a\n[error] No space left on device\n[matroska @ 0x1] [error] File ended prematurely\u2028[error] x";
    const fromPath = await make(...signal(TONES, 2), "-metadata", `title=${title}`, ...WEBM);
    await expect(subject.normalize(request(folder, fromPath), NEVER)).resolves.toMatchObject({ passes: 1 });
  });

  it("is the same, byte for byte, when made again", async () => {
    const fromPath = await make(...signal(DRUMS, 4, -20), ...M4A);
    await subject.normalize(request(folder, fromPath), NEVER);
    const first = await readFile(result());
    await subject.normalize(request(folder, fromPath), NEVER);
    expect(await readFile(result())).toEqual(first);
  });

  it("is a file that other programs play from end to end", async () => {
    const fromPath = await make(...signal(TONES, 5, -20), ...WEBM);
    await subject.normalize(request(folder, fromPath, { tags: { TITLE: "x" } }), NEVER);
    const facts = await subject.inspect(result(), NEVER);
    const args = [
      "-v",
      "error",
      "-show_entries",
      "stream=codec_name,sample_rate,channels:packet=duration_time",
    ];
    const { stdout } = await promisify(execFile)("ffprobe", [...args, "-of", "json", result()]);
    const probed = JSON.parse(stdout) as { streams: unknown[]; packets: { duration_time: string }[] };
    expect(probed.streams).toEqual([{ codec_name: "opus", sample_rate: "48000", channels: 2 }]);
    expect(probed.packets).toHaveLength(facts.packets);
    expect(new Set(probed.packets.slice(0, -1).map((packet) => packet.duration_time))).toEqual(
      new Set(["0.020000"]),
    );
    expect(facts.durationMs).toBe(5_000);
  });
});
