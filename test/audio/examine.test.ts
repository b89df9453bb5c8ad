// Telling whether a file is a whole song, without making anything of it.
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ffmpeg, NEVER, removeFolder, signal, temporaryFolder, TONES, transcoder } from "./media.ts";

const subject = transcoder();
let folder: string;
beforeEach(async () => void (folder = await temporaryFolder()));
afterEach(() => removeFolder(folder));

async function make(name: string, ...args: readonly string[]): Promise<string> {
  const file = path.join(folder, name);
  await ffmpeg(...signal(TONES, 3), ...args, file);
  return file;
}

it.each([
  ["song.webm", ["-c:a", "libopus"], "matroska"],
  ["song.m4a", ["-c:a", "aac"], "mov"],
  ["song.mp3", ["-c:a", "libmp3lame"], "mp3"],
  ["song.ogg", ["-c:a", "libvorbis"], "ogg"],
])("a whole file is recognized by its content: %s", async (name, args, container) => {
  const file = await make(name, ...args);
  const facts = await subject.examine(file, null, NEVER);
  expect(facts.container).toBe(container);
  expect(Math.abs(facts.durationMs - 3_000)).toBeLessThan(100);
  expect(await readdir(folder)).toEqual([name]);
});

it("half a file is not whole, whatever it is called", async () => {
  const whole = await readFile(await make("song.webm", "-c:a", "libopus"));
  const half = path.join(folder, "half.mp3");
  await writeFile(half, whole.subarray(0, whole.length / 2));
  await expect(subject.examine(half, null, NEVER)).rejects.toMatchObject({ code: "AUDIO_INCOMPLETE" });
});

it("a file shorter than its song is not whole", async () => {
  const file = await make("song.webm", "-c:a", "libopus");
  await expect(subject.examine(file, 60_000, NEVER)).rejects.toMatchObject({ code: "AUDIO_INCOMPLETE" });
});

it("a text is no audio", async () => {
  const file = path.join(folder, "dQw4w9WgXcQ.mp3");
  await writeFile(file, "not found");
  await expect(subject.examine(file, null, NEVER)).rejects.toMatchObject({ code: "NOT_AUDIO" });
});
