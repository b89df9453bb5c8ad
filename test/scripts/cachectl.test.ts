import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { createKeepRules } from "../../src/app/keep-rules.ts";
import { thisProcess } from "../../src/app/lease-holder.ts";
import { GuildSettings } from "../../src/db/guild-settings.ts";
import { PlayLog } from "../../src/db/play-log.ts";
import { ERRORS } from "../../src/core/errors.ts";
import { SharedUse } from "../../src/db/shared-use.ts";
import { PROFILE } from "../db/database.ts";
import { keyOf, realPackets, refOf, songId } from "../maintenance/cache-lab.ts";
import { type CachectlLab, openCachectl } from "./cachectl-lab.ts";
import { flawsOf } from "./cachectl-schema.ts";

let packets: readonly Buffer[];
beforeAll(async () => {
  packets = await realPackets();
});

const DAY_MS = 24 * 60 * 60 * 1000;

/** Songs 1 to 3 were not played for 100 days, 4 and 5 were played yesterday. */
async function withSongs(): Promise<CachectlLab> {
  const cachectl = await openCachectl(packets);
  const { lab } = cachectl;
  await lab.songs(1, 2, 3, 4, 5);
  const nowMs = Date.now();
  for (const number of [1, 2, 3, 4, 5]) {
    const last_played_at_ms = nowMs - (number < 4 ? 100 : 1) * DAY_MS;
    await lab.db
      .updateTable("cache_entries")
      .set({ last_played_at_ms, created_at_ms: nowMs - 200 * DAY_MS })
      .where("key", "=", keyOf(number))
      .execute();
  }
  return cachectl;
}

const songs = (lab: CachectlLab["lab"]): Promise<string[]> => lab.names("audio", PROFILE.id);

describe("status", () => {
  it("tells numbers to people and programs", async () => {
    const { lab, run } = await withSongs();
    await lab.file(9);
    await lab.write("quarantine/x", "bad");
    const rules = createKeepRules(new GuildSettings(lab.db));
    await rules.setRule("7", { kind: "longer", minutes: 45 }, "never");
    const { exitCode, json } = await run("status", "--json");
    expect([exitCode, flawsOf("status", json)]).toEqual([0, []]);
    expect(json).toMatchObject({
      files: 5,
      orphans: { count: 1 },
      scraps: { quarantine: { count: 1, bytes: 3 } },
      profiles: [{ profileId: PROFILE.id, files: 5, isStale: false }],
      warnings: [],
      rules: [{ guildId: "7", kind: "longer", minutes: 45, verdict: "never" }],
    });
    const { out } = await run("status");
    expect(out).toContain("5 songs");
    expect(out).toContain(PROFILE.id);
    expect(out).toMatch(/server 7 +longer than 45 min +never/u);
  });

  it("warns of a cache that is nearly full and of a disk without room", async () => {
    const { start } = await withSongs();
    const settings = { CACHE_LIMIT: "56KB", CACHE_FREE_DISK_FLOOR: "9999TB" };
    const { out } = await start(["status"], settings).done;
    expect(out).toMatch(/! The cache is \d+ % full/u);
    expect(out).toContain("! The disk is too full");
  });
});

describe("reconcile", () => {
  it("says first what it would do, does it, and has nothing left to do", async () => {
    const { lab, run } = await withSongs();
    await lab.file(9);
    await lab.file(10, "torn");
    const dry = await run("reconcile", "--dry-run", "--json");
    expect([dry.exitCode, flawsOf("run", dry.json)]).toEqual([0, []]);
    expect(await lab.entry(9)).toBeUndefined();
    const real = await run("reconcile", "--json");
    expect(real.json).toMatchObject({
      done: dry.json["done"],
      changed: { files: 0, rows: 1 },
      errorCount: 0,
    });
    expect((await lab.entry(9))?.state).toBe("ready");
    expect((await run("reconcile")).out).toMatch(/^Nothing to do, [\d.]+ s\.\nLog: reconcile-.*\.json\n$/u);
  });
});

describe("verify", () => {
  it("leaves with 3 as long as something is damaged, and repairs it when told to", async () => {
    const { lab, run } = await withSongs();
    await lab.file(2, lab.bytesOf(2, { TITLE: "Sang 2" }));
    const found = await run("verify", "--json");
    expect([found.exitCode, flawsOf("run", found.json)]).toEqual([3, []]);
    expect(found.json["seen"]).toContainEqual(expect.objectContaining({ action: "damaged", count: 1 }));
    expect((await run("verify")).out).toMatch(/1 damaged, nothing changed \(see --repair\), [\d.]+ s\./u);
    expect(await songs(lab)).toHaveLength(5);
    expect((await run("verify", "--repair", "--json")).exitCode).toBe(0);
    expect(await songs(lab)).toHaveLength(4);
    expect(await lab.names("quarantine")).toHaveLength(1);
  });

  it("prints the seed of a sample, which picks the same files again", async () => {
    const { run } = await withSongs();
    const first = await run("verify", "--sample", "40%", "--json");
    const seed = String(first.json["seed"]);
    const again = await run("verify", "--sample=40 %", `--seed=${seed}`, "--json");
    expect(again.json["seen"]).toEqual(first.json["seen"]);
    expect((await run("verify", "--sample", "lots")).exitCode).toBe(2);
  });
});

