import { expect, it } from "vitest";
import { shuffled } from "../../src/core/shuffle.ts";

/** 0 ≤ number < 1, the same ones each time (a linear congruential generator). */
function seeded(): () => number {
  let state = 1;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

it("keeps everything, and leaves what it was given as it was", () => {
  const items = ["a", "b", "c", "d", "e"];
  expect(shuffled(items, seeded()).toSorted()).toEqual(items);
  expect(items.join("")).toBe("abcde");
  expect(shuffled([], seeded())).toEqual([]);
});

it("makes each order as likely as any other", () => {
  const random = seeded();
  const counts = new Map<string, number>();
  for (let round = 0; round < 6_000; round += 1) {
    const order = shuffled(["a", "b", "c"], random).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(120);
});

it("reaches both ends with the smallest and the largest random number", () => {
  expect(shuffled([1, 2, 3], () => 0)).toEqual([2, 3, 1]);
  expect(shuffled([1, 2, 3], () => 1 - Number.EPSILON)).toEqual([1, 2, 3]);
});
