import { expect, it, vi } from "vitest";
import type { CacheEntry } from "../../src/core/audio-profile.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { countPlay } from "../../src/cache/play-counter.ts";
import { CacheIndex } from "../../src/db/cache-index.ts";
import { PlayHistory } from "../../src/db/play-history.ts";
import { PlayTally } from "../../src/db/play-tally.ts";
import { SharedCommits } from "../../src/db/shared-commits.ts";
import { freshDatabase, newEntry, PROFILE } from "../db/database.ts";
import { FakeClock } from "../fakes/clock.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";

it("notes who asked for a song, and when nobody did", async () => {
  const db = await freshDatabase();
  const clock = new FakeClock();
  const index = new CacheIndex(db);
  const row = newEntry(youtubeId(1));
  await index.save(row, youtubeTrack(youtubeId(1)));
  const entry: CacheEntry = { ...row, lastPlayedAtMs: null, playCount: 0, pinned: false, state: "ready" };
  const deps = {
    tally: new PlayTally(new SharedCommits(db, 0)),
    evictionClock: () => 0,
    clock,
    log: silentLogger,
  };
  const request = { profile: PROFILE, guildId: "here", personId: "ann" };
  for (const isAutoplay of [false, true]) {
    countPlay(deps, { entry, outcome: "hit", request: { ...request, isAutoplay }, waitedMs: 1 });
    clock.advance(1);
  }
  await vi.waitFor(async () => {
    const list = await new PlayHistory(db).list({ guildId: "here", skip: 0, limit: 10 });
    expect(list.map(({ personId, isAutoplay }) => ({ personId, isAutoplay }))).toEqual([
      { personId: null, isAutoplay: true },
      { personId: "ann", isAutoplay: false },
    ]);
  });
});