describe("cleanup", () => {
  it("shows a table of what would go, and changes nothing", async () => {
    const { lab, run } = await withSongs();
    await run("status");
    const before = await lab.state();
    const { exitCode, out } = await run("cleanup", "--dry-run");
    expect(exitCode).toBe(0);
    expect(out).toMatch(/Would delete 3 songs .* Kept: 2 songs/u);
    expect(out).toMatch(/removed {2}not played lately {2}3/u);
    expect(out).toContain("Run without --dry-run");
    expect(await lab.state()).toEqual(before);
  });

  it("refuses without a terminal, and does it by force", async () => {
    const { lab, run } = await withSongs();
    const refused = await run("cleanup", "--json");
    expect([refused.exitCode, flawsOf("refused", refused.json)]).toEqual([2, []]);
    expect(await songs(lab)).toHaveLength(5);
    const done = await run("cleanup", "--force", "--json");
    expect([done.exitCode, flawsOf("run", done.json)]).toEqual([0, []]);
    expect(done.json).toMatchObject({ deleted: { files: 3, rows: 3 }, errors: [] });
    expect(await songs(lab)).toEqual([4, 5].map((number) => `${songId(number)}.opus`));
    expect((await lab.entry(1))?.state).toBe("evicted");
    const log = await readFile(lab.path("logs", String(done.json["log"])), "utf8");
    expect((JSON.parse(log) as { events: unknown[] }).events).toHaveLength(3);
    const runs = await lab.db.selectFrom("maintenance_runs").selectAll().execute();
    expect(runs).toMatchObject([{ kind: "cleanup", origin: "cli", detail: "force", removed_files: 3 }]);
  });

  it("takes only the categories that are named, and names the empty ones", async () => {
    const { lab, run } = await withSongs();
    await lab.write("quarantine/old", "x");
    await lab.write(`work/${songId(7)}.1-aaaaaaaaaaaa.src`, "x");
    const { err, exitCode } = await run("cleanup", "--quarantine", "--work", "--orphans", "--force");
    expect([exitCode, err]).toEqual([0, expect.stringContaining("orphans: nothing to remove.")]);
    expect([await lab.names("quarantine"), await lab.names("work")]).toEqual([[], []]);
    expect(await songs(lab)).toHaveLength(5);
  });

  it("forgets old plays, but not with --cache-only", async () => {
    const { lab, run } = await openCachectl(packets);
    const plays = new PlayLog(lab.db);
    const facts = {
      guildId: "g",
      key: "k",
      profileId: PROFILE.id,
      outcome: "hit",
      waitedMs: 1,
      bytesSaved: 1,
    } as const;
    for (const days of [1, 399, 401]) await plays.record({ ...facts, atMs: Date.now() - days * 86_400_000 });
    expect((await run("cleanup", "--cache-only", "--force")).exitCode).toBe(0);
    expect((await run("cleanup", "--cache-only", "--statistics")).exitCode).toBe(2);
    expect((await run("cleanup", "--dry-run")).out).toMatch(/forgotten {2}statistics {2}1/u);
    expect((await run("cleanup")).err).toContain("Refusing to delete 1 old play without --force.");
    expect((await plays.countSince(0)).hits).toBe(3);
    const done = await run("cleanup", "--statistics", "--force", "--json");
    expect([done.exitCode, flawsOf("run", done.json)]).toEqual([0, []]);
    expect(done.json).toMatchObject({ deleted: { files: 0, rows: 1 }, empty: [] });
    expect((await plays.countSince(0)).hits).toBe(2);
  });

  it("knows no other categories", async () => {
    const { run } = await openCachectl(packets);
    const { exitCode, err } = await run("cleanup", "--expird");
    expect([exitCode, err]).toEqual([2, expect.stringContaining("--expired")]);
    const torn = await run("cleanup", "--cache-only", "--quarantine", "--force");
    expect([torn.exitCode, torn.err]).toEqual([2, expect.stringContaining("'--quarantine'")]);
  });

  it("goes down to a size, and by days", async () => {
    const { lab, run } = await withSongs();
    expect((await run("cleanup", "--retention-days", "0.5", "--dry-run", "--json")).json).toMatchObject({
      deleted: { files: 5 },
    });
    const size = `${lab.bytesOf(1).length * 2}B`;
    await run("cleanup", "--target-size", size, "--over-limit", "--force");
    expect(await songs(lab)).toHaveLength(2);
  });

  it("keeps what the bot plays, and counts what cannot be removed", async () => {
    const { lab, run } = await withSongs();
    await new SharedUse(lab.db, thisProcess()).tell(new Set([refOf(1)]));
    await mkdir(lab.path("quarantine/folder"));
    const done = await run("cleanup", "--expired", "--quarantine", "--force", "--json");
    expect([done.exitCode, flawsOf("run", done.json)]).toEqual([3, []]);
    expect(done.json).toMatchObject({
      deleted: { files: 2 },
      errorCount: 1,
      errors: [{ subject: "quarantine/folder", code: "CACHE_UNWRITABLE", detail: "ERR_FS_EISDIR" }],
      seen: [{ action: "kept", reason: "playing", count: 1 }],
    });
    expect(await songs(lab)).toContain(`${songId(1)}.opus`);
  });
});

