import { describe, expect, it } from "vitest";
import {
  comparePlaces,
  type EvictionCandidate,
  evictionKey,
  type EvictionPolicy,
  evictNext,
  excessBytes,
  LOW_WATER_MARK,
  placeOf,
} from "../../src/policy/eviction.ts";

interface Named extends EvictionCandidate {
  readonly name: string;
  readonly bytes: number;
  readonly isProtected: boolean;
}

const file = (name: string, more: Partial<Named> = {}): Named => ({
  name,
  profileId: "standard-00000000",
  key: name,
  bytes: 100,
  isProtected: false,
  lastUsedAtMs: 0,
  evictKey: 0,
  hasRow: true,
  ...more,
});

/** Files in the order in which they go. */
const inOrder = (files: readonly Named[], policy: EvictionPolicy = "gdsf"): Named[] =>
  files.toSorted((a, b) => comparePlaces(placeOf(a, policy), placeOf(b, policy)));

/** What becomes of each file, in the order in which they go. */
function verdicts(
  files: readonly Named[],
  { limitBytes, keptBytes }: { limitBytes: number; keptBytes: number },
  policy?: EvictionPolicy,
): { readonly file: Named; readonly verdict: string }[] {
  const excess = excessBytes(
    files.reduce((sum, { bytes }) => sum + bytes, keptBytes),
    { limitBytes },
  );
  let need = { bytes: excess, ripeBytes: excess };
  return inOrder(files, policy).map((one) => {
    const next = evictNext(need, one);
    need = next.need;
    return { file: one, verdict: next.verdict };
  });
}

function chooseEvictions(...how: Parameters<typeof verdicts>): Named[] {
  return verdicts(...how)
    .filter(({ verdict }) => verdict === "goes")
    .map(({ file: one }) => one);
}

const names = (files: readonly Named[]): string[] => files.map(({ name }) => name);
const room = (limitBytes: number, keptBytes = 0): { limitBytes: number; keptBytes: number } => ({
  limitBytes,
  keptBytes,
});

describe("the rank of a file", () => {
  it("grows with plays, shrinks with size, and starts at the clock", () => {
    const base = { clock: 5, playCount: 2, bytes: 4_000_000 };
    expect(evictionKey({ ...base, playCount: 0 })).toBe(5);
    expect(evictionKey({ ...base, playCount: 3 })).toBeGreaterThan(evictionKey(base));
    expect(evictionKey({ ...base, bytes: 8_000_000 })).toBeLessThan(evictionKey(base));
    expect(evictionKey({ ...base, clock: 6 }) - evictionKey(base)).toBeCloseTo(1);
  });

  it("is clock + plays * 1e4 / bytes^0.7", () => {
    expect(evictionKey({ clock: 1, playCount: 2, bytes: 10 ** 6 })).toBeCloseTo(1 + 2e4 / 10 ** 4.2, 9);
    expect(evictionKey({ clock: 0, playCount: 1, bytes: 0 })).toBe(1e4);
  });

  it("lets a newcomer outlive what was loved long ago, once the clock has gone on", () => {
    const old = evictionKey({ clock: 0, playCount: 50, bytes: 4e6 });
    const fresh = evictionKey({ clock: old, playCount: 1, bytes: 4e6 });
    expect(fresh).toBeGreaterThan(old);
  });
});

describe("what goes", () => {
  it("is nothing at the limit", () => {
    expect(chooseEvictions([file("a"), file("b")], room(200))).toEqual([]);
  });

  it("is what ranks lowest, until the low-water mark", () => {
    const files = Array.from({ length: 20 }, (_, index) =>
      file(String(index), { evictKey: (index * 7) % 20 }),
    );
    const gone = chooseEvictions(files, room(1_999));
    expect(names(gone)).toEqual(["0", "3"]);
    const left = 2_000 - 100 * gone.length;
    expect(left).toBeLessThanOrEqual(1_999 * LOW_WATER_MARK);
    expect(left + 100).toBeGreaterThan(1_999 * LOW_WATER_MARK);
  });

  it("is what was not used for longest by LRU, however often it was played", () => {
    const files = [
      file("loved", { lastUsedAtMs: 1, evictKey: 99 }),
      file("new", { lastUsedAtMs: 3, evictKey: 1 }),
      file("old", { lastUsedAtMs: 2, evictKey: 2 }),
    ];
    expect(names(chooseEvictions(files, room(250), "lru"))).toEqual(["loved"]);
    expect(names(chooseEvictions(files, room(250), "gdsf"))).toEqual(["new"]);
  });

  it("makes room for what must stay, as far as it can", () => {
    expect(names(chooseEvictions([file("a"), file("b")], room(250, 100)))).toEqual(["a"]);
    expect(names(chooseEvictions([file("a"), file("b")], room(250, 1_000)))).toEqual(["a", "b"]);
    expect(chooseEvictions([], room(250, 1_000))).toEqual([]);
  });

  it("passes over what is protected, and tells which of it would have gone", () => {
    const files = [1, 2, 3, 4].map((rank) =>
      file(String(rank), { evictKey: rank, isProtected: rank === 1 || rank === 4 }),
    );
    expect(verdicts(files, room(250)).map(({ verdict }) => verdict)).toEqual([
      "kept",
      "goes",
      "goes",
      "stays",
    ]);
    expect(verdicts(files, room(0)).map(({ verdict }) => verdict)).toEqual(["kept", "goes", "goes", "kept"]);
  });

  it("goes down to another mark when told so", () => {
    expect(excessBytes(1_000, { limitBytes: 900, lowWaterMark: 1 })).toBe(100);
    expect(excessBytes(1_000, { limitBytes: 900 })).toBe(145);
    expect(excessBytes(900, { limitBytes: 900 })).toBe(0);
  });
});

describe("the order", () => {
  it("has no two files at one place, and begins with those that no row knows", () => {
    const files = [
      file("d", { evictKey: 1 }),
      file("c", { evictKey: 1 }),
      file("b", { evictKey: 1, profileId: "night-00000000" }),
      file("a", { evictKey: 9, hasRow: false, lastUsedAtMs: 9 }),
      file("e"),
    ];
    expect(names(inOrder(files))).toEqual(["a", "e", "b", "c", "d"]);
    expect(names(inOrder(files, "lru"))).toEqual(["a", "b", "c", "d", "e"]);
    const [place] = files.map((one) => placeOf(one, "gdsf"));
    expect(place && comparePlaces(place, place)).toBe(0);
  });
});
