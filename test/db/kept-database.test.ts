import {
  copyFile,
  mkdir,
  mkdtemp,
  open as openFile,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import Sqlite from "better-sqlite3";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeBackup } from "../../src/db/backup.ts";
import { CacheIndex } from "../../src/db/cache-index.ts";
import { KeptDatabase, type KeptDatabaseOptions } from "../../src/db/kept-database.ts";
import { openDatabase, writeTransaction } from "../../src/db/open.ts";
import type { Database } from "../../src/db/schema.ts";
import { Settings } from "../../src/db/settings.ts";
import { SavedQueues } from "../../src/db/saved-queues.ts";
import { SharedCommits } from "../../src/db/shared-commits.ts";
import { FakeClock } from "../fakes/clock.ts";
import { RecordingLogger } from "../fakes/logger.ts";
import { youtubeTrack } from "../fakes/tracks.ts";
import { flipPages, killWhileOpening, seededRandom } from "./damage.ts";
import { newEntry } from "./database.ts";

const NEVER = new AbortController().signal;
const ENDINGS = ["", "-wal", "-shm"];

let folder: string;
let file: string;
let clock: FakeClock;
let log: RecordingLogger;
let settled: number;
let open: KeptDatabase[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "encore-kept-"));
  file = path.join(folder, "data/encore.sqlite");
  clock = new FakeClock();
  log = new RecordingLogger();
  settled = 0;
  open = [];
});
afterEach(async () => {
  for (const kept of open) await kept.close();
  await rm(folder, { recursive: true, force: true });
});

async function settle(): Promise<void> {
  settled += 1;
}

async function keep(more: Partial<KeptDatabaseOptions> = {}): Promise<KeptDatabase> {
  const options = { file, clock, log, settle, ...more };
  const kept = await KeptDatabase.open(options, NEVER);
  open.push(kept);
  return kept;
}

async function closeAll(): Promise<void> {
  for (const kept of open.splice(0)) await kept.close();
}

/** A database with songs, and a backup of it. */
async function withBackup(songs: number): Promise<void> {
  const { db } = await openDatabase(file, { clock });
  await addSongs(db, songs);
  await makeBackup(file, "daily", clock);
  await db.destroy();
}

async function addSongs(db: Database, count: number): Promise<void> {
  const index = new CacheIndex(db);
  for (let number = 0; number < count; number += 1) {
    const id = `song-${String(number).padStart(6, "0")}`;
    await index.save(newEntry(id), youtubeTrack(id));
  }
}

async function titles(db: Database): Promise<number> {
  return (await db.selectFrom("tracks").select("title").execute()).length;
}

async function removeDatabase(): Promise<void> {
  for (const ending of ENDINGS) await rm(`${file}${ending}`, { force: true });
}

const names = async (): Promise<string[]> => readdir(path.dirname(file));
const recoveries = (): readonly object[] => log.named("database.recovered");

