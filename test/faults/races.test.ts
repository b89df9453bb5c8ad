/** Several processes want the same songs at once. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import type { Step } from "../../src/core/step.ts";
import { presentRows } from "../db/present-rows.ts";
import { disagreements } from "./lab/agreement.ts";
import { quickTranscoder } from "./lab/quick-transcoder.ts";
import { race, Racer, sumUp } from "./lab/race.ts";
import { SharedCache, type SharedCacheOptions } from "./lab/shared-cache.ts";
import { loadMaterial, makeMaterial, type Material, song } from "./lab/songs.ts";
import type { RaceTask } from "./race-worker.ts";

const PROCESSES = 4;
const CALLERS = 25;
const SONGS = 100;

let home: string;
let folder: string;
let material: Material;

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), "encore-race-"));
  folder = path.join(home, "cache");
  await makeMaterial(home);
  material = await loadMaterial(home);
  // The tables are there before the race.
  await withCache({}, () => Promise.resolve());
});
afterEach(() => rm(home, { recursive: true, force: true }));

async function withCache<T>(
  options: Partial<SharedCacheOptions>,
  work: (shared: SharedCache) => Promise<T>,
): Promise<T> {
  const transcoder = quickTranscoder(material);
  const shared = await SharedCache.open(folder, { material, transcoder, ...options });
  try {
    return await work(shared);
  } finally {
    await shared.close();
  }
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at);
const task = (more: Partial<RaceTask>): RaceTask => ({
  folder,
  material: home,
  songs: numbers(SONGS),
  callers: CALLERS,
  ...more,
});
const wrong = (): Promise<string[]> => withCache({}, (shared) => disagreements(shared, material));

describe(`${PROCESSES} processes with ${CALLERS} callers for each of ${SONGS} songs`, () => {
  it("download each song once, and everybody hears it", async () => {
    const startedAtMs = performance.now();
    const racers = await race(numbers(PROCESSES).map(() => task({})));
    process.stdout.write(`race: ${Math.round(performance.now() - startedAtMs)} ms\n`);
    expect(sumUp(racers)).toEqual({
      downloads: SONGS,
      served: PROCESSES * CALLERS * SONGS,
      failed: {},
      violations: [],
    });
    expect(await wrong()).toEqual([]);
  }, 300_000);

  it("download a song once more when its leader is killed, and serve everybody who is left", async () => {
    const killLeaderOf = numbers(SONGS).filter((number) => number % 10 === 3);
    const racers: Racer[] = [];
    // A process that was killed starts again with the songs it has not yet played.
    const run = async (songs: number[]): Promise<void> => {
      const racer = new Racer(task({ songs, killLeaderOf, songsAtOnce: 1 }));
      racers.push(racer);
      await racer.hears("ready");
      racer.start();
      await racer.gone;
      const served = new Set(racer.lines.flatMap((line) => ("served" in line ? [line.served] : [])));
      const left = songs.filter((number) => !served.has(number));
      if (racer.child.signalCode === "SIGKILL") await run(left);
    };
    await Promise.all(numbers(PROCESSES).map(() => run(numbers(SONGS))));
    const sum = sumUp(racers);
    const killed = racers.filter((racer) => racer.child.signalCode === "SIGKILL").length;
    process.stdout.write(`race with ${killed} leaders killed: ${sum.downloads} downloads\n`);
    expect(killed).toBe(killLeaderOf.length);
    expect(sum).toMatchObject({ served: PROCESSES * CALLERS * SONGS, failed: {}, violations: [] });
    expect(sum.downloads).toBe(SONGS + killLeaderOf.length);
    await withCache({}, (shared) => shared.reconcile());
    expect(await wrong()).toEqual([]);
  }, 300_000);
});

describe("a source that fails", () => {
  it("gives all callers of all processes the same answer, once, and the next try works", async () => {
    const racers = await race(numbers(PROCESSES).map(() => task({ songs: [7], fails: true })));
    expect(sumUp(racers)).toEqual({
      downloads: 1,
      served: 0,
      failed: { SOURCE_UNREACHABLE: PROCESSES * CALLERS },
      violations: [],
    });
    const clock = { ...systemClock, nowMs: () => systemClock.nowMs() + 60_000 };
    await withCache({ clock }, async (shared) => {
      const { audio } = await shared.hear(song(7));
      expect(audio.outcome).toBe("miss");
    });
    expect(await wrong()).toEqual([]);
  });
});

describe("a process that sleeps longer than its lease lives", () => {
  const times = { ttlMs: 400, beatMs: 100 };

  const fills: Step[] = [
    "M2 lease held",
    "M5 downloaded",
    "M7 normalized",
    "M9 file synced",
    "M10 published",
  ];
  it.each(fills)("after %s, throws its work away when it wakes up", async (sleepAt) => {
    const sleeper = new Racer(task({ songs: [7], callers: 3, sleepAt, ...times }));
    await sleeper.hears("ready");
    sleeper.start();
    await sleeper.hears("asleep");
    await withCache(times, async (shared) => {
      await shared.hear(song(7));
      expect((await presentRows(shared.rows)).length).toBe(1);
    });
    sleeper.child.kill("SIGCONT");
    await sleeper.gone;
    expect(sumUp([sleeper])).toMatchObject({ served: 3, failed: {}, violations: [] });
    expect(await wrong()).toEqual([]);
    expect(await readdir(path.join(folder, "audio"))).toHaveLength(1);
  });

  // Who slept just before the unlinking may still do what it was asked for; the row heals then.
  const removals: [Step, string][] = [
    ["E1 row evicting", "miss"],
    ["E2 unlinked", "hit"],
    ["E3 folder synced", "hit"],
  ];
  it.each(removals)("after %s, leaves a %s for who comes after it", async (sleepAt, outcome) => {
    await withCache(times, (shared) => shared.hear(song(7)));
    const sleeper = new Racer(task({ songs: [], clears: true, sleepAt, ...times }));
    await sleeper.hears("ready");
    sleeper.start();
    await sleeper.hears("asleep");
    await withCache(times, (shared) => shared.hear(song(7)));
    sleeper.child.kill("SIGCONT");
    await sleeper.gone;
    await withCache({}, (shared) => shared.reconcile());
    expect(await wrong()).toEqual([]);
    await withCache({}, async (shared) => {
      const { audio } = await shared.hear(song(7));
      expect(audio.outcome).toBe(outcome);
    });
  });

  it("in the middle of a refresh, does not put its file over the newer one", async () => {
    await withCache(times, (shared) => shared.hear(song(7)));
    const more: Partial<RaceTask> = { songs: [7], callers: 1, refreshes: true, sleepAt: "M8 accepted" };
    const sleeper = new Racer(task({ ...more, ...times }));
    await sleeper.hears("ready");
    sleeper.start();
    await sleeper.hears("asleep");
    const inode = await withCache(times, async (shared) => {
      await shared.refresh(song(7));
      return inodeOf(shared);
    });
    sleeper.child.kill("SIGCONT");
    await sleeper.gone;
    expect(sumUp([sleeper])).toMatchObject({ failed: { LEASE_LOST: 1 }, violations: [] });
    expect(await withCache({}, inodeOf)).toBe(inode);
    expect(await wrong()).toEqual([]);
  });
});

async function inodeOf(shared: SharedCache): Promise<number> {
  const [row] = await presentRows(shared.rows);
  const blob = await shared.blobs.open(row?.blobRef ?? "");
  try {
    return (await blob?.file.stat())?.ino ?? 0;
  } finally {
    await blob?.close();
  }
}
