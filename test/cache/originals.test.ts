import { copyFile, readFile, stat, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { expect, it } from "vitest";
import { originalRef } from "../../src/cache/originals.ts";
import { audioProfile } from "../../src/core/audio-profile.ts";
import { cacheKey } from "../../src/core/track.ts";
import { youtubeTrack } from "../fakes/tracks.ts";
import { NEVER, PROFILE, setUp, tone } from "./set-up.ts";

const TRACK = youtubeTrack("dQw4w9WgXcQ");
const REF = originalRef(cacheKey(TRACK));
const QUIET = audioProfile("quiet", { ...PROFILE, loudnessTargetLufs: -23 });

it("the same song in a second profile makes no media request", async () => {
  const bench = await setUp({ keepSource: true });
  await bench.play(TRACK);
  const audio = await bench.play(TRACK, { profile: QUIET });
  expect(bench.source.downloads).toEqual([TRACK.id]);
  expect(audio.entry.profileId).toBe(QUIET.id);
  expect(audio.entry.loudness.integratedLufs).toBeCloseTo(-23, 0);
  expect((await bench.play(TRACK)).entry.loudness.integratedLufs).toBeCloseTo(-14, 0);
  expect(await bench.names("work")).toEqual([]);
});

it("the original is the download, byte for byte, and cannot be written", async () => {
  const bench = await setUp({ keepSource: true });
  await bench.play(TRACK);
  expect(await readFile(bench.at(REF))).toEqual(await readFile(tone.path));
  expect((await stat(bench.at(REF))).mode & 0o222).toBe(0);
  expect(await Array.fromAsync(bench.originals.list())).toMatchObject([{ ref: REF }]);
});

it("nothing is kept unless it is asked for, and each profile downloads", async () => {
  const bench = await setUp();
  await bench.play(TRACK);
  await bench.play(TRACK, { profile: QUIET });
  expect(bench.source.downloads).toEqual([TRACK.id, TRACK.id]);
  expect(await Array.fromAsync(bench.originals.list())).toEqual([]);
});

it("what was kept before is still used when nothing new is", async () => {
  const bench = await setUp({ keepSource: false });
  const scratch = bench.at("work", "kept");
  await copyFile(tone.path, scratch);
  await bench.originals.publish(REF, scratch);
  await bench.play(TRACK);
  expect(bench.source.downloads).toEqual([]);
  await bench.play(youtubeTrack("another-id0"));
  expect(await Array.fromAsync(bench.originals.list())).toMatchObject([{ ref: REF }]);
});

it("an original that is no song any more is set aside, and the song is downloaded anew", async () => {
  const bench = await setUp({ keepSource: true });
  await writeFile(bench.at("work", "torn"), (await readFile(tone.path)).subarray(0, 3_000));
  await bench.originals.publish(REF, bench.at("work", "torn"));
  await bench.play(TRACK);
  expect(bench.source.downloads).toEqual([TRACK.id]);
  expect(await bench.names("quarantine")).toEqual([expect.stringContaining(`${cacheKey(TRACK)}.src`)]);
  expect(await readFile(bench.at(REF))).toEqual(await readFile(tone.path));
});

it("a failed download keeps nothing", async () => {
  const bench = await setUp({ keepSource: true });
  bench.source.script(TRACK.id, { file: path.join(import.meta.dirname, "set-up.ts") });
  await expect(bench.ask(TRACK)).rejects.toMatchObject({ code: "NOT_AUDIO" });
  expect(await Array.fromAsync(bench.originals.list())).toEqual([]);
});

it("a song plays although its original cannot be kept", async () => {
  const bench = await setUp({ keepSource: true });
  await writeFile(bench.at("originals"), "in the way");
  await bench.play(TRACK);
  expect(bench.log.named("cache.original_not_kept")).toHaveLength(1);
});

it("a song that is not stored leaves no original, but one of before is used", async () => {
  const bench = await setUp({ keepSource: true, freeDiskBytes: () => Promise.resolve(0) });
  expect((await bench.play(TRACK)).isStored).toBe(false);
  expect(await Array.fromAsync(bench.originals.list())).toEqual([]);
  await copyFile(tone.path, bench.at("work", "kept"));
  await bench.originals.publish(REF, bench.at("work", "kept"));
  expect((await bench.play(TRACK)).isStored).toBe(false);
  expect(bench.source.downloads).toEqual([TRACK.id]);
});

it("a song that is fetched anew gets a new original, and the old one is set aside", async () => {
  const bench = await setUp({ keepSource: true });
  await bench.play(TRACK);
  const { ino } = await stat(bench.at(REF));
  await bench.cache.refresh(TRACK, { profile: PROFILE, guildId: "guild" }, NEVER);
  expect(bench.source.downloads).toEqual([TRACK.id, TRACK.id]);
  expect((await stat(bench.at(REF))).ino).not.toBe(ino);
  expect(await bench.names("quarantine")).toEqual([expect.stringContaining(`${cacheKey(TRACK)}.src`)]);
});
