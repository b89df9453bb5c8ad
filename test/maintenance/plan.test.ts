import { describe, expect, it } from "vitest";
import { cacheKey } from "../../src/core/track.ts";
import type { Inventory, InventoryItem } from "../../src/maintenance/inventory.ts";
import type { PlannedRemoval } from "../../src/maintenance/judgement.ts";
import {
  type CleanupRules,
  type ClearSelection,
  judgements,
  type Plan,
  planCleanup as makeCleanupPlan,
  planClear as makeClearPlan,
  type TrackCategory,
} from "../../src/maintenance/plan.ts";
import { comparePlaces, type EvictionPolicy, placeOf } from "../../src/policy/eviction.ts";
import { lastUsedAtMs } from "../../src/policy/retention.ts";
import { parseProfileId } from "../../src/core/audio-profile.ts";
import { PROFILE } from "../db/database.ts";
import { youtubeId } from "../fakes/tracks.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const NOW_MS = 1_000 * DAY_MS;
const RULES: CleanupRules = { limitBytes: 1_000, retentionDays: 90, policy: "gdsf", nowMs: NOW_MS };

/** A file of 100 bytes, made a year ago, played yesterday. */
function file(number: number, more: Partial<InventoryItem> = {}): InventoryItem {
  const id = youtubeId(number);
  return {
    ref: `${PROFILE.id}/${id}.opus`,
    key: cacheKey({ source: "youtube", id }),
    profileId: PROFILE.id,
    bytes: 100,
    createdAtMs: NOW_MS - 365 * DAY_MS,
    lastPlayedAtMs: NOW_MS - DAY_MS,
    playCount: 1,
    evictKey: number,
    pinned: false,
    use: "free",
    halfRemoved: false,
    hasRow: true,
    ...more,
  };
}

const placeIn = (policy: EvictionPolicy) => (item: InventoryItem) =>
  placeOf({ ...item, lastUsedAtMs: lastUsedAtMs(item) }, policy);

async function* each(items: readonly InventoryItem[]): AsyncGenerator<InventoryItem, void, undefined> {
  yield* items;
}

/** An inventory of these files. */
function inventoryOf(items: readonly InventoryItem[]): Inventory {
  const inRank = (policy: EvictionPolicy): InventoryItem[] => {
    const place = placeIn(policy);
    return items
      .filter(({ halfRemoved }) => !halfRemoved)
      .toSorted((a, b) => comparePlaces(place(a), place(b)));
  };
  return { byName: () => each(items), byRank: (policy) => each(inRank(policy)) };
}

/** A plan with the files it means: what carrying it out would find, which has to agree with its sums. */
interface WholePlan extends Pick<Plan, "kind" | "before"> {
  readonly removals: readonly PlannedRemoval[];
  readonly kept: readonly { readonly item: InventoryItem; readonly reason: string }[];
}

async function whole(inventory: Inventory, plan: Plan): Promise<WholePlan> {
  const judged = await Array.fromAsync(judgements(inventory, plan));
  const removals = judged.flatMap((one) =>
    one.verdict === "goes" ? [{ ...one.item, reason: one.reason }] : [],
  );
  const kept = judged.flatMap(({ verdict, item, reason }) => (verdict === "kept" ? [{ item, reason }] : []));
  const bytes = removals.reduce((sum, item) => sum + item.bytes, 0);
  expect(plan.removals).toMatchObject({ count: removals.length, bytes });
  expect(plan.examples).toEqual(removals);
  expect(plan.kept.count).toBe(kept.length);
  const { kind, before } = plan;
  return { kind, removals, kept, before };
}

async function planCleanup(items: readonly InventoryItem[], rules: CleanupRules): Promise<WholePlan> {
  const inventory = inventoryOf(items);
  return await whole(inventory, await makeCleanupPlan(inventory, rules));
}

async function planClear(
  items: readonly InventoryItem[],
  selection: ClearSelection = {},
): Promise<WholePlan> {
  const inventory = inventoryOf(items);
  return await whole(inventory, await makeClearPlan(inventory, selection, NOW_MS));
}

