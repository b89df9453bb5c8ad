import { expect, it } from "vitest";
import { Queue } from "../../src/player/queue.ts";

it("gives back in order, puts back to the front, and empties at once", () => {
  const queue = new Queue<number>();
  expect([queue.next(), queue.length]).toEqual([undefined, 0]);
  queue.push([1, 2]);
  queue.push([3]);
  expect(queue.next()).toBe(1);
  queue.putBack(1);
  expect(queue.items).toEqual([1, 2, 3]);
  expect(queue.clear()).toEqual([1, 2, 3]);
  expect([queue.items, queue.length]).toEqual([[], 0]);
});
