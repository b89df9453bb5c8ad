import { expect, it } from "vitest";
import { cacheKey } from "../../src/core/track.ts";
import { Segments } from "../../src/db/segments.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";
import { freshDatabase } from "./database.ts";

const key = cacheKey(youtubeTrack(youtubeId(1)));
const other = cacheKey(youtubeTrack(youtubeId(2)));

it("parts are known until their time is over, none as well, and forgotten then", async () => {
  const db = await freshDatabase();
  const segments = new Segments(db);
  expect(await segments.find(key, 0)).toBeUndefined();
  const cuts = [
    { fromMs: 0, toMs: 1_500 },
    { fromMs: 9_000, toMs: 12_000 },
  ];
  for (const known of [cuts, []]) {
    await segments.remember(key, known, 100, 1);
    expect(await segments.find(key, 99)).toEqual(known);
    expect(await segments.find(key, 100)).toBeUndefined();
  }
  await segments.remember(other, cuts, 300, 100);
  expect(await db.selectFrom("segments").select("key").execute()).toEqual([{ key: other }]);
});
