import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, open as openFile, readdir, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { backupFolder, isBackupDue, listBackups, makeBackup } from "../../src/db/backup.ts";
import { openDatabase } from "../../src/db/open.ts";
import { Settings } from "../../src/db/settings.ts";
import type { Database } from "../../src/db/schema.ts";
import { FakeClock } from "../fakes/clock.ts";

const HOUR_MS = 60 * 60 * 1000;
const MIGRATIONS = path.join(import.meta.dirname, "../../migrations");

let folder: string;
let file: string;
let clock: FakeClock;
let open: Database[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "encore-backup-"));
  file = path.join(folder, "encore.sqlite");
  clock = new FakeClock();
  open = [];
});
afterEach(async () => {
  for (const db of open) await db.destroy();
  await rm(folder, { recursive: true, force: true });
});

async function database(options: Parameters<typeof openDatabase>[1] = {}): Promise<Settings> {
  const { db } = await openDatabase(file, { clock, ...options });
  open.push(db);
  return new Settings(db);
}

/** What a file says for a setting, read by itself. */
function told(from: string, name: string): unknown {
  const connection = new Sqlite(from, { readonly: true });
  try {
    return connection.prepare("select value from settings where name = ?").pluck().get(name);
  } finally {
    connection.close();
  }
}

/** What another process is told that wants the database for itself alone. */
function takeOverElsewhere(): string {
  const script = `
    import Sqlite from "better-sqlite3";
    const connection = new Sqlite(process.argv[1], { timeout: 0 });
    connection.exec("pragma locking_mode = exclusive; begin exclusive; select * from settings");`;
  const options = ["--input-type=module", "-e", script, file];
  return spawnSync(process.execPath, options, { encoding: "utf8" }).stderr;
}

describe("a backup", () => {
  it("holds what was committed a moment ago, while the database is in use", async () => {
    const settings = await database();
    await settings.set("song", "still in the -wal");
    const made = await makeBackup(file, "daily", clock);
    await settings.set("song", "later");
    expect(told(made, "song")).toBe("still in the -wal");
    expect(path.basename(made)).toBe("encore.2026-01-01T00-00-00-000Z.daily.sqlite");
    expect(await listBackups(file)).toMatchObject([{ path: made, madeAtMs: clock.nowMs() }]);
  });

  it("does not drop the locks of the database: nobody else can take it for unused", async () => {
    await (await database()).set("song", "1");
    expect(takeOverElsewhere()).toContain("database is locked");
    await makeBackup(file, "daily", clock);
    expect(takeOverElsewhere()).toContain("database is locked");
    for (const db of open.splice(0)) await db.destroy();
    expect(takeOverElsewhere()).toBe("");
  });

  it("is kept with its six newest brothers, and with no others", async () => {
    await database();
    const made: string[] = [];
    for (let day = 0; day < 10; day += 1) {
      made.push(await makeBackup(file, "daily", clock));
      clock.advance(24 * HOUR_MS);
    }
    const kept = (await listBackups(file)).map((backup) => backup.path);
    expect(kept).toEqual(made.slice(-7).toReversed());
    expect(await readdir(backupFolder(file))).toHaveLength(7);
  });

  it("leaves files of others alone, and takes what a crash left a day ago", async () => {
    await database();
    await mkdir(backupFolder(file));
    const at = (name: string): string => path.join(backupFolder(file), name);
    const names = [
      "notes.txt",
      "other.2020-01-01T00-00-00-000Z.daily.sqlite",
      "encore.old.part",
      "encore.new.part",
    ];
    for (const name of names) await writeFile(at(name), "x");
    const longAgo = new Date(clock.nowMs() - 25 * HOUR_MS);
    await utimes(at("encore.old.part"), longAgo, longAgo);
    const now = new Date(clock.nowMs());
    await utimes(at("encore.new.part"), now, now);
    const made = await makeBackup(file, "daily", clock);
    const left = await readdir(backupFolder(file));
    expect(new Set(left)).toEqual(new Set([path.basename(made), names[3], names[0], names[1]]));
  });

  it("of a damaged database is none: nothing gets its name", async () => {
    const settings = await database();
    for (let row = 0; row < 200; row += 1) await settings.set(`name ${row}`, "x".repeat(1_000));
    for (const db of open.splice(0)) await db.destroy();
    const connection = new Sqlite(file);
    const root = connection.prepare("select rootpage from sqlite_master where name = 'settings'").pluck();
    const page = Number(root.get());
    const size = Number(connection.pragma("page_size", { simple: true }));
    connection.close();
    const handle = await openFile(file, "r+");
    await handle.write(Buffer.alloc(size, 0xff), 0, size, (page - 1) * size);
    await handle.close();
    await expect(makeBackup(file, "daily", clock)).rejects.toMatchObject({ code: "SQLITE_CORRUPT" });
    expect(await readdir(backupFolder(file))).toEqual([]);
  });
});

describe("a daily backup", () => {
  it("is due at first, and again after a day", async () => {
    await database();
    expect(await isBackupDue(file, clock)).toBe(true);
    await makeBackup(file, "daily", clock);
    clock.advance(23 * HOUR_MS);
    expect(await isBackupDue(file, clock)).toBe(false);
    clock.advance(HOUR_MS);
    expect(await isBackupDue(file, clock)).toBe(true);
  });

  it("is due although one has a time that is still to come, and is the one that stays", async () => {
    await database();
    clock.advance(1_000 * HOUR_MS);
    for (let count = 0; count < 7; count += 1) {
      await makeBackup(file, "daily", clock);
      clock.advance(1);
    }
    clock.advance(-999 * HOUR_MS);
    expect(await isBackupDue(file, clock)).toBe(true);
    const made = await makeBackup(file, "daily", clock);
    expect((await listBackups(file)).map((backup) => backup.path)).toContain(made);
    expect(await isBackupDue(file, clock)).toBe(false);
  });
});

describe("a migration", () => {
  const later = `export async function up(db) { await db.updateTable("settings").set({ value: "migrated" }).execute(); }
export async function down() {}`;

  async function laterEncore(): Promise<string> {
    const migrations = path.join(folder, "migrations");
    await mkdir(migrations);
    for (const name of await readdir(MIGRATIONS))
      await symlink(path.join(MIGRATIONS, name), path.join(migrations, name));
    await writeFile(path.join(migrations, "9000-later.ts"), later);
    return migrations;
  }

  it("comes after a backup of what it changes", async () => {
    const settings = await database();
    await settings.set("song", "before");
    for (const db of open.splice(0)) await db.destroy();
    const migrations = await laterEncore();
    const { db, migration } = await openDatabase(file, { migrations, clock });
    open.push(db);
    expect(migration).toMatchObject({
      applied: ["9000-later"],
      version: "9000-later",
      backup: expect.anything(),
    });
    expect(await new Settings(db).get("song")).toBe("migrated");
    expect(told(migration.backup ?? "", "song")).toBe("before");
    expect(migration.backup).toContain("before-9000-later");
  });

  it("does not happen when the backup cannot be written", async () => {
    await (await database()).set("song", "before");
    for (const db of open.splice(0)) await db.destroy();
    const migrations = await laterEncore();
    await writeFile(backupFolder(file), "a file is in the way");
    await expect(openDatabase(file, { migrations, clock })).rejects.toMatchObject({
      code: "DATABASE_UNREADABLE",
    });
    expect(told(file, "song")).toBe("before");
  });

  it("that makes a new database needs none, and without a migration there is none", async () => {
    await database();
    await database({ migrations: MIGRATIONS });
    expect(await readdir(folder)).not.toContain("backups");
  });
});
