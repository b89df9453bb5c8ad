import { expect, it } from "vitest";
import { CacheIndex } from "../../src/db/cache-index.ts";
import { MaintenanceLog } from "../../src/db/maintenance-log.ts";
import { PlayLog } from "../../src/db/play-log.ts";
import { cacheStatistics, type StatisticsDeps } from "../../src/maintenance/statistics.ts";
import { freshDatabase, newEntry, PROFILE } from "../db/database.ts";
import { FakeClock } from "../fakes/clock.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

async function deps(): Promise<StatisticsDeps> {
  const db = await freshDatabase();
  return {
    index: new CacheIndex(db),
    plays: new PlayLog(db),
    runs: new MaintenanceLog(db),
    limitBytes: 1_000,
    clock: new FakeClock(),
  };
}

it("shows an empty cache without inventing a rate", async () => {
  expect(await cacheStatistics(await deps())).toEqual({
    files: 0,
    bytes: 0,
    limitBytes: 1_000,
    plays: { hits: 0, misses: 0, shared: 0 },
    hitRate: null,
    mostPlayed: [],
    oldestUseMs: undefined,
    lastCleanup: undefined,
  });
});

it("counts plays that needed no download, of the last 30 days", async () => {
  const bench = await deps();
  const nowMs = bench.clock.nowMs();
  const play = { guildId: "g", key: "k", profileId: PROFILE.id, waitedMs: 1, bytesSaved: 0 };
  for (const outcome of ["hit", "hit", "shared", "miss"] as const)
    await bench.plays.record({ ...play, outcome, atMs: nowMs - 29 * DAY_MS });
  await bench.plays.record({ ...play, outcome: "miss", atMs: nowMs - 31 * DAY_MS });
  for (let number = 0; number < 7; number += 1) {
    const id = youtubeId(number);
    const entry = newEntry(id, { bytes: 10, createdAtMs: nowMs - number });
    await bench.index.save(entry, youtubeTrack(id));
    await bench.index.recordPlay(
      { ...entry, lastPlayedAtMs: null, playCount: 0, pinned: false, state: "ready" },
      nowMs,
      1,
    );
  }
  const run = {
    kind: "cleanup",
    actor: "ann",
    origin: "chat" as const,
    detail: "",
    repaired: 0,
    startedAtMs: 1,
    endedAtMs: 2,
    removedFiles: 3,
    removedBytes: 4,
    keptInUse: 5,
    failed: 6,
  };
  await bench.runs.record(run);
  const statistics = await cacheStatistics(bench);
  expect(statistics).toMatchObject({
    files: 7,
    bytes: 70,
    hitRate: 0.75,
    oldestUseMs: nowMs,
    lastCleanup: run,
  });
  expect(statistics.plays).toEqual({ hits: 2, misses: 1, shared: 1 });
  expect(statistics.mostPlayed).toHaveLength(5);
});
