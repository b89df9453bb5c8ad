import { expect, test } from "vitest";
import { CacheIndex } from "../../src/db/cache-index.ts";
import { Reservations } from "../../src/db/reservations.ts";
import { freshDatabase, newEntry } from "./database.ts";

const lease = (name: string): { name: string; token: number } => ({ name, token: 1 });

test("bytes are set aside up to the limit and the free disk, those of the dead do not count", async () => {
  const db = await freshDatabase();
  const dead = new Set<string>();
  const of = (ownerId: string): Reservations =>
    new Reservations(db, { ownerId, isProvablyDead: (other) => dead.has(other) });
  const [one, two] = [of("one"), of("two")];
  await new CacheIndex(db).save(newEntry("AAAAAAAAAAA", { bytes: 40 }), undefined);
  const room = { limitBytes: 100, freeBytes: 1_000 };

  expect(await one.reserve(lease("a"), 50, room)).toBe(true);
  expect(await two.reserve(lease("b"), 11, room)).toBe(false);
  expect(await two.reserve(lease("b"), 10, room)).toBe(true);
  // Asking again for the same lease replaces what it had.
  expect(await one.reserve(lease("a"), 45, room)).toBe(true);
  expect(await one.reserve(lease("c"), 5, { limitBytes: 100, freeBytes: 59 })).toBe(false);
  expect(await one.reserve(lease("c"), 5, { limitBytes: 100, freeBytes: 60 })).toBe(true);

  await one.release(lease("c"));
  expect(await two.reserve(lease("d"), 50, room)).toBe(false);
  dead.add("one");
  expect(await two.reserve(lease("d"), 50, room)).toBe(true);
});
