import { readFile, stat } from "node:fs/promises";
import { expect, it } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import { heardOf } from "../fakes/packets.ts";
import { youtubeTrack } from "../fakes/tracks.ts";
import { makeTone } from "../sandbox/media/tones.ts";
import { NEVER, PROFILE, setUp } from "./set-up.ts";

const song = youtubeTrack("refresh-so1");
const request = { profile: PROFILE, guildId: "guild" };
const other = await makeTone(
  { frequencyHz: 880, loudnessLufs: -20, durationMs: 1_500, format: "webm" },
  { ffmpegPath: "ffmpeg" },
);

it("puts the new file in the place of the old one, whose readers read it to its end", async () => {
  const bench = await setUp();
  await bench.play(song);
  const reader = await bench.ask(song);
  reader.started();
  const before = await bench.index.find(reader.entry.key, PROFILE.id);
  bench.source.script(song.id, { file: other.path });

  await bench.cache.refresh(song, request, NEVER);
  const old = await heardOf(reader);
  await reader.close();
  const fresh = await bench.ask(song);
  const packets = await heardOf(fresh);
  await fresh.close();

  expect(fresh.outcome).toBe("hit");
  expect(packets.length).toBeGreaterThan(old.length + 20);
  expect(old.length).toBeLessThan(60);
  expect(fresh.entry.sha256).not.toBe(before?.sha256);
  expect(fresh.entry.playCount).toBe(2);
  expect(await bench.names("work")).toEqual([]);
});

it("leaves the old file when the new one is not accepted", async () => {
  const bench = await setUp();
  await bench.play(song);
  const before = await readFile(bench.file(song));
  bench.source.script(song.id, { failure: new AppError("DOWNLOAD_INCOMPLETE") });
  await expect(bench.cache.refresh(song, request, NEVER)).rejects.toMatchObject({
    code: "DOWNLOAD_INCOMPLETE",
  });
  expect((await readFile(bench.file(song))).equals(before)).toBe(true);
  expect((await bench.play(song)).outcome).toBe("hit");
  expect(await bench.names("work")).toEqual([]);
});

it("does not wait for the pause after a failure", async () => {
  const bench = await setUp();
  bench.source.script(song.id, { failure: new AppError("VIDEO_REMOVED") });
  await expect(bench.ask(song)).rejects.toMatchObject({ code: "VIDEO_REMOVED" });
  bench.source.script(song.id, {});
  await expect(bench.ask(song)).rejects.toMatchObject({ code: "VIDEO_REMOVED" });
  await bench.cache.refresh(song, request, NEVER);
  expect((await bench.play(song)).outcome).toBe("hit");
});

it("that was cut off between file and row is finished by the next play", async () => {
  const bench = await setUp();
  await bench.play(song);
  bench.source.script(song.id, { file: other.path });
  const elsewhere = await setUp();
  elsewhere.source.script(song.id, { file: other.path });
  await elsewhere.play(song);
  await bench.plant(song, await elsewhere.bytesOf(song));
  const { ino } = await stat(bench.file(song));
  const audio = await bench.play(song);
  expect(audio.outcome).toBe("hit");
  expect((await stat(bench.file(song))).ino).toBe(ino);
  expect(bench.source.downloads).toHaveLength(1);
  expect(await bench.names("quarantine")).toEqual([]);
});
