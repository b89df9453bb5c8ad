import { beforeEach, describe, expect, it } from "vitest";
import { audioProfile, type CacheEntry } from "../../src/core/audio-profile.ts";
import { CacheIndex } from "../../src/db/cache-index.ts";
import { CacheRows } from "../../src/db/cache-rows.ts";
import { Resolutions } from "../../src/db/resolutions.ts";
import type { Database } from "../../src/db/schema.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";
import { freshDatabase, newEntry, PROFILE } from "./database.ts";
import { presentRows } from "./present-rows.ts";

const ID = youtubeId(0);
const { key, profileId } = newEntry(ID);
const QUIET = audioProfile("quiet", { ...PROFILE, loudnessTargetLufs: -23 });

let db: Database;
let index: CacheIndex;

beforeEach(async () => {
  db = await freshDatabase();
  index = new CacheIndex(db);
});

const saved = async (id: string, more: Parameters<typeof newEntry>[1] = {}): Promise<CacheEntry> => {
  const entry = newEntry(id, more);
  await index.save(entry, youtubeTrack(id));
  return (await index.find(entry.key, entry.profileId)) as CacheEntry;
};

describe("a row", () => {
  it("gives back everything that was saved, as a file that was never played", async () => {
    expect(await saved(ID)).toEqual({
      ...newEntry(ID),
      lastPlayedAtMs: null,
      playCount: 0,
      pinned: false,
      state: "ready",
    });
  });

  it("tells silence from a source that was never measured", async () => {
    const silence = { integratedLufs: null, truePeakDbtp: null };
    expect((await saved(ID, { sourceLoudness: silence, loudness: silence })).sourceLoudness).toEqual(silence);
    expect((await saved(youtubeId(1), { sourceLoudness: null })).sourceLoudness).toBeNull();
  });

  it("belongs to its profile alone", async () => {
    await saved(ID);
    expect(await index.find(key, QUIET.id)).toBeUndefined();
    await saved(ID, { profileId: QUIET.id, blobRef: "quiet", bytes: 7 });
    expect((await index.find(key, profileId))?.bytes).toBe(4_000_000);
    expect((await index.find(key, QUIET.id))?.bytes).toBe(7);
  });

  it("goes in with its track or not at all", async () => {
    const track = youtubeTrack(ID, { title: undefined as unknown as string });
    await expect(index.save(newEntry(ID), track)).rejects.toThrow(/NOT NULL/u);
    expect(await index.find(key, profileId)).toBeUndefined();
  });

  it("holds sizes beyond 32 bits", async () => {
    const big = 5 * 1024 ** 3;
    expect((await saved(ID, { bytes: big, createdAtMs: Date.UTC(2100, 0) })).bytes).toBe(big);
  });
});

describe("the history of a file", () => {
  it("counts every play, also those that come at once", async () => {
    const entry = await saved(ID);
    await Promise.all(Array.from({ length: 25 }, (_, play) => index.recordPlay(entry, 5_000 + play, play)));
    expect(await index.find(key, profileId)).toMatchObject({ playCount: 25, lastPlayedAtMs: 5_024 });
    expect((await presentRows(new CacheRows(db)))[0]).toMatchObject({ evictKey: 24 });
  });

  it("outlives eviction and refill, with the facts of the new file", async () => {
    const entry = await saved(ID);
    await index.recordPlay(entry, 5_000, 7.5);
    await db.updateTable("cache_entries").set({ pinned: 1 }).execute();
    await index.markEvicting(key, profileId);
    await index.markEvicted(key, profileId);
    const again = await saved(ID, { bytes: 99, sha256: "f".repeat(64), createdAtMs: 9_000 });
    expect(again).toEqual({
      ...newEntry(ID, { bytes: 99, sha256: "f".repeat(64), createdAtMs: 9_000 }),
      lastPlayedAtMs: 5_000,
      playCount: 1,
      pinned: true,
      state: "ready",
    });
    expect((await presentRows(new CacheRows(db)))[0]?.evictKey).toBe(7.5);
  });
});

describe("a removal", () => {
  it("takes a row out of sight step by step, and back", async () => {
    await saved(ID);
    const states: unknown[] = [];
    const look = async (): Promise<void> => {
      const present = await presentRows(new CacheRows(db));
      states.push([(await index.find(key, profileId)) !== undefined, present.map(({ state }) => state)]);
    };
    for (const step of ["markEvicting", "markReady", "markEvicting", "markEvicted"] as const) {
      expect(await index[step](key, profileId)).toBe(true);
      await look();
    }
    expect(states).toEqual([
      [false, ["evicting"]],
      [true, ["ready"]],
      [false, ["evicting"]],
      [false, []],
    ]);
  });

  it("of a row that is not there changes nothing", async () => {
    expect(await index.markEvicting(key, profileId)).toBe(false);
    expect(await index.markEvicted(key, profileId)).toBe(false);
    expect(await presentRows(new CacheRows(db))).toEqual([]);
  });
});

describe("the sums", () => {
  it("are zero for an empty cache", async () => {
    expect(await index.totals()).toEqual({ files: 0, bytes: 0 });
    expect(await index.oldestUseMs()).toBeUndefined();
    expect(await index.mostPlayed(5)).toEqual([]);
  });

  it("count files that can be played, over all profiles", async () => {
    await saved(youtubeId(1), { bytes: 10 });
    await saved(youtubeId(1), { bytes: 20, profileId: QUIET.id });
    await saved(youtubeId(2), { bytes: 40 });
    await saved(youtubeId(3), { bytes: 80 });
    await index.markEvicting(newEntry(youtubeId(2)).key, profileId);
    await index.markEvicted(newEntry(youtubeId(3)).key, profileId);
    expect(await index.totals()).toEqual({ files: 2, bytes: 30 });
  });

  it("find what has waited longest: since its last play, or since it was made", async () => {
    await saved(youtubeId(1), { createdAtMs: 300 });
    const loved = await saved(youtubeId(2), { createdAtMs: 100 });
    expect(await index.oldestUseMs()).toBe(100);
    await index.recordPlay(loved, 900, 1);
    expect(await index.oldestUseMs()).toBe(300);
  });

  it("name the most played that are there now, most first", async () => {
    const plays = [1, 3, 0, 2];
    for (const [number, count] of plays.entries()) {
      const entry = await saved(youtubeId(number));
      for (let play = 0; play < count; play += 1) await index.recordPlay(entry, 1, 1);
    }
    await index.markEvicted(newEntry(youtubeId(3)).key, profileId);
    expect(await index.mostPlayed(5)).toEqual([
      { title: `Title of ${youtubeId(1)}`, artist: "Somebody", plays: 3 },
      { title: `Title of ${youtubeId(0)}`, artist: "Somebody", plays: 1 },
    ]);
    expect(await index.mostPlayed(1)).toHaveLength(1);
  });

  it("name a file without a known title by its key", async () => {
    await index.save(newEntry(ID), undefined);
    await index.recordPlay((await index.find(key, profileId)) as CacheEntry, 1, 1);
    expect(await index.mostPlayed(1)).toEqual([{ title: ID, artist: "", plays: 1 }]);
  });
});

it("lets the newest facts about a recording win", async () => {
  await saved(ID);
  await index.save(newEntry(ID), youtubeTrack(ID, { title: "New title", durationMs: null, isLive: true }));
  expect(await new Resolutions(db).findTrack({ source: "youtube", id: ID })).toEqual(
    youtubeTrack(ID, { title: "New title", durationMs: null, isLive: true }),
  );
});
