/** The local media source itself: what other tests rely on has to be true. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startMediaSource } from "./media/media-source.ts";
import type { MediaSource } from "./media/media-source.ts";
import type { Song } from "./media/catalogue.ts";
import { measureLoudness } from "./media/tones.ts";

const run = promisify(execFile);
const ffmpegPath = process.env["FFMPEG_PATH"] ?? "ffmpeg";
let directory: string;
let media: MediaSource;
let song: Song;
let bytes: Buffer;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "encore-media-source-"));
  media = await startMediaSource({ directory });
  song = await media.addSong({ title: "First Tone", frequencyHz: 440 });
  bytes = await readFile(song.path);
});

afterAll(async () => {
  await media.close();
  await rm(directory, { recursive: true });
});

beforeEach(() => {
  media.setFaults(song.id, {});
  media.setState(song.id, "ok");
  media.resetCounters();
});

async function fetchSong(headers: Record<string, string> = {}): Promise<{ status: number; body: Buffer }> {
  const response = await fetch(song.directUrl, { headers });
  return { status: response.status, body: Buffer.from(await response.arrayBuffer()) };
}

describe("the songs", () => {
  it.each([
    [-8, "webm"],
    [-14, "m4a"],
    [-23, "webm"],
    [-35, "m4a"],
  ] as const)("have the loudness that was asked for: %d LUFS as %s", async (loudnessLufs, format) => {
    const made = await media.addSong({ title: `At ${loudnessLufs}`, loudnessLufs, format });
    expect(await measureLoudness(made.path, ffmpegPath)).toBeCloseTo(loudnessLufs, 1);
    expect(made.loudnessLufs).toBeCloseTo(loudnessLufs, 1);
  });

  it("are what their names say", async () => {
    const webm = await readFile((await media.addSong({ title: "a", format: "webm" })).path);
    const m4a = await readFile((await media.addSong({ title: "b", format: "m4a" })).path);
    expect(webm.subarray(0, 4).toString("hex")).toBe("1a45dfa3");
    expect(m4a.subarray(4, 8).toString()).toBe("ftyp");
  });
});

describe("the server", () => {
  it("sends the file, whole and in parts, and counts", async () => {
    expect(await fetchSong()).toEqual({ status: 200, body: bytes });
    expect(await fetchSong({ range: "bytes=100-199" })).toEqual({
      status: 206,
      body: bytes.subarray(100, 200),
    });
    const bytesSent = bytes.length + 100;
    expect(media.counters(song.id)).toEqual({ pageRequests: 0, requests: 2, bytesSent, liveRequests: 0 });
  });

  it("cuts the connection once, then is healthy", async () => {
    media.setFaults(song.id, { cutAtByte: 5000, times: 1 });
    await expect(fetchSong()).rejects.toThrow("terminated");
    expect(await fetchSong()).toEqual({ status: 200, body: bytes });
  });

  it("refuses from a byte on", async () => {
    media.setFaults(song.id, { forbidFromByte: 5000 });
    await expect(fetchSong()).rejects.toThrow("terminated");
    expect(await fetchSong({ range: "bytes=5000-" })).toMatchObject({ status: 403 });
    expect(await fetchSong({ range: "bytes=0-4999" })).toMatchObject({
      status: 206,
      body: bytes.subarray(0, 5000),
    });
  });

  it("ends early and cleanly, lies about the length, ignores ranges, sends a web page", async () => {
    media.setFaults(song.id, { endAtByte: 3000 });
    expect(await fetchSong()).toEqual({ status: 200, body: bytes.subarray(0, 3000) });
    media.setFaults(song.id, { lengthErrorBytes: 10 });
    await expect(fetchSong()).rejects.toThrow("terminated");
    media.setFaults(song.id, { lengthErrorBytes: -10 });
    expect(await fetchSong()).toEqual({ status: 200, body: bytes.subarray(0, -10) });
    media.setFaults(song.id, { ignoreRange: true });
    expect(await fetchSong({ range: "bytes=5000-" })).toEqual({ status: 200, body: bytes });
    media.setFaults(song.id, { html: true });
    expect((await fetchSong()).body.toString()).toContain("<!doctype html>");
    media.setFaults(song.id, { status: 429 });
    expect(await fetchSong()).toMatchObject({ status: 429 });
  });

  it("can stall and can go on for ever", async () => {
    media.setFaults(song.id, { stallAtByte: 1000 });
    expect(await readUntil(1000)).toBe(1000);
    media.setFaults(song.id, { endless: true });
    expect(await readUntil(bytes.length + 100_000)).toBeGreaterThanOrEqual(bytes.length + 100_000);
  });
});

/** Reads until this many bytes have come, then hangs up. */
async function readUntil(enough: number): Promise<number> {
  const response = await fetch(song.directUrl);
  let received = 0;
  for await (const chunk of response.body ?? []) {
    received += (chunk as Uint8Array).length;
    if (received >= enough) break;
  }
  return received;
}

describe("the yt-dlp stand-in", () => {
  it("tells its version", async () => {
    const { stdout } = await run(media.ytDlpCommand, ["--version"]);
    expect(stdout).toBe("2026.08.19\n");
  });

  it("refuses a call without the rules of the house", async () => {
    const careless = run(media.ytDlpCommand, ["-J", song.url]);
    await expect(careless).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining("after --") });
  });
});
