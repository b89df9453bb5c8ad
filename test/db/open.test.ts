import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import Sqlite from "better-sqlite3";
import { Kysely, sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sqliteDialect } from "../../src/db/dialects/sqlite.ts";
import { openDatabase, writeTransaction } from "../../src/db/open.ts";
import { Settings } from "../../src/db/settings.ts";

const MIGRATIONS = (await readdir(path.join(import.meta.dirname, "../../migrations")))
  .filter((name) => name.endsWith(".ts"))
  .map((name) => path.basename(name, ".ts"))
  .toSorted();

interface Migration {
  up(db: Kysely<unknown>): Promise<void>;
  down(db: Kysely<unknown>): Promise<void>;
}

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "encore-db-"));
  file = path.join(folder, "data/encore.sqlite");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Does something to the file behind the bot's back. */
function behindItsBack<T>(work: (connection: Sqlite.Database) => T): T {
  const connection = new Sqlite(file);
  try {
    return work(connection);
  } finally {
    connection.close();
  }
}

/** Every table and index as SQLite wrote it down. */
function schema(): { readonly name: string; readonly sql: string }[] {
  return behindItsBack((connection) =>
    connection
      .prepare<[], { name: string; sql: string }>("select name, sql from sqlite_master order by name")
      .all(),
  );
}

describe("opening a database", () => {
  it("makes it with its folder, brings it up to date, and does nothing the second time", async () => {
    const first = await openDatabase(file);
    expect(first.migration).toEqual({ applied: MIGRATIONS, version: MIGRATIONS.at(-1) });
    await new Settings(first.db).set("name", "value");
    await first.db.destroy();
    const second = await openDatabase(file);
    expect(second.migration).toEqual({ applied: [], version: MIGRATIONS.at(-1) });
    expect(await new Settings(second.db).get("name")).toBe("value");
    await second.db.destroy();
  });

  it("syncs every commit and keeps readers and writers apart", async () => {
    const { db } = await openDatabase(file);
    const pragma = async (name: string): Promise<unknown> => {
      const { rows } = await sql.raw<Record<string, unknown>>(`pragma ${name}`).execute(db);
      return Object.values(rows[0] ?? {})[0];
    };
    expect([await pragma("journal_mode"), await pragma("synchronous"), await pragma("foreign_keys")]).toEqual(
      ["wal", 2, 1],
    );
    await db.destroy();
  });

  it("leaves a file of a newer version as it is", async () => {
    const { db } = await openDatabase(file);
    await db.destroy();
    behindItsBack((connection) =>
      connection.exec("insert into kysely_migration values ('9999-future', '2030-01-01')"),
    );
    const before = await readFile(file);
    await expect(openDatabase(file)).rejects.toMatchObject({
      code: "DATABASE_NEWER",
      context: { path: file },
    });
    expect(before.equals(await readFile(file))).toBe(true);
    expect(await readdir(path.dirname(file))).toEqual(["encore.sqlite"]);
  });

  it.each([
    ["a text", "this is not a database, and it is longer than the header of one would have to be".repeat(20)],
    ["half a database", null],
  ])("says what is wrong with %s, and keeps it", async (_what, content) => {
    const { db } = await openDatabase(file);
    await db.destroy();
    const whole = await readFile(file);
    const bytes = content === null ? whole.subarray(0, 5_000) : Buffer.from(content);
    await writeFile(file, bytes);
    await expect(openDatabase(file)).rejects.toMatchObject({
      code: "DATABASE_UNREADABLE",
      context: { path: file },
    });
    expect(bytes.equals(await readFile(file))).toBe(true);
  });

  it("says so when the path is a folder or below a file", async () => {
    await mkdir(file, { recursive: true });
    await expect(openDatabase(file)).rejects.toMatchObject({ code: "DATABASE_UNREADABLE" });
    await writeFile(path.join(folder, "plain"), "");
    await expect(openDatabase(path.join(folder, "plain/x.sqlite"))).rejects.toMatchObject({
      code: "DATABASE_UNREADABLE",
    });
  });
});

describe("migrations", () => {
  it("can go down and up again, to the same schema", async () => {
    const { db } = await openDatabase(file);
    await db.destroy();
    const before = schema();
    const bare = new Kysely<unknown>({ dialect: sqliteDialect(file) });
    const steps = await Promise.all(
      MIGRATIONS.map(async (name) => (await import(`../../migrations/${name}.ts`)) as Migration),
    );
    for (const step of steps.toReversed()) await step.down(bare);
    expect(schema().filter((row) => !/kysely|sqlite_/u.test((row as { name: string }).name))).toEqual([]);
    for (const step of steps) await step.up(bare);
    await bare.destroy();
    expect(schema()).toEqual(before);
  });

  it("leave nothing behind when one breaks off", async () => {
    await mkdir(path.dirname(file));
    // The last table of the migration is there already, so it fails at its end.
    behindItsBack((connection) => connection.exec("create table settings (x)"));
    await expect(openDatabase(file)).rejects.toMatchObject({ code: "DATABASE_UNREADABLE" });
    expect(schema().map(({ name }) => name)).not.toContain("tracks");
    behindItsBack((connection) => connection.exec("drop table settings"));
    const { db, migration } = await openDatabase(file);
    expect(migration.applied).toEqual(MIGRATIONS);
    await db.destroy();
  });
});

/** Runs `test/db/counting-process.ts` against the file. */
async function countingProcess(rounds: number): Promise<{ code: number | null; stderr: string }> {
  const script = path.join(import.meta.dirname, "counting-process.ts");
  const child = spawn(process.execPath, [script, file, String(rounds)], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (chunk) => (stderr += String(chunk)));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stderr };
}

describe("two processes", () => {
  it("start on a new file at once, read and then write, and see no error", async () => {
    const results = await Promise.all([countingProcess(200), countingProcess(200)]);
    expect(results).toEqual([
      { code: 0, stderr: "" },
      { code: 0, stderr: "" },
    ]);
    const { db } = await openDatabase(file);
    expect(await new Settings(db).get("count")).toBe("400");
    await db.destroy();
  });
});

describe("a writing transaction", () => {
  it("is undone as a whole when its work fails, and the error is the caller's", async () => {
    const { db } = await openDatabase(file);
    const work = writeTransaction(db, async (transaction) => {
      await new Settings(transaction).set("name", "value");
      throw new RangeError("no");
    });
    await expect(work).rejects.toThrow(RangeError);
    expect(await new Settings(db).get("name")).toBeUndefined();
    await db.destroy();
  });

  it("is tried again when the lock was not to be had, a bounded number of times", async () => {
    const { db } = await openDatabase(file);
    let tries = 0;
    const busy = (failures: number): Promise<string> =>
      writeTransaction(db, () => {
        tries += 1;
        if (tries > failures) return Promise.resolve("done");
        throw new Sqlite.SqliteError("database is locked", "SQLITE_BUSY");
      });
    expect(await busy(2)).toBe("done");
    tries = 0;
    await expect(busy(100)).rejects.toThrow("database is locked");
    expect(tries).toBe(4);
    await db.destroy();
  });
});
