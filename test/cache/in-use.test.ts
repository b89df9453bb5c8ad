import { expect, it } from "vitest";
import { InUse } from "../../src/cache/in-use.ts";

it("holds a file until its last reader is done", () => {
  const inUse = new InUse();
  const [first, second] = [inUse.acquire("a"), inUse.acquire("a")];
  first();
  first();
  expect(inUse.has("a")).toBe(true);
  second();
  expect(inUse.has("a")).toBe(false);
  expect(inUse.has("b")).toBe(false);
});

it("tells of the first reader of a file and of the end of the last", () => {
  const told: string[][] = [];
  const inUse: InUse = new InUse(() => told.push(inUse.refs));
  const [first, second] = [inUse.acquire("a"), inUse.acquire("a")];
  first();
  expect(told).toEqual([["a"]]);
  second();
  second();
  expect(told).toEqual([["a"], []]);
});
