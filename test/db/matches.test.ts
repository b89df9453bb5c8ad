import { expect, test } from "vitest";
import { Matches } from "../../src/db/matches.ts";
import { Resolutions } from "../../src/db/resolutions.ts";
import { youtubeTrack } from "../fakes/tracks.ts";
import { freshDatabase } from "./database.ts";

const SONG = { source: "spotify", id: "4uLU6hMCjMI75M1A2tKUQC" };

test("a match is remembered with what is known of its recording", async () => {
  const matches = new Matches(await freshDatabase());
  expect(await matches.find(SONG)).toBeUndefined();
  const recording = youtubeTrack("dQw4w9WgXcQ");
  await matches.remember(SONG, recording, 1_000);
  expect(await matches.find(SONG)).toEqual(recording);
  expect(await matches.find({ ...SONG, source: "deezer" })).toBeUndefined();
});

test("a song has one match: the latest", async () => {
  const matches = new Matches(await freshDatabase());
  await matches.remember(SONG, youtubeTrack("dQw4w9WgXcQ"), 1_000);
  await matches.remember(SONG, youtubeTrack("aaaaaaaaaa1"), 2_000);
  expect((await matches.find(SONG))?.id).toBe("aaaaaaaaaa1");
});

test("a match can be forgotten, and its recording stays known", async () => {
  const db = await freshDatabase();
  const matches = new Matches(db);
  const recording = youtubeTrack("dQw4w9WgXcQ");
  await matches.remember(SONG, recording, 1_000);
  await matches.forget(SONG);
  expect(await matches.find(SONG)).toBeUndefined();
  expect(await new Resolutions(db).findTrack(recording)).toEqual(recording);
});

test("chapters stay known when somebody tells of the recording without them", async () => {
  const resolutions = new Resolutions(await freshDatabase());
  const recording = youtubeTrack("dQw4w9WgXcQ");
  const chapters = [{ title: "Intro", startMs: 0, endMs: 60_000 }];
  await resolutions.rememberTrack(recording, 1_000);
  expect(await resolutions.findTrack(recording)).not.toHaveProperty("chapters");
  await resolutions.rememberTrack({ ...recording, chapters }, 2_000);
  await resolutions.rememberTrack({ ...recording, title: "Another" }, 3_000);
  expect(await resolutions.findTrack(recording)).toMatchObject({ title: "Another", chapters });
});
