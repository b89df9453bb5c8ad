import { expect, it } from "vitest";
import { shuffled } from "../../src/core/shuffle.ts";
import { seededRandom } from "../fakes/random.ts";

it("keeps everything, and leaves what it was given as it was", () => {
  const items = ["a", "b", "c", "d", "e"];
  expect(shuffled(items, seededRandom(1)).toSorted()).toEqual(items);
  expect(items.join("")).toBe("abcde");
  expect(shuffled([], seededRandom(1))).toEqual([]);
});

it("makes all orders equally likely", () => {
  const random = seededRandom(1);
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