const unplayed = { lastPlayedAtMs: NOW_MS - 91 * DAY_MS };
const fresh = { createdAtMs: NOW_MS - 60_000, lastPlayedAtMs: null };
const files = (count: number): InventoryItem[] => Array.from({ length: count }, (_, number) => file(number));

/** What a clean-up takes by a plan that was made while the first file played. */
async function takenAfterEnd(keptBytes: number, others: number): Promise<number[]> {
  const items = [file(0, { bytes: keptBytes }), ...files(others + 1).slice(1)];
  const before = items.map((item, index) => (index === 0 ? { ...item, use: "playing" as const } : item));
  const plan = await makeCleanupPlan(inventoryOf(before), RULES);
  const judged = await Array.fromAsync(judgements(inventoryOf(items), plan));
  return judged.map(({ item }) => item.evictKey);
}

describe("a clean-up", () => {
  it("has nothing to do at the limit", async () => {
    expect(await planCleanup(files(10), RULES)).toEqual({
      kind: "cleanup",
      removals: [],
      kept: [],
      before: { files: 10, bytes: 1_000 },
    });
    expect(await planCleanup([], RULES)).toEqual({
      kind: "cleanup",
      removals: [],
      kept: [],
      before: { files: 0, bytes: 0 },
    });
  });

  it("finishes what a crash left, takes what was not played for long, and then what is over the limit", async () => {
    const items = [
      ...files(11),
      file(20, { ...unplayed, bytes: 5_000 }),
      file(21, { halfRemoved: true, ...unplayed, use: "queued", bytes: 7_000 }),
    ];
    expect(await planCleanup(items, RULES)).toEqual({
      kind: "cleanup",
      removals: [
        { ...items[11], reason: "not played lately" },
        { ...items[12], reason: "unfinished removal" },
        { ...items[0], reason: "over the limit" },
        { ...items[1], reason: "over the limit" },
      ],
      kept: [],
      before: { files: 13, bytes: 13_100 },
    });
  });

  it("keeps what is in use, pinned or just made, says why, and makes room elsewhere", async () => {
    const items = [
      file(0, { use: "playing" }),
      file(1, { use: "queued" }),
      file(2, { pinned: true }),
      file(3, fresh),
      ...files(12).slice(4),
      file(30, { ...unplayed, use: "playing" }),
      file(31, { ...unplayed, pinned: true }),
    ];
    const [playing, queued, pinned, made, four, five, six, seven] = items;
    expect(await planCleanup(items, RULES)).toEqual({
      kind: "cleanup",
      removals: [four, five, six, seven, items[8]].map((item) => ({ ...item, reason: "over the limit" })),
      kept: [
        { item: items[12], reason: "playing" },
        { item: items[13], reason: "pinned" },
        { item: playing, reason: "playing" },
        { item: queued, reason: "queued" },
        { item: pinned, reason: "pinned" },
        { item: made, reason: "just made" },
      ],
      before: { files: 14, bytes: 1_400 },
    });
  });

  it("names as kept only what would have had to go", async () => {
    const items = [...files(10), file(99, { use: "playing" })];
    expect((await planCleanup(items, RULES)).kept).toEqual([]);
    expect((await planCleanup(items, RULES)).removals.map(({ evictKey }) => evictKey)).toEqual([0, 1]);
  });

  it("takes no more than was planned when what had to be kept may go by now", async () => {
    expect(await takenAfterEnd(90, 11)).toEqual([0, 1, 2]);
    expect(await takenAfterEnd(900, 2)).toEqual([1, 2]);
  });

  it("says why nothing goes although the cache is over its limit", async () => {
    const items = files(20).map((item) => ({ ...item, pinned: true }));
    const plan = await planCleanup(items, RULES);
    expect(plan.removals).toEqual([]);
    expect(plan.kept).toHaveLength(11);
  });

  it("counts the retention from the last play, and anew for a file that was fetched again", async () => {
    const items = [
      file(0, { createdAtMs: NOW_MS - 900 * DAY_MS }),
      file(1, unplayed),
      file(2, { lastPlayedAtMs: null }),
      file(3, { ...unplayed, createdAtMs: NOW_MS - DAY_MS }),
    ];
    expect((await planCleanup(items, RULES)).removals.map(({ evictKey }) => evictKey)).toEqual([1, 2]);
  });

  it("follows the policy it is told", async () => {
    const items = files(11).map((item, index) => ({ ...item, lastPlayedAtMs: NOW_MS - index * DAY_MS }));
    const gone = async (policy: CleanupRules["policy"]): Promise<number[]> =>
      (await planCleanup(items, { ...RULES, policy })).removals.map(({ evictKey }) => evictKey);
    expect(await gone("gdsf")).toEqual([0, 1]);
    expect(await gone("lru")).toEqual([10, 9]);
  });

  it("takes songs of profiles that nobody plays any more, after a while", async () => {
    const stale = parseProfileId("standard-00000000");
    if (!stale) throw new Error("no profile");
    const items = [
      file(0),
      file(1, { profileId: stale, lastPlayedAtMs: NOW_MS - 8 * DAY_MS }),
      file(2, { profileId: stale }),
      file(3, { profileId: stale, lastPlayedAtMs: NOW_MS - 8 * DAY_MS, pinned: true }),
    ];
    const plan = await planCleanup(items, { ...RULES, currentProfiles: new Set([PROFILE.id]) });
    expect(plan.removals).toEqual([{ ...items[1], reason: "stale profile" }]);
    expect(plan.kept).toEqual([{ item: items[3], reason: "pinned" }]);
    expect((await planCleanup(items, RULES)).removals).toEqual([]);
  });

  it("takes only the categories it is told, but always finishes what was begun", async () => {
    const items = [
      ...files(11),
      file(20, { ...unplayed }),
      file(21, { hasRow: false }),
      file(22, { halfRemoved: true }),
    ];
    const taken = async (...categories: TrackCategory[]): Promise<string[]> =>
      (await planCleanup(items, { ...RULES, categories: new Set(categories) })).removals.map(
        ({ evictKey, reason }) => `${evictKey} ${reason}`,
      );
    expect(await taken("expired")).toEqual(["20 not played lately", "22 unfinished removal"]);
    expect(await taken("orphans")).toEqual(["21 file without row", "22 unfinished removal"]);
    expect(await taken("stale-profiles")).toEqual(["22 unfinished removal"]);
    expect((await taken("over-limit")).slice(1)).toEqual(
      [21, 0, 1, 2].map((rank) => `${rank} over the limit`),
    );
  });

  it("goes down to a size exactly when told so", async () => {
    const plan = await planCleanup(files(10), { ...RULES, limitBytes: 500, lowWaterMark: 1 });
    expect(plan.removals).toHaveLength(5);
  });

  it("changes nothing it was given", async () => {
    const items = Object.freeze(files(20).map((item) => Object.freeze(item)));
    await expect(planCleanup(items, RULES)).resolves.toBeDefined();
  });
});

