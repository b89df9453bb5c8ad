import { beforeEach, describe, expect, it } from "vitest";
import { createSuggestNext } from "../../src/app/autoplay.ts";
import { type CacheKey, cacheKey, type Track } from "../../src/core/track.ts";
import { guildOptions } from "../../src/core/guild-options.ts";
import { CacheIndex } from "../../src/db/cache-index.ts";
import { SqliteCatalogue } from "../../src/db/catalogue.ts";
import { FailureMemory } from "../../src/db/failure-memory.ts";
import { PlayHistory } from "../../src/db/play-history.ts";
import { PlayLog } from "../../src/db/play-log.ts";
import { Resolutions } from "../../src/db/resolutions.ts";
import type { Database } from "../../src/db/schema.ts";
import { freshDatabase, newEntry, PROFILE } from "../db/database.ts";
import { FakeClock } from "../fakes/clock.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let db: Database;
let clock: FakeClock;
let random: number;
let chosen: Parameters<typeof guildOptions>[0];

beforeEach(async () => {
  db = await freshDatabase();
  clock = new FakeClock();
  random = 0;
  chosen = {};
});

const key = (number: number): CacheKey => cacheKey(youtubeTrack(youtubeId(number)));
const songs = (...numbers: readonly number[]): Track[] =>
  numbers.map((number) => youtubeTrack(youtubeId(number)));

async function known(...numbers: readonly number[]): Promise<void> {
  for (const track of songs(...numbers)) await new Resolutions(db).rememberTrack(track, 1);
}

async function cached(...numbers: readonly number[]): Promise<void> {
  for (const track of songs(...numbers)) await new CacheIndex(db).save(newEntry(track.id), track);
}

/** An evening of the guild: these songs, four minutes apart; then a day passes. */
async function evening(...numbers: readonly number[]): Promise<void> {
  await known(...numbers);
  for (const number of numbers) {
    await new PlayLog(db).record({
      atMs: clock.nowMs(),
      guildId: "here",
      key: key(number),
      profileId: PROFILE.id,
      outcome: "hit",
      waitedMs: 1,
      bytesSaved: 1,
      personId: "ann",
    });
    clock.advance(4 * MINUTE_MS);
  }
  clock.advance(24 * HOUR_MS);
}

/** The number of the song that comes next after these; `undefined` = none. */
async function next(heard: readonly Track[], failed: readonly Track[] = []): Promise<number | undefined> {
  const suggest = createSuggestNext({
    history: new PlayHistory(db),
    catalogue: new SqliteCatalogue(db),
    profiles: { soundOf: async () => ({ plain: PROFILE, effect: undefined }) },
    failures: new FailureMemory(db),
    options: { of: () => guildOptions(chosen) },
    clock,
    random: () => random,
  });
  const past = failed.map((track) => ({
    item: {
      id: "1",
      track,
      startMs: 0,
      requestedBy: { id: "", name: "" },
      textChannelId: "1",
      requestedAtMs: 0,
    },
    ending: "failed" as const,
    endedAtMs: 0,
  }));
  const track = await suggest({ guildId: "here", tracks: heard, history: past });
  return track && Number(track.id.slice(-2));
}

describe("when the queue ends", () => {
  it("goes on what followed before", async () => {
    await evening(1, 2, 3, 4);
    await evening(5, 6, 7, 8);
    await evening(9, 10, 11, 12);
    expect(await next(songs(1))).toBe(2);
    expect(await next(songs(5))).toBe(6);
  });

  it("goes on something that is cached, if there is anything", async () => {
    await evening(1, 2, 3, 4);
    await evening(5, 6, 7, 8);
    await cached(3);
    expect(await next(songs(1))).toBe(3);
    await cached(7);
    expect(await next(songs(4))).toBe(3);
  });

  it("goes on what the guild likes when nothing was ever played with these", async () => {
    await evening(1, 2, 3);
    await evening(1, 4);
    await evening(5, 6, 7, 8);
    await known(9);
    expect(await next(songs(9))).toBe(1);
  });

  it("goes on any cached song in a guild that has played nothing yet", async () => {
    await cached(7);
    expect(await next(songs(1))).toBe(7);
    expect(await next(songs(7))).toBeUndefined();
    expect(await next([])).toBe(7);
  });

  it("comes none of the last songs, however well it fits", async () => {
    await evening(1, 2, 3, 4, 5, 6);
    // Half of six songs rest: 4, 5 and 6.
    for (const chance of [0, 0.25, 0.5, 0.75, 0.99]) {
      random = chance;
      expect([1, 2]).toContain(await next(songs(3)));
    }
  });

  it("comes nothing that has just failed, and nothing that is known to fail", async () => {
    await evening(1, 2, 3);
    await evening(4, 5, 6);
    expect(await next(songs(1), songs(2))).toBe(3);
    const failure = { code: "VIDEO_REMOVED", context: {}, attempts: 1 } as const;
    await new FailureMemory(db).remember(key(2), { ...failure, retryAtMs: clock.nowMs() + 1 }, clock.nowMs());
    expect(await next(songs(1))).toBe(3);
    clock.advance(2);
    expect(await next(songs(1))).toBe(2);
  });

  it("comes nothing that is longer than the guild wants songs to be", async () => {
    await evening(1, 2, 3, 4);
    await evening(5, 6, 7, 8);
    await new Resolutions(db).rememberTrack(youtubeTrack(youtubeId(2), { durationMs: 301_000 }), 1);
    chosen = { maxSongMinutes: "5" };
    expect(await next(songs(1))).toBe(3);
    chosen = { maxSongMinutes: "6" };
    expect(await next(songs(1))).toBe(2);
  });

  it("comes no live stream", async () => {
    await evening(1, 2, 3);
    await evening(4, 5, 6);
    await new Resolutions(db).rememberTrack(youtubeTrack(youtubeId(2), { isLive: true }), 1);
    expect(await next(songs(1))).toBe(3);
  });

  it("a song that is only named says nothing, and is in nobody's way", async () => {
    await evening(1, 2, 3, 4);
    const named = youtubeTrack("4uLU6hMCjMI75M1A2tKUQC", { source: "spotify" });
    expect([1, 2]).toContain(await next([named]));
  });

  it("comes nothing when nothing is known", async () => {
    expect(await next(songs(1))).toBeUndefined();
  });
});
