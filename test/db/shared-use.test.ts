import { sql } from "kysely";
import { expect, test } from "vitest";
import { SharedUse } from "../../src/db/shared-use.ts";
import { freshDatabase } from "./database.ts";
import { holder } from "./holder.ts";

test("what one process uses is known to the others as long as it lives", async () => {
  const db = await freshDatabase();
  const dead = new Set<string>();
  const of = (ownerId: string): SharedUse => new SharedUse(db, holder(ownerId, { dead }));
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

test("what a process used counts no more when nothing is heard of it for a minute, until it wakes up", async () => {
  const db = await freshDatabase();
  const clock = { uptimeMs: 0 };
  const [one, two] = [
    new SharedUse(db, holder("one", { clock })),
    new SharedUse(db, holder("two", { clock })),
  ];
  await one.tell(new Set(["a"]));
  clock.uptimeMs = 50_000;
  await one.tell(new Set(["a"]));
  clock.uptimeMs = 109_999;
  expect(await two.isUsedElsewhere("a")).toBe(true);
  clock.uptimeMs = 110_000;
  expect(await two.isUsedElsewhere("a")).toBe(false);
  expect(await two.elsewhere()).toEqual(new Set());
  await one.tell(new Set(["a"]));
  expect(await two.elsewhere()).toEqual(new Set(["a"]));
});

test.each(["insert", "delete"])("after an %s that failed, the next telling makes it good", async (write) => {
  const db = await freshDatabase();
  const [one, two] = [new SharedUse(db, holder("one")), new SharedUse(db, holder("two"))];
  await one.tell(new Set(["a"]));
  const fault = `create trigger fault before ${write} on files_in_use begin select raise(abort, 'no'); end`;
  await sql.raw(fault).execute(db);
  await expect(one.tell(new Set(["b"]))).rejects.toThrow("no");
  await sql`drop trigger fault`.execute(db);
  expect(await one.tell(new Set(["b"]))).toEqual(["a"]);
  expect(await two.elsewhere()).toEqual(new Set(["b"]));
});

test.each([false, true])(
  "what was let go of while nothing was heard of a process is told, swept meanwhile: %s",
  async (isSwept) => {
    const db = await freshDatabase();
    const clock = { uptimeMs: 0 };
    const of = (ownerId: string): SharedUse => new SharedUse(db, holder(ownerId, { clock }));
    const [one, two] = [of("one"), of("two")];
    await one.tell(new Set(["a", "b"]));
    clock.uptimeMs = 60_000;
    if (isSwept) await two.elsewhere();
    expect(await one.tell(new Set(["b"]))).toEqual(["a"]);
    expect(await two.elsewhere()).toEqual(new Set(["b"]));
  },
);

test("more files are told than one statement takes", async () => {
  const db = await freshDatabase();
  const [one, two] = [new SharedUse(db, holder("one")), new SharedUse(db, holder("two"))];
  const refs = Array.from({ length: 33_000 }, (_, number) => `file ${number}`);
  await one.tell(new Set(refs));
  expect(await two.elsewhere()).toEqual(new Set(refs));
  expect(await one.tell(new Set(["file 1500"]))).toHaveLength(refs.length - 1);
  expect(await two.elsewhere()).toEqual(new Set(["file 1500"]));
});
