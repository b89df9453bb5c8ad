import { expect, it } from "vitest";
import { isRepeated, Queue } from "../../src/player/queue.ts";
import { song } from "./set-up.ts";

/** A queue of these numbers, and how often it told of a change. */
function queueOf(...items: readonly number[]): { queue: Queue<number>; changes: () => number } {
  let changes = -1;
  const queue = new Queue<number>(() => (changes += 1));
  queue.push(items);
  return { queue, changes: () => changes };
}

it("gives back in order and empties at once", () => {
  const { queue } = queueOf();
  expect([queue.next(), queue.length]).toEqual([undefined, 0]);
  queue.push([1, 2]);
  queue.push([3]);
  expect(queue.next()).toBe(1);
  expect(queue.items).toEqual([2, 3]);
  expect(queue.clear()).toEqual([2, 3]);
  expect([queue.items, queue.length]).toEqual([[], 0]);
});

it("takes some in before a position, the next ones by default", () => {
  const { queue, changes } = queueOf(1, 2);
  queue.insert([3, 4]);
  expect(queue.items).toEqual([3, 4, 1, 2]);
  queue.insert([5], 4);
  queue.insert([6], 99);
  expect(queue.items).toEqual([3, 4, 1, 5, 2, 6]);
  expect(changes()).toBe(3);
});

it("counts from 1 when some are taken out", () => {
  const { queue, changes } = queueOf(1, 2, 3, 4, 5);
  expect(queue.remove(2)).toEqual([2]);
  expect(queue.remove(2, 3)).toEqual([3, 4]);
  expect(queue.remove(2, 1)).toEqual([]);
  expect(queue.remove(9)).toEqual([]);
  expect(queue.items).toEqual([1, 5]);
  expect(changes()).toBe(4);
});

it("takes out all that fit", () => {
  const { queue, changes } = queueOf(1, 2, 3, 4);
  expect(queue.removeWhere((item) => item % 2 === 0)).toEqual([2, 4]);
  expect(queue.items).toEqual([1, 3]);
  expect(changes()).toBe(1);
});

it("moves one up and down, and nothing that is not there", () => {
  const { queue } = queueOf(1, 2, 3, 4);
  expect(queue.move(4, 1)).toBe(4);
  expect(queue.items).toEqual([4, 1, 2, 3]);
  expect(queue.move(1, 3)).toBe(4);
  expect(queue.items).toEqual([1, 2, 4, 3]);
  expect(queue.move(5, 1)).toBeUndefined();
  expect(queue.items).toEqual([1, 2, 4, 3]);
});

it("knows songs that come again, and tells chapters of one recording apart", () => {
  const chapter = { ...song(1), startMs: 10_000, endMs: 20_000 };
  const items = [
    song(1),
    { ...song(1), id: "again", startMs: 5_000 },
    song(2),
    chapter,
    { ...chapter, endMs: 30_000 },
    { ...chapter, id: "again" },
  ];
  const repeated = isRepeated();
  expect(items.map((item) => repeated(item))).toEqual([false, true, false, false, false, true]);
});