describe("at start, a database", () => {
  it("that is whole is opened as it is, a new one is made, and neither is called a recovery", async () => {
    await addSongs((await keep()).db, 3);
    await closeAll();
    expect(await titles((await keep()).db)).toBe(3);
    expect([recoveries(), settled]).toEqual([[], 0]);
  });

  it.each([
    ["flipped pages", () => flipPages(file)],
    ["a text in its place", () => writeFile(file, "this is not a database ".repeat(300))],
    ["its second half cut off", async () => truncate(file, (await stat(file)).size / 2)],
    ["nothing in it", () => truncate(file, 0)],
  ])("with %s is set aside, and the newest backup takes its place", async (_what, damage) => {
    await withBackup(300);
    await damage();
    const { size } = await stat(file);
    const kept = await keep();
    expect(await titles(kept.db)).toBe(300);
    expect(settled).toBe(1);
    expect(recoveries()).toMatchObject([
      { found: "damaged", reason: expect.any(String), restoredFrom: expect.stringContaining("daily") },
    ]);
    const aside = (await names()).find((name) => /damaged-[\dTZ-]+$/u.test(name)) ?? "";
    expect((await stat(path.join(path.dirname(file), aside))).size).toBe(size);
    await closeAll();
    await keep();
    expect(recoveries()).toHaveLength(1);
  });

  it("is whole afterwards, whatever few bytes of it were changed", async () => {
    await withBackup(150);
    const whole = await readFile(file);
    const random = seededRandom("bytes changed");
    for (let run = 0; run < 40; run += 1) {
      const bytes = Buffer.from(whole);
      const length = 1 + Math.floor(random() * 64);
      // Every third time in the first two pages, where a few bytes decide about everything.
      const at = Math.floor(random() * (run % 3 === 0 ? 8_192 : bytes.length - length));
      for (let byte = at; byte < at + length; byte += 1) bytes[byte] = Math.floor(random() * 256);
      await writeFile(file, bytes);
      const kept = await keep();
      expect(await titles(kept.db), `${length} bytes at ${at}`).toBe(150);
      await closeAll();
      await removeDatabase();
    }
  });

  it("takes its sidecars along when it goes: none is read beside another database", async () => {
    await withBackup(10);
    await removeDatabase();
    const stranger = new Sqlite(path.join(folder, "stranger.sqlite"));
    stranger.exec("pragma journal_mode = wal; create table stranger (x)");
    for (const ending of ["-wal", "-shm"])
      await copyFile(path.join(folder, `stranger.sqlite${ending}`), `${file}${ending}`);
    stranger.close();
    expect(await titles((await keep()).db)).toBe(10);
    expect((await names()).filter((name) => /missing-.*-wal$/u.test(name))).toHaveLength(1);
  });

  it("that is missing comes back from the backup, when there was one", async () => {
    await withBackup(20);
    await removeDatabase();
    expect(await titles((await keep()).db)).toBe(20);
    expect(recoveries()).toMatchObject([{ found: "missing", setAside: undefined }]);
    await closeAll();
    await removeDatabase();
    await rm(path.join(path.dirname(file), "backups"), { recursive: true });
    expect(await titles((await keep()).db)).toBe(0);
    expect(recoveries()).toHaveLength(1);
  });

  it("comes back without what was held and played then", async () => {
    const { db } = await openDatabase(file, { clock });
    const [owner, times] = ["somebody", { expires_uptime_ms: 2 ** 40, expires_at_ms: 2 ** 43 }];
    await db
      .insertInto("leases")
      .values({ name: "key:a", token: 7, owner, ...times })
      .execute();
    await db.insertInto("reservations").values({ lease_name: "key:a", owner, bytes: 9 }).execute();
    await db.insertInto("files_in_use").values({ blob_ref: "a", owner }).execute();
    await new SavedQueues(db, new SharedCommits(db, 0)).save("guild", {
      session: {},
      positionMs: 0,
      waiting: ["song"],
    });
    await makeBackup(file, "daily", clock);
    await db.destroy();
    await removeDatabase();
    const kept = (await keep()).db;
    expect(await kept.selectFrom("leases").selectAll().execute()).toMatchObject([{ token: 7, owner: null }]);
    expect(await kept.selectFrom("reservations").selectAll().execute()).toEqual([]);
    for (const table of ["files_in_use", "queues", "queue_items"] as const)
      expect(await kept.selectFrom(table).selectAll().execute()).toEqual([]);
  });

  it("without any good backup is begun anew", async () => {
    await withBackup(5);
    const [backup = ""] = await readdir(path.join(path.dirname(file), "backups"));
    await writeFile(path.join(path.dirname(file), "backups", backup), "no backup either ".repeat(500));
    await writeFile(file, "x".repeat(10_000));
    expect(await titles((await keep()).db)).toBe(0);
    expect(recoveries()).toMatchObject([{ found: "damaged", restoredFrom: undefined }]);
  });

  it("comes back from an older backup when the newest is no good", async () => {
    await withBackup(5);
    clock.advance(1_000);
    const newest = await makeBackup(file, "daily", clock);
    await truncate(newest, 5_000);
    await writeFile(file, "x".repeat(10_000));
    expect(await titles((await keep()).db)).toBe(5);
  });

  it("of a newer version is refused, whole or damaged, and stays where it is", async () => {
    await withBackup(300);
    const newer = new Sqlite(file);
    newer.exec("insert into kysely_migration values ('9999-future', '2030-01-01')");
    newer.close();
    await expect(keep()).rejects.toMatchObject({ code: "DATABASE_NEWER" });
    // The page with the newest tracks, far behind the list of migrations.
    const handle = await openFile(file, "r+");
    const { size } = await handle.stat();
    await handle.write(Buffer.alloc(4096, 7), 0, 4096, size - 4096);
    await handle.close();
    await expect(keep()).rejects.toMatchObject({ code: "DATABASE_NEWER" });
    expect((await names()).filter((name) => name.includes("damaged"))).toEqual([]);
  });

  it("that only cannot be opened is not set aside", async () => {
    await mkdir(file, { recursive: true });
    await expect(keep()).rejects.toMatchObject({ code: "DATABASE_UNREADABLE" });
    expect((await names()).filter((name) => name !== "encore.sqlite.lock")).toEqual(["encore.sqlite"]);
  });

  it("is recovered once when several open it at the same time", async () => {
    await withBackup(50);
    await writeFile(file, "x".repeat(10_000));
    const opened = await Promise.all([keep(), keep(), keep()]);
    for (const { db } of opened) expect(await titles(db)).toBe(50);
    expect(recoveries()).toHaveLength(1);
    expect((await names()).filter((name) => name.includes("damaged"))).toHaveLength(1);
  });
});

