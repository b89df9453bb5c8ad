import { rm, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { expect, it } from "vitest";
import { originalRef } from "../../src/cache/originals.ts";
import { blobRef } from "../../src/cache/names.ts";
import { withEffect } from "../../src/core/effects.ts";
import { AppError } from "../../src/core/errors.ts";
import { cacheKey } from "../../src/core/track.ts";
import { liveTranscoder } from "../audio/live-lab.ts";
import { youtubeTrack } from "../fakes/tracks.ts";
import { describeSound } from "../sandbox/discord/sound.ts";
import { NEVER, PROFILE, setUp } from "./set-up.ts";

const TRACK = youtubeTrack("dQw4w9WgXcQ");
const NIGHTCORE = withEffect(PROFILE, "nightcore");

it("a song with an effect is kept beside the one without, and is a hit the next time", async () => {
  const bench = await setUp();
  await bench.play(TRACK);
  const first = await bench.play(TRACK, { profile: NIGHTCORE });
  expect(first.outcome).toBe("miss");
  expect((await bench.play(TRACK, { profile: NIGHTCORE })).outcome).toBe("hit");
  expect((await bench.play(TRACK)).outcome).toBe("hit");
  const file = bench.at("audio", blobRef(cacheKey(TRACK), NIGHTCORE));
  expect((await describeSound(file)).dominantFrequencyHz).toBeCloseTo(550, -0.5);
  expect(first.entry.durationMs).toBeCloseTo(800, -2);
});

it("what is here without the effect is not downloaded again", async () => {
  const bench = await setUp();
  const plain = await bench.play(TRACK);
  const altered = await bench.play(TRACK, { profile: NIGHTCORE });
  expect(bench.source.downloads).toEqual([TRACK.id]);
  expect(altered.entry.sourceLoudness).toEqual(plain.entry.sourceLoudness);
  expect(await bench.names("work")).toEqual([]);
});

it("plays although the source of the song has failed", async () => {
  const bench = await setUp();
  await bench.play(TRACK);
  bench.source.script(TRACK.id, { failure: new AppError("VIDEO_REMOVED") });
  const other = { ...PROFILE, name: "other", id: withEffect(PROFILE, "mono").id };
  await expect(bench.play(TRACK, { profile: other })).rejects.toMatchObject({ code: "VIDEO_REMOVED" });
  expect((await bench.play(TRACK, { profile: NIGHTCORE })).outcome).toBe("miss");
});

it("the kept download is better than the file, and the file is no download that is kept", async () => {
  const bench = await setUp({ keepSource: true });
  await bench.play(TRACK);
  await bench.originals.remove(originalRef(cacheKey(TRACK)));
  await bench.play(TRACK, { profile: NIGHTCORE });
  expect(await Array.fromAsync(bench.originals.list())).toEqual([]);
  expect(bench.source.downloads).toEqual([TRACK.id]);
});

it.each([
  ["is gone", (file: string) => rm(file)],
  ["is torn", (file: string) => rm(file).then(() => writeFile(file, "OggS\0torn"))],
])("is downloaded when the file without the effect %s", async (_how, spoil) => {
  const bench = await setUp();
  await bench.play(TRACK);
  await spoil(bench.file(TRACK));
  const audio = await bench.play(TRACK, { profile: NIGHTCORE });
  expect(bench.source.downloads).toEqual([TRACK.id, TRACK.id]);
  expect(audio.entry.profileId).toBe(NIGHTCORE.id);
  expect(await bench.names("work")).toEqual([]);
});

it("a refresh downloads, whatever is there without the effect", async () => {
  const bench = await setUp();
  await bench.play(TRACK);
  await bench.cache.refresh(TRACK, { profile: NIGHTCORE, guildId: "guild" }, NEVER);
  expect(bench.source.downloads).toEqual([TRACK.id, TRACK.id]);
});

it("is heard while it is made, as long as it will be", async () => {
  const bench = await setUp({ live: liveTranscoder() });
  const audio = await bench.ask({ ...TRACK, durationMs: 1_000 }, { profile: NIGHTCORE });
  expect(audio.entry.durationMs).toBe(800);
  const packets = await audio.open({ startMs: 0 }, NEVER);
  let heard = 0;
  for (let next = packets.next(); next !== "end"; next = packets.next()) {
    if (next === "later") await packets.ready(NEVER);
    else heard += 1;
  }
  expect(Math.abs(heard * 20 - 800)).toBeLessThanOrEqual(60);
  await packets.close();
  await audio.close();
});

it("nothing of it stands outside of its own folder", async () => {
  const bench = await setUp();
  await bench.play(TRACK, { profile: NIGHTCORE });
  expect(await bench.names("audio")).toEqual([path.dirname(blobRef(cacheKey(TRACK), NIGHTCORE))]);
});
