import { describe, expect, it } from "vitest";
import {
  chooseEvictions,
  type EvictionCandidate,
  evictionKey,
  LOW_WATER_MARK,
} from "../../src/policy/eviction.ts";

interface Named extends EvictionCandidate {
  readonly name: string;
}

const file = (name: string, more: Partial<Named> = {}): Named => ({
  name,
  bytes: 100,
  playCount: 1,
  lastUsedAtMs: 0,
  evictKey: 0,
  ...more,
});
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
      file("loved", { lastUsedAtMs: 1, evictKey: 99, playCount: 50 }),
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

  it("does not change what it was given", () => {
    const files = [file("b", { evictKey: 2 }), file("a", { evictKey: 1 })];
    chooseEvictions(files, room(0));
    expect(names(files)).toEqual(["b", "a"]);
  });
});