describe("a recovery that is killed", () => {
  it("at any moment is done by the next one; nothing of it stays but what was set aside", async () => {
    await withBackup(150);
    const random = seededRandom("recoveries killed");
    let killed = 0;
    for (let run = 0; run < 12; run += 1) {
      await writeFile(file, "x".repeat(10_000));
      if (await killWhileOpening(file, random() * 200)) killed += 1;
    }
    expect(killed).toBeGreaterThan(0);
    expect(await titles((await keep()).db)).toBe(150);
    await closeAll();
    const left = (await names()).filter((name) => !/damaged|missing/u.test(name));
    expect(left.toSorted()).toEqual(["backups", "encore.sqlite", "encore.sqlite.lock"]);
  });
});

describe("under two processes, a database", () => {
  it("that is deleted comes back once, and both go on with the same", async () => {
    const [one, two] = [await keep(), await keep()];
    await addSongs(one.db, 20);
    await removeDatabase();
    expect(await Promise.all([one.check(NEVER), two.check(NEVER)])).toEqual([true, true]);
    expect(recoveries()).toHaveLength(1);
    await new Settings(one.db).set("from one", "1");
    expect(await new Settings(two.db).get("from one")).toBe("1");
    expect(await titles(two.db)).toBe(20);
    expect(await Promise.all([one.check(NEVER), two.check(NEVER)])).toEqual([false, false]);
  });
});

