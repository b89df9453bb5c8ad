import { beforeEach, describe, expect, it } from "vitest";
import { Resolutions } from "../../src/db/resolutions.ts";
import type { Database } from "../../src/db/schema.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";
import { freshDatabase } from "./database.ts";

let db: Database;
let resolutions: Resolutions;
const song = youtubeTrack(youtubeId(1));
const other = youtubeTrack(youtubeId(2), {
  durationMs: null,
  isLive: true,
  thumbnailUrl: "https://i.example/x.jpg",
});

beforeEach(async () => {
  db = await freshDatabase();
  resolutions = new Resolutions(db);
});

describe("what words meant", () => {
  it("is told by their beginning", async () => {
    for (const query of ["toto africa", "toto rosanna", "tot%", "blue monday"])
      await resolutions.remember(query, [song], 2_000, 1_000);
    await resolutions.remember("toto nothing", [], 2_000, 1_000);
    expect(await resolutions.beginningWith("toto", 9, 1_500)).toEqual(["toto africa", "toto rosanna"]);
    expect(await resolutions.beginningWith("tot%", 9, 1_500)).toEqual(["tot%"]);
    expect(await resolutions.beginningWith("", 2, 1_500)).toHaveLength(2);
    expect(await resolutions.beginningWith("toto", 9, 2_000)).toEqual([]);
  });

  it("is known until it expires, and not a millisecond longer", async () => {
    await resolutions.remember("toto africa", [song], 2_000, 1_000);
    expect(await resolutions.find("toto africa", 1_999)).toEqual([song]);
    expect(await resolutions.find("toto africa", 2_000)).toBeUndefined();
    expect(await resolutions.find("other words", 1_000)).toBeUndefined();
  });

  it("keeps its order, with every fact", async () => {
    await resolutions.remember("both", [other, song], 2_000, 1_000);
    expect(await resolutions.find("both", 1_500)).toEqual([other, song]);
  });

  it("can be nothing, which is not the same as unknown", async () => {
    await resolutions.remember("gibberish", [], 2_000, 1_000);
    expect(await resolutions.find("gibberish", 1_500)).toEqual([]);
  });

  it("is what was learnt last", async () => {
    await resolutions.remember("words", [song], 2_000, 1_000);
    await resolutions.remember("words", [other], 3_000, 1_500);
    expect(await resolutions.find("words", 2_500)).toEqual([other]);
  });

  it("is unknown when a track of it is gone", async () => {
    await resolutions.remember("both", [song, other], 2_000, 1_000);
    await db.deleteFrom("tracks").where("key", "=", other.id).execute();
    expect(await resolutions.find("both", 1_500)).toBeUndefined();
  });

  it("is swept out when it has expired", async () => {
    await resolutions.remember("old", [song], 2_000, 1_000);
    await resolutions.remember("new", [song], 9_000, 5_000);
    const rows = await db.selectFrom("resolutions").select("query").execute();
    expect(rows).toEqual([{ query: "new" }]);
  });

  it("takes words as words, whatever they contain", async () => {
    const query = "'; drop table resolutions; -- 🎵 \u202E";
    await resolutions.remember(query, [song], 2_000, 1_000);
    expect(await resolutions.find(query, 1_500)).toEqual([song]);
  });
});

it("remembers single recordings", async () => {
  expect(await resolutions.findTrack(other)).toBeUndefined();
  await resolutions.rememberTrack(other, 1);
  expect(await resolutions.findTrack({ source: "youtube", id: other.id })).toEqual(other);
});
