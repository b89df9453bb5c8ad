import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { inspectDatabase } from "../../src/db/inspect.ts";
import { openDatabase } from "../../src/db/open.ts";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "encore-inspect-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

test("looking for a database that is not there makes none", async () => {
  await expect(inspectDatabase(path.join(folder, "none.sqlite"))).resolves.toBeUndefined();
  expect(await readdir(folder)).toEqual([]);
});

test("a migrated database says its version and that nothing is left to do", async () => {
  const file = path.join(folder, "a.sqlite");
  const { db, migration } = await openDatabase(file);
  await db.destroy();
  await expect(inspectDatabase(file)).resolves.toEqual({ version: migration.version, pending: [] });
});

test("migrations that are missing are named and not carried out", async () => {
  const file = path.join(folder, "a.sqlite");
  const { db, migration } = await openDatabase(file);
  await db
    .withTables<{ kysely_migration: { name: string } }>()
    .deleteFrom("kysely_migration")
    .where("name", "=", migration.version)
    .execute();
  await db.destroy();
  for (let round = 0; round < 2; round += 1) {
    await expect(inspectDatabase(file)).resolves.toMatchObject({ pending: [migration.version] });
  }
});

test("a database of a newer Encore is told apart", async () => {
  const file = path.join(folder, "a.sqlite");
  const { db } = await openDatabase(file);
  await db
    .withTables<{ kysely_migration: { name: string; timestamp: string } }>()
    .insertInto("kysely_migration")
    .values({ name: "9999-future", timestamp: "2099-01-01" })
    .execute();
  await db.destroy();
  await expect(inspectDatabase(file)).rejects.toMatchObject({ code: "DATABASE_NEWER" });
});

test("a file that was never ours is not touched", async () => {
  const file = path.join(folder, "a.sqlite");
  await writeFile(file, "x".repeat(5_000));
  await expect(inspectDatabase(file)).rejects.toMatchObject({ code: "DATABASE_FOREIGN" });
});

test("a database whose tables are still in its -wal is ours", async () => {
  const file = path.join(folder, "a.sqlite");
  const { db } = await openDatabase(file);
  try {
    await expect(inspectDatabase(file)).resolves.toMatchObject({ pending: [] });
  } finally {
    await db.destroy();
  }
});
