import { expect, it, vi } from "vitest";
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

it("calls back once, after the last reader, and at once when there is none", () => {
  const inUse = new InUse();
  const [later, now] = [vi.fn<() => void>(), vi.fn<() => void>()];
  const [first, second] = [inUse.acquire("a"), inUse.acquire("a")];
  inUse.whenReleased("a", later);
  inUse.whenReleased("b", now);
  expect(now).toHaveBeenCalledTimes(1);
  first();
  expect(later).not.toHaveBeenCalled();
  second();
  inUse.acquire("a")();
  expect(later).toHaveBeenCalledTimes(1);
});

it("calls back everyone who waits, who may start reading again", () => {
  const inUse = new InUse();
  const calls: string[] = [];
  const done = inUse.acquire("a");
  inUse.whenReleased("a", () => {
    calls.push(`first, in use: ${inUse.has("a")}`);
    inUse.acquire("a");
  });
  inUse.whenReleased("a", () => calls.push(`second, in use: ${inUse.has("a")}`));
  done();
  expect(calls).toEqual(["first, in use: false", "second, in use: true"]);
});
