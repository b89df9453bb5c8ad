import { beforeEach, describe, expect, it } from "vitest";
import { cacheKey, type CacheKey } from "../../src/core/track.ts";
import { PlayHistory } from "../../src/db/play-history.ts";
import { type Play, PlayLog } from "../../src/db/play-log.ts";
import { Resolutions } from "../../src/db/resolutions.ts";
import type { Database } from "../../src/db/schema.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";
import { freshDatabase, PROFILE } from "./database.ts";

const MINUTE_MS = 60_000;

let db: Database;
let plays: PlayLog;
let history: PlayHistory;

beforeEach(async () => {
  db = await freshDatabase();
  plays = new PlayLog(db);
  history = new PlayHistory(db);
  const resolutions = new Resolutions(db);
  for (const number of [1, 2, 3, 4, 5]) await resolutions.rememberTrack(youtubeTrack(youtubeId(number)), 1);
});

const key = (number: number): CacheKey => cacheKey(youtubeTrack(youtubeId(number)));

async function played(number: number, minute: number, more: Partial<Play> = {}): Promise<void> {
  await plays.record({
    atMs: minute * MINUTE_MS,
    guildId: "here",
    key: key(number),
    profileId: PROFILE.id,
    outcome: "hit",
    waitedMs: 1,
    bytesSaved: 1,
    personId: "ann",
    ...more,
  });
}

async function listed(query: { personId?: string; skip?: number; limit?: number } = {}): Promise<string[]> {
  const found = await history.list({ guildId: "here", skip: 0, limit: 10, ...query });
  return found.map(({ track }) => track.id);
}

describe("the history of a guild", () => {
  it("tells what was played, when, and who asked for it, the newest first", async () => {
    await played(1, 1);
    await played(2, 2, { personId: undefined });
    await played(3, 3, { isAutoplay: true });
    const list = await history.list({ guildId: "here", skip: 0, limit: 10 });
    expect(list).toEqual([
      { atMs: 3 * MINUTE_MS, track: youtubeTrack(youtubeId(3)), personId: null, isAutoplay: true },
      { atMs: 2 * MINUTE_MS, track: youtubeTrack(youtubeId(2)), personId: null, isAutoplay: false },
      { atMs: MINUTE_MS, track: youtubeTrack(youtubeId(1)), personId: "ann", isAutoplay: false },
    ]);
  });

  it("is read in pages, of everybody or of one person", async () => {
    for (const minute of [1, 2, 3, 4]) await played(minute, minute);
    await played(5, 5, { personId: "bob" });
    await played(5, 6, { guildId: "elsewhere" });
    expect(await listed({ limit: 2 })).toEqual([5, 4].map(youtubeId));
    expect(await listed({ skip: 2, limit: 2 })).toEqual([3, 2].map(youtubeId));
    expect(await listed({ personId: "bob" })).toEqual([youtubeId(5)]);
    expect(await history.count({ guildId: "here" })).toBe(5);
    expect(await history.count({ guildId: "here", personId: "ann" })).toBe(4);
    expect(await history.countSongs("here")).toBe(5);
  });

  it("leaves out what nothing is known about", async () => {
    await played(1, 1);
    await played(9, 2);
    expect(await listed()).toEqual([youtubeId(1)]);
    expect(await history.count({ guildId: "here" })).toBe(1);
  });

  it("knows which songs were played last", async () => {
    for (const [index, number] of [1, 2, 1].entries()) await played(number, index);
    await played(3, 9, { guildId: "elsewhere" });
    expect(await history.lastKeys("here", 2)).toEqual([key(1), key(2)]);
    expect(await history.countSongs("here")).toBe(2);
  });
});

describe("songs that were played together", () => {
  it("are those around the song in the same guild, within the time, with their distance", async () => {
    await played(2, 0);
    await played(3, 39);
    await played(1, 100);
    await played(4, 104);
    await played(5, 161);
    await played(2, 104, { guildId: "elsewhere" });
    const found = await history.neighbours("here", [key(1)], 61 * MINUTE_MS);
    expect(found.toSorted((a, b) => a.atMs - b.atMs)).toEqual([
      { key: key(3), gapMs: -61 * MINUTE_MS, atMs: 39 * MINUTE_MS },
      { key: key(4), gapMs: 4 * MINUTE_MS, atMs: 104 * MINUTE_MS },
      { key: key(5), gapMs: 61 * MINUTE_MS, atMs: 161 * MINUTE_MS },
    ]);
  });

  it("are none of those that were asked about, and none that nobody asked for", async () => {
    await played(1, 0);
    await played(2, 1);
    await played(3, 2, { isAutoplay: true });
    await played(4, 3, { isAutoplay: true });
    await played(5, 4);
    expect((await history.neighbours("here", [key(1), key(2)], 3 * MINUTE_MS)).map((one) => one.key)).toEqual(
      [key(5)],
    );
    expect(await history.neighbours("here", [key(4)], 3 * MINUTE_MS)).toEqual([]);
    expect(await history.neighbours("here", [], 3 * MINUTE_MS)).toEqual([]);
  });

  it("count once for each time", async () => {
    for (const evening of [0, 1_000, 2_000]) {
      await played(1, evening);
      await played(2, evening + 4);
    }
    const found = await history.neighbours("here", [key(1)], 60 * MINUTE_MS);
    expect(found.map((one) => one.key)).toEqual([key(2), key(2), key(2)]);
  });
});

it("what people asked for most comes first", async () => {
  for (const [minute, number] of [1, 1, 2, 3, 3, 3].entries()) await played(number, minute);
  for (const minute of [7, 8, 9, 10]) await played(4, minute, { isAutoplay: true });
  expect(await history.favourites("here", 2)).toEqual([key(3), key(1)]);
  expect(await history.favourites("elsewhere", 5)).toEqual([]);
});

it("no more than the last 2,000 plays of a guild are looked at, so that nothing waits for it", async () => {
  const plain = {
    guild_id: "here",
    profile_id: PROFILE.id,
    outcome: "hit",
    waited_ms: 1,
    bytes_saved: 1,
  } as const;
  const rows = Array.from({ length: 2_005 }, (_, at) => ({
    ...plain,
    id: String(at),
    at_ms: at,
    key: key(1),
  }));
  for (let from = 0; from < rows.length; from += 1_000)
    await db
      .insertInto("plays")
      .values(rows.slice(from, from + 1_000))
      .execute();
  await db
    .updateTable("plays")
    .set({ key: key(2) })
    .where("at_ms", "<", 5)
    .execute();
  expect(await history.count({ guildId: "here" })).toBe(2_000);
  expect(await history.countSongs("here")).toBe(1);
  expect(await history.favourites("here", 5)).toEqual([key(1)]);
  expect(await listed({ skip: 1_998, limit: 5 })).toHaveLength(2);
});
