import { setImmediate as nextTurn } from "node:timers/promises";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { BackgroundFills, type BackgroundFillsDeps } from "../../src/cache/background-fills.ts";
import { AppError } from "../../src/core/errors.ts";
import type { Track } from "../../src/core/track.ts";
import { cacheKey } from "../../src/core/track.ts";
import { FailureMemory } from "../../src/db/failure-memory.ts";
import { Settings } from "../../src/db/settings.ts";
import { freshDatabase } from "../db/database.ts";
import { Gate } from "../fakes/gate.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";
import { type CacheUnderTest, NEVER, PROFILE, setUp } from "./set-up.ts";

const DAY_MS = 86_400_000;
const one = youtubeTrack(youtubeId(1), { durationMs: 1_000 });
const two = youtubeTrack(youtubeId(2), { durationMs: 1_000 });
const three = youtubeTrack(youtubeId(3), { durationMs: 1_000 });

let bench: CacheUnderTest;
let failures: FailureMemory;
let settings: Settings;

function background(more: Partial<BackgroundFillsDeps> = {}): BackgroundFills {
  const { cache, clock, log } = bench;
  return new BackgroundFills({
    cache,
    failures,
    settings,
    limits: { maxDurationMs: 60_000 },
    isKept: async () => true,
    perDay: 9,
    clock,
    log,
    ...more,
  });
}

function fetch(fills: BackgroundFills, track: Track, signal = NEVER): Promise<boolean> {
  return fills.fetch(track, { profile: PROFILE, guildId: "guild" }, signal);
}

beforeEach(async () => {
  bench = await setUp();
  const db = await freshDatabase();
  failures = new FailureMemory(db);
  settings = new Settings(db);
});

describe("a song that nobody waits for yet", () => {
  it("is fetched and stored, without counting a play", async () => {
    const fills = background();
    expect(await fetch(fills, one)).toBe(true);
    expect(await fetch(fills, one)).toBe(true);
    expect(bench.source.downloads).toEqual([one.id]);
    expect((await bench.cache.peek(one, PROFILE))?.playCount).toBe(0);
  });

  it("is fetched after the one before it", async () => {
    const gate = new Gate();
    bench.source.script(one.id, { waitAt: { share: 0.2, gate } });
    const fills = background();
    const fetching = [fetch(fills, one), fetch(fills, two)];
    await gate.reached;
    expect(bench.source.downloads).toEqual([one.id]);
    gate.open();
    expect(await Promise.all(fetching)).toEqual([true, true]);
    expect(bench.source.downloads).toEqual([one.id, two.id]);
  });

  it("is fetched when nobody waits for another", async () => {
    const gate = new Gate();
    bench.source.script(one.id, { waitAt: { share: 0.2, gate } });
    const playing = bench.play(one);
    await gate.reached;
    const quiet = vi.spyOn(bench.cache, "quiet");
    const fetching = fetch(background(), two);
    await vi.waitFor(() => expect(quiet).toHaveBeenCalled());
    await nextTurn();
    expect(bench.source.downloads).toEqual([one.id]);
    gate.open();
    await playing;
    expect(await fetching).toBe(true);
  });

  it("is given up when its listener leaves, also while it waits for its turn", async () => {
    const gate = new Gate();
    bench.source.script(one.id, { waitAt: { share: 0.2, gate } });
    const leave = new AbortController();
    const fills = background();
    const fetching = [one, two].map((track) => fetch(fills, track, leave.signal));
    await gate.reached;
    leave.abort();
    const codes = await Promise.all(fetching.map((work) => work.catch(({ code }: AppError) => code)));
    expect(codes).toEqual(["ABORTED", "ABORTED"]);
    expect(await fetch(fills, three)).toBe(true);
    expect(bench.source.downloads).toEqual([one.id, three.id]);
    expect(bench.source.aborted).toBe(1);
  });

  it("fails with the source's own word, and the next one is fetched", async () => {
    bench.source.script(one.id, { synchronousFailure: new AppError("VIDEO_REMOVED") });
    const fills = background();
    await expect(fetch(fills, one)).rejects.toMatchObject({ code: "VIDEO_REMOVED" });
    expect(await fetch(fills, two)).toBe(true);
  });
});

describe("fetching for later is not done", () => {
  it("more often than allowed in a day, also after a restart", async () => {
    expect(await fetch(background({ perDay: 1 }), one)).toBe(true);
    expect(await fetch(background({ perDay: 1 }), two)).toBe(false);
    bench.clock.advance(DAY_MS);
    expect(await fetch(background({ perDay: 1 }), two)).toBe(true);
  });

  it("at all when the operator says so", async () => {
    expect(await fetch(background({ perDay: 0 }), one)).toBe(false);
    expect(bench.source.downloads).toEqual([]);
  });

  it("while the source limits us", async () => {
    const failure = { code: "RATE_LIMITED", context: {}, attempts: 1, retryAtMs: 0 } as const;
    await failures.remember(cacheKey(three), failure, bench.clock.nowMs());
    expect(await fetch(background(), one)).toBe(false);
    expect(bench.source.downloads).toEqual([]);
    bench.clock.advance(DAY_MS);
    expect(await fetch(background(), one)).toBe(true);
  });

  it("for a song that a rule keeps out of the cache", async () => {
    expect(await fetch(background({ isKept: async () => false }), one)).toBe(false);
    expect(bench.source.downloads).toEqual([]);
  });

  it("for a stream, nor for a song that is too long", async () => {
    expect(await fetch(background(), { ...one, isLive: true })).toBe(false);
    expect(await fetch(background(), { ...one, durationMs: 60_001 })).toBe(false);
    expect(bench.source.downloads).toEqual([]);
  });
});
