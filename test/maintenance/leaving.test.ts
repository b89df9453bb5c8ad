/** What is cleared while it plays goes at its end, whoever plays it, and whatever happens before. */
import type { KyselyPlugin } from "kysely";
import { describe, expect, it, vi } from "vitest";
import type { CacheKey } from "../../src/core/track.ts";
import { newEntry, PROFILE } from "../db/database.ts";
import { holder } from "../db/holder.ts";
import { youtubeId } from "../fakes/tracks.ts";
import { MaintenanceUnderTest, refOf, setUp } from "./set-up.ts";

const dead = new Set<string>();

/** Two processes on one cache with songs 0 and 1. */
async function twoProcesses(): Promise<{ clearing: MaintenanceUnderTest; playing: MaintenanceUnderTest }> {
  const clearing = another(await setUp(), "clearer");
  for (const number of [0, 1]) await clearing.add(number);
  return { clearing, playing: another(clearing, "player") };
}

function another({ folder, db }: MaintenanceUnderTest, ownerId: string): MaintenanceUnderTest {
  return new MaintenanceUnderTest(folder, db, undefined, holder(ownerId, { dead }));
}

/** Begins to play, as far as the other process can know. */
async function play(bench: MaintenanceUnderTest, other: MaintenanceUnderTest): Promise<() => void> {
  const done = bench.inUse.acquire(refOf(0));
  await vi.waitFor(async () => expect(await other.deps.isUsedElsewhere(refOf(0))).toBe(true));
  return done;
}

const clear = async (bench: MaintenanceUnderTest) =>
  await bench.maintenance.run(await bench.maintenance.plan("clear"), "ann");

describe("a song that another process plays", () => {
  it("goes when it has ended there, and the audit tells of both", async () => {
    const { clearing, playing } = await twoProcesses();
    const done = await play(playing, clearing);
    expect(await clear(clearing)).toMatchObject({ removedFiles: 1, inUse: 1 });
    expect(clearing.log.named("cache.kept")).toMatchObject([{ reason: "goes when it has ended" }]);
    expect(await clearing.runs.last("clear")).toMatchObject({ actor: "ann", removedFiles: 1, keptInUse: 1 });
    expect(await clearing.present()).toEqual([0]);
    done();
    await vi.waitFor(async () => expect(await clearing.present()).toEqual([]));
    await vi.waitFor(async () => expect(await clearing.stateOf(0)).toBe("none"));
    await vi.waitFor(async () => expect(await clearing.runs.recent(3)).toHaveLength(2));
    expect(await clearing.runs.recent(2)).toContainEqual(
      expect.objectContaining({
        kind: "clear",
        actor: "schedule",
        detail: "had been in use",
        removedFiles: 1,
      }),
    );
  });

  it("goes at once when it ends between the look and the mark", async () => {
    const { clearing, playing } = await twoProcesses();
    const done = await play(playing, clearing);
    const mark = clearing.index.markLeaving.bind(clearing.index);
    vi.spyOn(clearing.index, "markLeaving").mockImplementationOnce(async (row, lease) => {
      done();
      await vi.waitFor(async () => expect(await clearing.deps.isUsedElsewhere(refOf(0))).toBe(false));
      return await mark(row, lease);
    });
    expect(await clear(clearing)).toMatchObject({ removedFiles: 2, inUse: 0 });
    expect(await clearing.present()).toEqual([]);
  });

  it("is kept by a clean-up until then, and taken by the next when nobody was there to do it", async () => {
    const { clearing, playing } = await twoProcesses();
    await play(playing, clearing);
    await clear(clearing);
    const before = await clearing.maintenance.plan("cleanup");
    expect([before.removals.count, before.kept.tallies]).toMatchObject([0, [{ reason: "playing" }]]);
    dead.add("player");
    const after = await clearing.maintenance.plan("cleanup");
    expect(after.removals.tallies).toMatchObject([{ reason: "unfinished removal", count: 1 }]);
    expect(await clearing.maintenance.run(after, "ann")).toMatchObject({ removedFiles: 1 });
    expect([await clearing.present(), await clearing.stateOf(0)]).toEqual([[], "none"]);
    dead.clear();
  });

  it("stays when it was fetched anew since", async () => {
    const { clearing, playing } = await twoProcesses();
    const done = await play(playing, clearing);
    await clear(clearing);
    await clearing.index.save(newEntry(youtubeId(0)), undefined);
    done();
    await vi.waitFor(async () => expect(await clearing.deps.isUsedElsewhere(refOf(0))).toBe(false));
    await clearing.maintenance.finishRemovals();
    expect(await clearing.present()).toEqual([0]);
    expect(await clearing.index.find(newEntry(youtubeId(0)).key, PROFILE.id)).toBeDefined();
  });

  it("stays when it was fetched anew while its removal waited for that", async () => {
    const bench = await setUp();
    await bench.add(0);
    const done = bench.inUse.acquire(refOf(0));
    await clear(bench);
    const { withLock } = bench.deps;
    vi.spyOn(bench.deps, "withLock").mockImplementationOnce(async (key, work) => {
      await bench.index.save(newEntry(youtubeId(0)), undefined);
      return await withLock(key, work);
    });
    done();
    await vi.waitFor(() => expect(bench.log.named("cache.kept")).toHaveLength(2));
    expect(bench.log.named("cache.kept").at(-1)).toMatchObject({ reason: "no longer to go" });
    expect([await bench.present(), await bench.stateOf(0)]).toEqual([[0], "ready"]);
  });
});

it("a restart looks at those songs alone", async () => {
  const bench = await setUp();
  for (const number of [0, 1, 2, 3]) await bench.add(number);
  const [begun, waiting] = [1, 2].map((number) => newEntry(youtubeId(number)).key) as [CacheKey, CacheKey];
  await bench.index.markEvicting(begun, PROFILE.id);
  await bench.db.updateTable("cache_entries").set({ leaving: 1 }).where("key", "=", waiting).execute();
  const keys = new Set<unknown>();
  const { maintenance } = new MaintenanceUnderTest(bench.folder, bench.db.withPlugin(notingSongs(keys)));
  await maintenance.finishRemovals();
  expect(await bench.present()).toEqual([0, 3]);
  expect(keys).toEqual(new Set([begun, waiting]));
});

/** Notes the keys of all songs whose rows are read. */
function notingSongs(keys: Set<unknown>): KyselyPlugin {
  return {
    transformQuery: ({ node }) => node,
    transformResult: ({ result }) => {
      for (const row of result.rows) if ("evict_key" in row) keys.add(row["key"]);
      return Promise.resolve(result);
    },
  };
}

it("a restart remembers what was to go, and leaves what still plays elsewhere", async () => {
  const { clearing, playing } = await twoProcesses();
  const local = clearing.inUse.acquire(refOf(1));
  const done = await play(playing, clearing);
  expect(await clear(clearing)).toMatchObject({ removedFiles: 0, inUse: 2 });
  // The first process is gone without having let go; its successor knows only what is written.
  const next = another(clearing, "next");
  await vi.waitFor(async () => expect(await next.deps.isUsedElsewhere(refOf(1))).toBe(true));
  dead.add("clearer");
  await next.maintenance.finishRemovals();
  expect(await next.present()).toEqual([0]);
  done();
  await vi.waitFor(async () => expect(await next.present()).toEqual([]));
  local();
  dead.clear();
});
