import { mkdir, readdir, rm, statfs } from "node:fs/promises";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, it, type TestContext } from "vitest";
import { ballastFile, layBallast } from "../../src/maintenance/ballast.ts";
import { fillDisk } from "../faults/lab/fill-disk.ts";
import { mountSmall, NOT_MOUNTED, unmount } from "../faults/lab/mount.ts";
import type { BotProcess } from "../sandbox/bot-process.ts";
import type { Song } from "../sandbox/media/catalogue.ts";
import { Stage } from "../sandbox/stage.ts";
import { furnish, type Room } from "./actions.ts";

const MIB = 1024 * 1024;

let stage: Stage;
let room: Room;
let disk: string;

beforeEach(async () => {
  stage = await Stage.set();
  room = furnish(stage);
  stage.discord.makeOwner(room.ann);
  disk = path.join(stage.directory, "disk");
  await mkdir(disk);
});
afterEach(async () => {
  unmount(disk);
  await stage[Symbol.asyncDispose]();
});

/** The bot with its cache, its database and its temporary files on one small disk. Skips loudly where none may be mounted. */
async function onSmallDisk(context: TestContext, bytes: number): Promise<BotProcess> {
  if (!mountSmall(disk, bytes)) {
    process.stderr.write(NOT_MOUNTED);
    context.skip();
  }
  await mkdir(path.join(disk, "tmp"));
  return await stage.startBot({
    CACHE_DIR: path.join(disk, "cache"),
    DATABASE_URL: `file:${disk}/data/encore.sqlite`,
    TMPDIR: path.join(disk, "tmp"),
  });
}

/** Plays a song to its end; says whether it was heard whole. */
async function isHeard(bot: BotProcess, song: Song): Promise<boolean> {
  const before = bot.named("player.finished").length;
  room.guild.heard.reset();
  room.ann.says("general", `?play ${song.url}`);
  await bot.event("player.finished", { count: before + 1 });
  return Math.abs(room.guild.heard.durationMs - song.durationMs) <= 60;
}

const inCache = (...names: readonly string[]): Promise<string[]> =>
  readdir(path.join(disk, "cache", ...names));

async function freeBytes(): Promise<number> {
  const { bavail, bsize } = await statfs(disk);
  return bavail * bsize;
}

describe("a disk that is full to its last byte, with cache and database on it", () => {
  it("without a ballast plays what is cached, and what is not for this once; the owner is told", async (context) => {
    const bot = await onSmallDisk(context, 24 * MIB);
    const cached = await stage.media.addSong({ title: "There before", durationMs: 2000 });
    const fresh = await stage.media.addSong({ title: "No room left", durationMs: 2000, frequencyHz: 660 });
    expect(await isHeard(bot, cached)).toBe(true);
    const filler = await fillDisk(disk);
    expect(await freeBytes()).toBe(0);

    expect(await isHeard(bot, fresh)).toBe(true);
    expect(bot.named("cache.unstored")).toMatchObject([{ key: fresh.id, code: "DISK_TOO_FULL" }]);
    expect(await isHeard(bot, cached)).toBe(true);
    expect(bot.named("cache.hit")).toMatchObject([{ key: cached.id }]);
    await bot.event("owners.told", { matches: ({ kind }) => kind === "song-unstored" });
    expect(await inCache("work")).toEqual([]);
    expect(await inCache()).not.toContain("ballast");

    await rm(filler);
    expect(await isHeard(bot, fresh)).toBe(true);
    expect(bot.named("cache.published").map(({ key }) => key)).toEqual([cached.id, fresh.id]);
    expect(await bot.stop()).toBe(0);
  });

  it("with a ballast gives that up: the database goes on, and a song that is known to fit is kept", async (context) => {
    const bot = await onSmallDisk(context, 32 * MIB);
    expect(await layBallast(ballastFile(path.join(disk, "cache")), Number.MAX_SAFE_INTEGER)).toBe("laid");
    const fresh = await stage.media.addSong({ title: "In its place", durationMs: 2000 });
    await fillDisk(disk);
    expect(await freeBytes()).toBe(0);
    // Of a link alone nobody knows the length, so much room is asked for.
    expect(await isHeard(bot, fresh)).toBe(true);
    expect(bot.named("cache.unstored")).toMatchObject([{ key: fresh.id, code: "DISK_FULL" }]);
    expect(await inCache()).not.toContain("ballast");
    expect(await isHeard(bot, fresh)).toBe(true);
    expect(bot.named("cache.published")).toMatchObject([{ key: fresh.id }]);
    expect(await inCache("work")).toEqual([]);
    expect(await bot.stop()).toBe(0);
  });
});