describe("under a running process, a database", () => {
  it("that is as it was costs nothing", async () => {
    const kept = await keep();
    expect(await kept.check(NEVER)).toBe(false);
    await addSongs(kept.db, 3);
    expect(await kept.check(NEVER)).toBe(false);
    expect(log.events).toEqual([]);
  });

  it.each([
    ["deleted", removeDatabase],
    ["deleted without its sidecars", () => rm(file)],
    ["deleted with its folder and the backups", () => rm(path.dirname(file), { recursive: true })],
    ["moved away", () => rename(file, `${file}.away`)],
  ])("that was %s comes back with every row, and what is written next stays", async (_how, lose) => {
    const kept = await keep();
    await addSongs(kept.db, 100);
    await lose();
    const settings = new Settings(kept.db);
    await settings.set("written", "into the deleted file");
    expect(await kept.check(NEVER)).toBe(true);
    expect(kept.generation).toBe(2);
    expect(recoveries().at(-1)).toMatchObject({ found: "missing", restoredFrom: "memory" });
    await settings.set("next", "stays");
    expect(await kept.check(NEVER)).toBe(false);
    await closeAll();
    const { db } = await openDatabase(file);
    expect(await titles(db)).toBe(100);
    expect(await new Settings(db).get("written")).toBe("into the deleted file");
    expect(await new Settings(db).get("next")).toBe("stays");
    await db.destroy();
  });

  it("that somebody replaced is taken, and made fit for what is in the cache", async () => {
    const kept = await keep();
    await addSongs(kept.db, 10);
    settled = 0;
    const other = path.join(folder, "other.sqlite");
    const { db } = await openDatabase(other);
    await new Settings(db).set("from", "elsewhere");
    await db.destroy();
    await removeDatabase();
    await rename(other, file);
    expect(await kept.check(NEVER)).toBe(true);
    expect(settled).toBe(1);
    expect(await new Settings(kept.db).get("from")).toBe("elsewhere");
    await addSongs(kept.db, 10);
    await closeAll();
    const again = await openDatabase(file);
    expect(await titles(again.db)).toBe(10);
    await again.db.destroy();
  });

  it("that was overwritten in place is set aside, and the newest backup takes its place", async () => {
    await withBackup(30);
    const kept = await keep();
    await titles(kept.db);
    await truncate(`${file}-wal`, 0);
    await writeFile(file, "x".repeat(50_000));
    expect(await kept.check(NEVER)).toBe(true);
    expect(await titles(kept.db)).toBe(30);
    expect(recoveries()).toMatchObject([{ found: "damaged" }]);
    expect(await kept.check(NEVER)).toBe(false);
  });

  it("loses its -wal and no commit", async () => {
    const kept = await keep();
    await addSongs(kept.db, 5);
    await kept.check(NEVER);
    await rm(`${file}-wal`);
    expect(await kept.check(NEVER)).toBe(true);
    await addSongs(kept.db, 6);
    await closeAll();
    const { db } = await openDatabase(file);
    expect(await titles(db)).toBe(6);
    await db.destroy();
  });

  it("whose -wal cannot shrink, because somebody reads for long, is told once; afterwards it shrinks", async () => {
    const kept = await keep({ walAlarmBytes: 8 * 1024 * 1024 });
    const settings = new Settings(kept.db);
    const write = async (megabytes: number): Promise<void> => {
      for (let written = 0; written < megabytes; written += 1)
        await settings.set("name", String(written % 10).repeat(2 ** 20));
    };
    await write(20);
    await kept.check(NEVER);
    expect(log.named("database.wal_large")).toEqual([]);
    const reader = new Sqlite(file);
    reader.exec("begin");
    reader.prepare("select name from settings").all();
    await write(20);
    for (let look = 0; look < 3; look += 1) expect(await kept.check(NEVER)).toBe(false);
    expect(log.named("database.wal_large")).toEqual([{ bytes: expect.any(Number) }]);
    reader.close();
    await sql`pragma wal_checkpoint(truncate)`.execute(kept.db);
    await kept.check(NEVER);
    expect((await stat(`${file}-wal`)).size).toBe(0);
  });

  it("changes between transactions, never within one, and nobody sees an error", async () => {
    const kept = await keep();
    const counting = Array.from({ length: 20 }, (_, worker) =>
      writeTransaction(kept.db, async (transaction) => {
        const settings = new Settings(transaction);
        await settings.set(`first ${worker}`, "1");
        if (worker === 5) await removeDatabase();
        await settings.set(`second ${worker}`, "2");
      }),
    );
    await Promise.all([...counting, kept.check(NEVER), kept.check(NEVER)]);
    await kept.check(NEVER);
    await closeAll();
    const { db } = await openDatabase(file);
    const rows = await db.selectFrom("settings").select("name").execute();
    expect(rows).toHaveLength(40);
    await db.destroy();
  });

  it("goes on as it is when nothing can be put in its place, and is tried again", async () => {
    const kept = await keep();
    await addSongs(kept.db, 4);
    await rm(path.dirname(file), { recursive: true });
    await writeFile(path.dirname(file), "a file is in the way");
    await expect(kept.check(NEVER)).rejects.toThrow(/EEXIST|ENOTDIR/u);
    expect(await titles(kept.db)).toBe(4);
    await rm(path.dirname(file));
    expect(await kept.check(NEVER)).toBe(true);
    expect(await titles(kept.db)).toBe(4);
  });
});

describe("the daily backup", () => {
  it("is made once, by whoever comes first", async () => {
    const [one, two] = [await keep(), await keep()];
    const made = await Promise.all([one.backupIfDue(NEVER), two.backupIfDue(NEVER), one.backupIfDue(NEVER)]);
    expect(made.filter((made_) => made_ !== undefined)).toHaveLength(1);
  });

  it("that meets damage has the database brought back at the next check", async () => {
    await withBackup(300);
    clock.advance(48 * 60 * 60 * 1000);
    const kept = await keep();
    await flipPages(file);
    await expect(kept.backupIfDue(NEVER)).rejects.toMatchObject({ code: "SQLITE_CORRUPT" });
    expect(await kept.check(NEVER)).toBe(true);
    expect(await titles(kept.db)).toBe(300);
  });
});