describe("clear", () => {
  it("wants the number of songs, and takes no other", async () => {
    const { lab, run } = await withSongs();
    const refused = await run("clear", "--json");
    expect([refused.exitCode, flawsOf("refused", refused.json)]).toEqual([2, []]);
    expect(refused.json).toMatchObject({ songs: 5 });
    expect((await run("clear", "--confirm", "4")).exitCode).toBe(2);
    expect(await songs(lab)).toHaveLength(5);
    expect((await run("clear", "--confirm", "5")).exitCode).toBe(0);
    expect(await songs(lab)).toEqual([]);
  });

  it("takes one song, a source or a profile", async () => {
    const { lab, run } = await withSongs();
    expect((await run("clear", songId(1), "--confirm", "1")).exitCode).toBe(0);
    const gone = await run("clear", songId(1), "--force");
    expect([gone.exitCode, gone.err]).toEqual([2, `${ERRORS.NOT_CACHED.message}\n`]);
    const none = await run("clear", "--source", "direct", "--force", "--json");
    expect(none.json).toMatchObject({ exitCode: 2, refused: "No song of the source direct is cached." });
    expect(await songs(lab)).toHaveLength(4);
    const unknown = await run("clear", "--profile", "loud", "--force");
    expect([unknown.exitCode, unknown.err]).toEqual([2, expect.stringContaining(PROFILE.id)]);
    expect((await run("clear", "--profile", "standard", "--force")).exitCode).toBe(0);
    expect(await songs(lab)).toEqual([]);
    expect((await run("clear", "../x", "--force")).exitCode).toBe(2);
  });

  it("leaves what the bot plays until it has ended, and says so", async () => {
    const { lab, run } = await withSongs();
    const player = new SharedUse(lab.db, thisProcess());
    await player.tell(new Set([refOf(1)]));
    const { exitCode, out } = await run("clear", "--force");
    expect([exitCode, out]).toEqual([3, expect.stringMatching(/in use {2}goes when it has ended {2}1/u)]);
    expect(await songs(lab)).toEqual([`${songId(1)}.opus`]);
    await player.tell(new Set());
    expect((await run("reconcile")).exitCode).toBe(0);
    expect(await songs(lab)).toEqual([]);
    const runs = await lab.db.selectFrom("maintenance_runs").selectAll().orderBy("started_at_ms").execute();
    expect(runs).toMatchObject([
      { kind: "clear", removed_files: 4, kept_in_use: 1 },
      { kind: "reconcile", removed_files: 1 },
    ]);
  });
});

describe("single songs", () => {
  it("are pinned, so that no clean-up takes them, and unpinned", async () => {
    const { lab, run } = await withSongs();
    expect((await run("pin", songId(1), "--json")).json).toMatchObject({ exitCode: 0, changed: 1 });
    expect((await run("pin", songId(1))).out).toContain("already");
    await run("cleanup", "--force");
    expect(await songs(lab)).toContain(`${songId(1)}.opus`);
    await run("unpin", songId(1));
    await run("cleanup", "--force");
    expect(await songs(lab)).not.toContain(`${songId(1)}.opus`);
    const missing = await run("pin", songId(99), "--json");
    expect([missing.exitCode, flawsOf("failed", missing.json)]).toEqual([2, []]);
  });

  it("are exported with their tags, never over another file", async () => {
    const { lab, root, run } = await withSongs();
    const folder = path.join(root, "out");
    const { json, exitCode } = await run("export", songId(4), folder, "--json");
    expect(exitCode).toBe(0);
    expect(await readFile(String(json["file"]))).toEqual(lab.bytesOf(4));
    expect((await run("export", songId(4), folder)).exitCode).toBe(1);
  });

  it.each([
    ["/dev/null", "a file is in the way"],
    ["/dev/null/songs", "a file is in the way"],
    ["/proc/no/such/place", "no folder can be made there"],
  ])("are not exported to %s, which is said in one sentence", async (folder, reason) => {
    const { run } = await withSongs();
    const { exitCode, out } = await run("export", songId(4), folder);
    expect([exitCode, out]).toEqual([1, `The song could not be copied to ${folder}: ${reason}\n`]);
  });
});

