import { beforeEach, expect, it } from "vitest";
import type { KeptLyrics } from "../../src/core/lyrics.ts";
import { cacheKey } from "../../src/core/track.ts";
import { LyricsRows } from "../../src/db/lyrics.ts";
import type { Database } from "../../src/db/schema.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";
import { freshDatabase } from "./database.ts";

const key = cacheKey(youtubeTrack(youtubeId(1)));
const other = cacheKey(youtubeTrack(youtubeId(2)));
const SUNG: KeptLyrics = { plain: "la", synced: "[00:01.00]la", isInstrumental: false };
const NONE: KeptLyrics = { plain: null, synced: null, isInstrumental: false };

let db: Database;
let rows: LyricsRows;

beforeEach(async () => {
  db = await freshDatabase();
  rows = new LyricsRows(db);
});

it("lyrics are known until their time is over, none as well", async () => {
  expect(await rows.find(key, 0)).toBeUndefined();
  for (const lyrics of [SUNG, NONE, { ...NONE, isInstrumental: true }]) {
    await rows.remember(key, lyrics, 100, 1);
    expect(await rows.find(key, 99)).toEqual(lyrics);
    expect(await rows.find(key, 100)).toBeUndefined();
    expect(await rows.find(other, 99)).toBeUndefined();
  }
});

it("what is too old is forgotten when something new is remembered", async () => {
  await rows.remember(key, SUNG, 100, 1);
  await rows.remember(other, SUNG, 300, 100);
  expect(await db.selectFrom("lyrics").select("key").execute()).toEqual([{ key: other }]);
});
