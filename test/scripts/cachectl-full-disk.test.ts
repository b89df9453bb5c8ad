import { readdir, readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it, onTestFinished, type TestContext } from "vitest";
import { checkDatabase } from "../../src/app/database-findings.ts";
import { thisProcess } from "../../src/app/lease-holder.ts";
import { loadConfig } from "../../src/config/config.ts";
import { configFiles } from "../../src/config/environment.ts";
import { KEY_LEASE } from "../../src/db/leases.ts";
import { SharedUse } from "../../src/db/shared-use.ts";
import { ballastFile, layBallast } from "../../src/maintenance/ballast.ts";
import { PROFILE } from "../db/database.ts";
import { fillDisk } from "../faults/lab/fill-disk.ts";
import { mountSmall, NOT_MOUNTED, unmount } from "../faults/lab/mount.ts";
import { keyOf, realPackets, refOf, songId } from "../maintenance/cache-lab.ts";
import { type CachectlLab, openCachectl } from "./cachectl-lab.ts";

const MIB = 1024 * 1024;
const DAY_MS = 24 * 60 * 60 * 1000;
const SONGS = Array.from({ length: 20 }, (_, at) => at + 1);
const OLD = SONGS.slice(0, 10);
const COPY_IS_USED = "a copy of it is used";

let packets: readonly Buffer[];
beforeAll(async () => {
  const second = await realPackets();
  // 160 KiB, so that ten songs make room for a database.
  packets = Array.from({ length: 20 }, () => second).flat();
});

/** Cache and database on a small disk; the first ten songs were not played for long. Skips loudly where none may be mounted. */
async function onSmallDisk(context: TestContext, bytes: number): Promise<CachectlLab> {
  const cachectl = await openCachectl(packets, (root) => {
    if (!mountSmall(root, bytes)) {
      process.stderr.write(NOT_MOUNTED);
      context.skip();
    }
  });
  const { lab, root: disk } = cachectl;
  // Before its folder is removed.
  onTestFinished(() => unmount(disk));
  await lab.songs(...SONGS);
  const played = { last_played_at_ms: Date.now() - 100 * DAY_MS, created_at_ms: Date.now() - 200 * DAY_MS };
  for (const number of OLD)
    await lab.db.updateTable("cache_entries").set(played).where("key", "=", keyOf(number)).execute();
  return cachectl;
}

async function kept({ lab }: CachectlLab): Promise<string[]> {
  return await lab.names("audio", PROFILE.id);
}

const names = (numbers: readonly number[]): string[] => numbers.map((number) => `${songId(number)}.opus`);

/** Rows and files agree, every file is what it was, and nothing is left to do. */
async function expectWhole(cachectl: CachectlLab, numbers: readonly number[]): Promise<void> {
  expect(await kept(cachectl)).toEqual(names(numbers));
  const status = await cachectl.run("status", "--json");
  expect(status.json).toMatchObject({ exitCode: 0, files: numbers.length, orphans: { count: 0 } });
  expect(status.err).not.toContain(COPY_IS_USED);
  expect((await cachectl.run("reconcile")).out).toMatch(/^0 changes|Nothing/mu);
  expect((await cachectl.run("verify")).exitCode).toBe(0);
}

describe("a disk that is full to its last byte, with cache and database on it", () => {
  it("without a ballast is looked at and cleaned by a copy of the database, which learns of it", async (context) => {
    const cachectl = await onSmallDisk(context, 12 * MIB);
    const { lab, root, run } = cachectl;
    await lab.db.destroy();
    await fillDisk(root);

    const looked = await run("status", "--json");
    expect(looked.json).toMatchObject({ exitCode: 0, files: 20, freeDiskBytes: 0 });
    expect((await run("status")).err).toContain(COPY_IS_USED);
    const config = loadConfig({ DATABASE_URL: `file:${root}/data/encore.sqlite` }, configFiles(root)).config;
    expect(await checkDatabase(config)).toMatchObject({
      status: "problem",
      text: expect.stringContaining("The disk is too full for the database"),
    });
    const refused = await run("reconcile");
    expect(refused).toMatchObject({
      exitCode: 1,
      out: expect.stringMatching(/^The disk is too full for the database\. [^\n]+\n$/u),
    });
    expect((await run("cleanup", "--expired", "--dry-run")).out).toContain("Would delete 10 songs");
    expect(await kept(cachectl)).toEqual(names(SONGS));

    const cleaned = await run("cleanup", "--expired", "--force");
    expect(cleaned).toMatchObject({ exitCode: 0, out: expect.stringContaining("10 files removed") });
    await expectWhole(cachectl, SONGS.slice(10));
    const { json } = await run("status", "--json");
    expect(json["lastRuns"]).toMatchObject([
      { kind: "verify" },
      { kind: "reconcile" },
      { kind: "reconcile", detail: "after making room on a full disk", repaired: 10 },
      { kind: "cleanup", removedFiles: 10 },
    ]);
  });

  it("keeps what a running bot plays or fills, though it too has the database open", async (context) => {
    const cachectl = await onSmallDisk(context, 12 * MIB);
    const { lab, root, run } = cachectl;
    await new SharedUse(lab.db, thisProcess()).tell(new Set([refOf(1)]));
    await lab.leases.tryAcquire(`${KEY_LEASE}${keyOf(2)}`, 60_000);
    await fillDisk(root);
    const { out, err } = await run("cleanup", "--expired", "--force");
    expect(err).toContain(COPY_IS_USED);
    expect(out).toContain("8 files removed");
    expect(await kept(cachectl)).toEqual(names([1, 2, ...SONGS.slice(10)]));
  });

  it("is emptied by clear", async (context) => {
    const cachectl = await onSmallDisk(context, 12 * MIB);
    const { lab, root, run } = cachectl;
    await lab.db.destroy();
    await fillDisk(root);
    expect((await run("clear", "--confirm", "20")).exitCode).toBe(0);
    await expectWhole(cachectl, []);
  });

  it("says what to do when what was removed is too little for the database", async (context) => {
    const cachectl = await onSmallDisk(context, 12 * MIB);
    const { lab, root, run } = cachectl;
    await lab.db.destroy();
    await fillDisk(root);
    const { exitCode, err } = await run("clear", songId(1), "--confirm", "1");
    expect([exitCode, err]).toEqual([0, expect.stringContaining("then run: npm run cache -- reconcile")]);
    expect((await run("clear", "--force")).exitCode).toBe(0);
    await expectWhole(cachectl, []);
  });

  it("with a ballast is cleaned as ever, because that goes first", async (context) => {
    const cachectl = await onSmallDisk(context, 20 * MIB);
    const { lab, root, run } = cachectl;
    await lab.db.destroy();
    const ballast = ballastFile(lab.cache);
    expect(await layBallast(ballast, Number.MAX_SAFE_INTEGER)).toBe("laid");
    await fillDisk(root);
    expect((await readFile(ballast)).length).toBe(8 * MIB);
    const { exitCode, err } = await run("cleanup", "--expired", "--force");
    expect(exitCode).toBe(0);
    expect(err).not.toContain(COPY_IS_USED);
    expect(await readdir(lab.cache)).not.toContain("ballast");
    await expectWhole(cachectl, SONGS.slice(10));
  });
});