describe("what goes wrong", () => {
  it("is told as one object too", async () => {
    const { start, run } = await openCachectl(packets);
    const settings = await start(["status", "--json"], { CACHE_LIMIT: "banana" }).done;
    expect([settings.exitCode, flawsOf("failed", settings.json)]).toEqual([5, []]);
    const unknown = await run("clean", "--json");
    expect([unknown.exitCode, flawsOf("failed", unknown.json)]).toEqual([2, []]);
    const usage = await run("pin", "--json");
    expect([usage.exitCode, flawsOf("failed", usage.json)]).toEqual([2, []]);
    expect((await run()).exitCode).toBe(2);
    expect((await run("--help")).exitCode).toBe(0);
    const link = await run("pin", "https://youtu.be/song__00001");
    expect([link.exitCode, link.out + link.err]).toEqual([
      2,
      expect.stringContaining("is not the ID of a song"),
    ]);
  });

  it("is that another run is on: 4", async () => {
    const { lab, run } = await withSongs();
    await lab.leases.tryAcquire("maintenance", 60_000);
    const busy = await run("cleanup", "--force", "--json");
    expect([busy.exitCode, flawsOf("failed", busy.json)]).toEqual([4, []]);
    expect(await songs(lab)).toHaveLength(5);
    expect((await run("cleanup", "--dry-run")).exitCode).toBe(0);
  });

  it("is a song that cannot be removed: one line says so, and the others go", async () => {
    const { lab, run } = await withSongs();
    await rm(lab.path("audio", refOf(1)));
    await lab.write(`audio/${refOf(1)}/in-the-way`, "x");
    const { exitCode, out, err } = await run("clear", "--force");
    expect([exitCode, out]).toEqual([3, expect.stringContaining("Could not be done: 1\n")]);
    expect(err).not.toMatch(/ERROR|stack| at /u);
    expect(await songs(lab)).toEqual([`${songId(1)}.opus`]);
    expect((await run("clear", "--force")).out).toContain("Nothing could be done");
  });

  it("is a damaged database: what became of it is said, and reconcile finds the songs again", async () => {
    const { lab, root, start } = await withSongs();
    const file = path.join(root, "data/damaged.sqlite");
    await writeFile(file, "this is not a database ".repeat(300));
    const settings = { DATABASE_URL: `file:${file}` };
    const foreign = await start(["reconcile"], settings).done;
    expect([foreign.exitCode, foreign.out]).toEqual([1, expect.stringContaining("left as it is")]);
    // Our lock beside it says that it was ours.
    await writeFile(`${file}.lock`, "");
    const { exitCode, err } = await start(["reconcile"], settings).done;
    expect([exitCode, err]).toEqual([
      0,
      expect.stringMatching(/^The database was damaged and is now .*damaged-/u),
    ]);
    expect((await start(["status", "--json"], settings).done).json).toMatchObject({ files: 5 });
    expect(await songs(lab)).toHaveLength(5);
  });

  it("is that a file stands where a folder should be", async () => {
    const { lab, root, start } = await openCachectl(packets);
    await writeFile(path.join(root, "file"), "");
    const { exitCode, err, out } = await start(["status"], { CACHE_DIR: path.join(root, "file/cache") }).done;
    expect([exitCode, err + out]).toEqual([1, expect.stringContaining("cannot be written")]);
    expect(await songs(lab)).toEqual([]);
  });
});

it("stops soon on Ctrl-C, leaves things sound and says so", async () => {
  const { lab, run, start } = await withSongs();
  // It waits for the second song, which somebody else is busy with.
  const held = await lab.leases.tryAcquire(`key:${songId(2)}`, 60_000);
  const running = start(["clear", "--force", "--json"]);
  await vi.waitFor(async () => expect(await songs(lab)).not.toContain(`${songId(1)}.opus`), 20_000);
  // As npm and the launcher do, which hand on what the terminal has told already.
  running.interrupt();
  running.interrupt();
  const { exitCode, json } = await running.done;
  expect([exitCode, flawsOf("run", json)]).toEqual([130, []]);
  expect(json).toMatchObject({ interrupted: true, deleted: { files: 1 } });
  expect(await songs(lab)).toHaveLength(4);
  if (held) await lab.leases.release(held);
  expect((await run("reconcile", "--json")).json).toMatchObject({ done: [] });
});
