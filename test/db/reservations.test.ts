import { expect, test } from "vitest";
import { CacheIndex } from "../../src/db/cache-index.ts";
import { type Lease, Leases } from "../../src/db/leases.ts";
import { Reservations } from "../../src/db/reservations.ts";
import { freshDatabase, newEntry } from "./database.ts";
import { holder } from "./holder.ts";

const TTL_MS = 1_000;

test("bytes are set aside up to the limit and the free disk, as long as their leases live", async () => {
  const db = await freshDatabase();
  const dead = new Set<string>();
  const clock = { uptimeMs: 0 };
  const part = (ownerId: string): { reservations: Reservations; take: (name: string) => Promise<Lease> } => {
    const who = holder(ownerId, { dead, clock });
    const leases = new Leases(db, who);
    const take = async (name: string): Promise<Lease> =>
      (await leases.tryAcquire(name, TTL_MS)) ?? Promise.reject(new Error(`${name} is held`));
    return { reservations: new Reservations(db, who), take };
  };
  const [one, two] = [part("one"), part("two")];
  await new CacheIndex(db).save(newEntry("AAAAAAAAAAA", { bytes: 40 }), undefined);
  const room = { limitBytes: 100, freeBytes: 1_000 };
  const [a, b, c, d] = [await one.take("a"), await two.take("b"), await one.take("c"), await two.take("d")];

  expect(await one.reservations.reserve(a, 50, room)).toBe(true);
  expect(await two.reservations.reserve(b, 11, room)).toBe(false);
  expect(await two.reservations.reserve(b, 10, room)).toBe(true);
  // Asking again for the same lease replaces what it had.
  expect(await one.reservations.reserve(a, 45, room)).toBe(true);
  expect(await one.reservations.reserve(c, 5, { limitBytes: 100, freeBytes: 59 })).toBe(false);
  expect(await one.reservations.reserve(c, 5, { limitBytes: 100, freeBytes: 60 })).toBe(true);

  await one.reservations.release(c);
  expect(await two.reservations.reserve(d, 50, room)).toBe(false);
  dead.add("one");
  expect(await two.reservations.reserve(d, 50, room)).toBe(true);

  const e = await two.take("e");
  expect(await two.reservations.reserve(e, 60, room)).toBe(false);
  // Nobody has heard of the others since: the machine was switched off.
  clock.uptimeMs = TTL_MS;
  expect(await two.reservations.reserve(await two.take("f"), 60, room)).toBe(true);
});
