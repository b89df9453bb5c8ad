import { describe, expect, it } from "vitest";
import { KeyedMutex } from "../../src/cache/keyed-mutex.ts";
import { seededRandom } from "../fakes/random.ts";

const SEED = Number(process.env["ENCORE_TEST_SEED"] ?? Date.now() % 1_000_000);
const microtasks = async (count: number): Promise<void> => {
  for (let tick = 0; tick < count; tick += 1) await Promise.resolve();
};

describe("a lock per key", () => {
  it("lets in one at a time, in the order in which they came", async () => {
    const locks = new KeyedMutex();
    const order: string[] = [];
    const work = (name: string) => async () => {
      order.push(`${name} in`);
      await microtasks(5);
      order.push(`${name} out`);
    };
    await Promise.all(["a", "b", "c"].map((name) => locks.run("key", work(name))));
    expect(order).toEqual(["a in", "a out", "b in", "b out", "c in", "c out"]);
  });

  it("keeps different keys apart", async () => {
    const locks = new KeyedMutex();
    const held = Promise.withResolvers<void>();
    const first = locks.run("a", () => held.promise);
    await expect(locks.run("b", () => Promise.resolve("through"))).resolves.toBe("through");
    held.resolve();
    await first;
  });

  it("passes results and failures on, and is free after a failure", async () => {
    const locks = new KeyedMutex();
    await expect(locks.run("key", () => Promise.reject(new RangeError("no")))).rejects.toThrow(RangeError);
    await expect(locks.run("key", () => Promise.resolve(7))).resolves.toBe(7);
    expect(locks.size).toBe(0);
  });

  it("forgets a key when nobody waits for it any more, not earlier", async () => {
    const locks = new KeyedMutex();
    const held = Promise.withResolvers<void>();
    const both = [locks.run("key", () => held.promise), locks.run("key", () => Promise.resolve())];
    expect(locks.size).toBe(1);
    held.resolve();
    await both[0];
    expect(locks.size).toBe(1);
    await both[1];
    expect(locks.size).toBe(0);
  });

  it(`never has two inside, whenever they come (seed ${SEED})`, async () => {
    const random = seededRandom(SEED);
    const locks = new KeyedMutex();
    const inside = new Map<string, number>();
    let most = 0;
    const visit = async (key: string, before: number, during: number): Promise<void> => {
      await microtasks(before);
      await locks.run(key, async () => {
        inside.set(key, (inside.get(key) ?? 0) + 1);
        most = Math.max(most, inside.get(key) ?? 0);
        await microtasks(during);
        inside.set(key, (inside.get(key) ?? 0) - 1);
      });
    };
    const number = (below: number): number => Math.floor(random() * below);
    await Promise.all(Array.from({ length: 3_000 }, () => visit(String(number(20)), number(400), number(6))));
    expect(most).toBe(1);
    expect(locks.size).toBe(0);
  });
});
