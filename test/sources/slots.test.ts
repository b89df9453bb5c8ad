/** Places for work at the same time. */
import { expect, it } from "vitest";
import { createSlots } from "../../src/sources/slots.ts";

const never = new AbortController().signal;

it("lets so many run at once, in the order they came, whether they fail or not", async () => {
  const slots = createSlots(2);
  const started: number[] = [];
  const gates = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
  const all = gates.map((gate, number) =>
    slots.run(async () => {
      started.push(number);
      await gate.promise;
    }, never),
  );
  await Promise.resolve();
  expect(started).toEqual([0, 1]);
  gates[1]?.reject(new Error("on purpose"));
  await expect(all[1]).rejects.toThrow("on purpose");
  expect(started).toEqual([0, 1, 2]);
  for (const gate of gates) gate.resolve();
  await Promise.allSettled(all);
  expect(started).toEqual([0, 1, 2, 3]);
});

it("gives up waiting when told to, and the place goes to the next", async () => {
  const slots = createSlots(1);
  const gate = Promise.withResolvers<string>();
  const first = slots.run(() => gate.promise, never);
  const impatient = new AbortController();
  const second = slots.run(async () => "never", impatient.signal);
  const third = slots.run(async () => "third", never);
  impatient.abort();
  await expect(second).rejects.toMatchObject({ code: "ABORTED" });
  gate.resolve("first");
  expect(await Promise.all([first, third])).toEqual(["first", "third"]);
});

it("loses no place when a wait ends in the moment it would have been served", async () => {
  const slots = createSlots(1);
  const gate = Promise.withResolvers<void>();
  const first = slots.run(() => gate.promise, never);
  const impatient = new AbortController();
  const second = slots.run(async () => "second", impatient.signal).catch(() => "gave up");
  gate.resolve();
  queueMicrotask(() => impatient.abort());
  await Promise.all([first, second]);
  expect(await slots.run(async () => "free", never)).toBe("free");
});