describe("a clearing", () => {
  it("takes everything, whatever protects it from a clean-up", async () => {
    const items = [
      file(0),
      file(1, { use: "playing" }),
      file(2, { pinned: true }),
      file(3, fresh),
      file(4, { halfRemoved: true }),
    ];
    expect(await planClear(items)).toEqual({
      kind: "clear",
      removals: items.map((item) => ({ ...item, reason: "clear" })),
      kept: [],
      before: { files: 5, bytes: 500 },
    });
  });

  it("takes a profile, a source or one song, when told so", async () => {
    const other = parseProfileId("quiet-00000000");
    if (!other) throw new Error("no profile");
    const direct = cacheKey({ source: "direct", id: "abc" });
    const items = [file(0), file(1, { profileId: other }), file(2, { key: direct })];
    const taken = async (selection: ClearSelection): Promise<number[]> =>
      (await planClear(items, selection)).removals.map(({ evictKey }) => evictKey);
    expect(await taken({ profile: other })).toEqual([1]);
    expect(await taken({ source: "direct" })).toEqual([2]);
    expect(await taken({ source: "youtube", profile: PROFILE.id })).toEqual([0]);
    expect(await taken({ key: direct })).toEqual([2]);
    expect((await planClear(items, { key: direct })).before).toEqual({ files: 3, bytes: 300 });
  });
});
