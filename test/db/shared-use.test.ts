import { expect, test } from "vitest";
import { SharedUse } from "../../src/db/shared-use.ts";
import { freshDatabase } from "./database.ts";

test("what one process uses is known to the others as long as it lives", async () => {
  const db = await freshDatabase();
  const dead = new Set<string>();
  const of = (ownerId: string): SharedUse =>
    new SharedUse(db, { ownerId, isProvablyDead: (other) => dead.has(other) });
  const [one, two] = [of("one"), of("two")];
  await one.tell(new Set(["a", "b"]));
  await two.tell(new Set(["b", "c"]));
  expect(await two.elsewhere()).toEqual(new Set(["a", "b"]));
  expect(await one.elsewhere()).toEqual(new Set(["b", "c"]));
  expect(await one.isUsedElsewhere("a")).toBe(false);
  expect(await two.isUsedElsewhere("a")).toBe(true);

  await one.tell(new Set(["b"]));
  expect(await two.elsewhere()).toEqual(new Set(["b"]));

  dead.add("one");
  expect(await two.isUsedElsewhere("b")).toBe(false);
  expect(await two.elsewhere()).toEqual(new Set());
  expect(await db.selectFrom("files_in_use").selectAll().where("owner", "=", "one").execute()).toEqual([]);
});
