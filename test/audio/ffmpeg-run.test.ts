// How ffmpeg is called: every call on the way to the real program is noted.
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createFfmpegTranscoder } from "../../src/audio/ffmpeg.ts";
import { silentLogger } from "../../src/core/logger.ts";
import type { ProcessRunner, ProcessSpec } from "../../src/process/runner.ts";
import { ffmpeg, NEVER, removeFolder, request, runner, signal, temporaryFolder, TONES } from "./media.ts";

let folder: string;
let fromPath: string;
const calls: ProcessSpec[] = [];

beforeAll(async () => {
  folder = await temporaryFolder();
  fromPath = path.join(folder, "-i song %d;x.webm");
  await ffmpeg(...signal(TONES, 2), "-c:a", "libopus", `file:${fromPath}`);
  const noting: ProcessRunner = {
    run: (spec, abort) => {
      calls.push(spec);
      return runner.run(spec, abort);
    },
    running: () => runner.running(),
  };
  const subject = createFfmpegTranscoder({ runner: noting, ffmpegPath: "ffmpeg", logger: silentLogger });
  await subject.normalize(
    request(folder, fromPath, { expectedDurationMs: 2_000, tags: { TITLE: "-y" } }),
    NEVER,
  );
});
afterAll(() => removeFolder(folder));

it("opens the download with a fixed demuxer, without network, pictures or questions", () => {
  expect(calls).toHaveLength(2);
  for (const { args } of calls) {
    const at = args.indexOf("-i");
    const before = args.slice(0, at);
    const valueOf = (option: string): string | undefined => before[before.indexOf(option) + 1];
    expect(args.slice(at + 1, at + 4)).toEqual([`file:${fromPath}`, "-map", "0:a:0"]);
    expect(valueOf("-f")).toBe("matroska");
    expect(valueOf("-protocol_whitelist")).toBe("file,pipe");
    expect(valueOf("-codec_whitelist")?.split(",")).toEqual(
      expect.arrayContaining(["opus", "aac", "mp3float"]),
    );
    expect(valueOf("-codec_whitelist")).not.toMatch(/png|jpeg|h264|vp9|gif|webp|text|subrip/u);
    expect(before).toEqual(expect.arrayContaining(["-nostdin", "-vn", "-sn", "-dn"]));
  }
});

it("writes to exactly one place, and in the first pass to none", () => {
  const [measure, encode] = calls;
  expect(measure?.args.slice(-3)).toEqual(["-f", "null", "-"]);
  expect(encode?.args.slice(-4)).toEqual(["-f", "ogg", "-y", `file:${folder}/result.opus`]);
  expect(encode?.args.filter((arg) => arg.startsWith("TITLE"))).toEqual(["TITLE=-y"]);
});

it("bounds memory, time, files and rank in proportion to the length, and adds nothing to the environment", () => {
  // Half as long again as announced, and half a minute.
  const limits = { timeoutMs: 93_000, cpuSeconds: 37, memoryBytes: 2 ** 30, niceness: 10 };
  expect(calls.map((call) => call.limits)).toEqual([
    { ...limits, fileBytes: 0 },
    { ...limits, fileBytes: 33_000 * 16 * 1.5 + 2 ** 20 },
  ]);
  expect(calls.map((call) => call.env)).toEqual([undefined, undefined]);
});
