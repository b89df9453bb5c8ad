import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import * as path from "node:path";
import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { flipPages } from "../db/damage.ts";
import type { BotProcess } from "../sandbox/bot-process.ts";
import type { Song } from "../sandbox/media/catalogue.ts";
import { Stage } from "../sandbox/stage.ts";
import { furnish, type Room } from "./actions.ts";

let stage: Stage;
let room: Room;
let songs: Song[];

beforeEach(async () => {
  stage = await Stage.set();
  room = furnish(stage);
  songs = [];
  for (const title of ["Lost", "Found", "Kept"])
    songs.push(await stage.media.addSong({ title, durationMs: 1_000 }));
});
afterEach(() => stage[Symbol.asyncDispose]());

const file = (): string => path.join(stage.directory, "data", "encore.sqlite");
const downloads = (): number[] => songs.map(({ id }) => stage.media.counters(id).requests);

/** Plays songs one after the other, each to its end. */
async function play(bot: BotProcess, played: readonly Song[]): Promise<void> {
  for (const song of played) {
    const before = bot.named("player.finished").length;
    room.ann.says("general", `?play ${song.url}`);
    await bot.event("player.finished", { count: before + 1 });
  }
}

const read = (database: Sqlite.Database, text: string): unknown => database.prepare(text).pluck().all();

/** Plays in the log and in the rows, as the file on the disk has them. */
function counted(): { readonly plays: unknown; readonly rows: unknown; readonly titles: unknown } {
  const database = new Sqlite(file(), { readonly: true });
  try {
    return {
      plays: read(database, "select count(*) from plays"),
      rows: read(database, "select play_count from cache_entries where state = 'ready' order by play_count"),
      titles: read(database, "select title from tracks order by title"),
    };
  } finally {
    database.close();
  }
}

async function removeDatabase(): Promise<void> {
  for (const ending of ["", "-wal", "-shm"]) await rm(`${file()}${ending}`, { force: true });
}

describe("a database that is deleted under the running bot", () => {
  it("is noticed; plays before and after are in the one that takes its place", async () => {
    const bot = await stage.startBot();
    await play(bot, songs);
    await removeDatabase();
    await play(bot, songs.slice(0, 1));
    await bot.event("database.reopened");
    expect(bot.named("database.recovered")).toMatchObject([{ found: "missing", restoredFrom: "memory" }]);
    await play(bot, songs);
    expect(bot.named("cache.hit")).toHaveLength(4);
    expect(await bot.stop()).toBe(0);
    expect(counted()).toEqual({ plays: [7], rows: [2, 2, 3], titles: ["Found", "Kept", "Lost"] });
  });
});

describe("a database that is gone at start", () => {
  it("is rebuilt from the files alone: every song is a hit, by its title, and nothing is fetched", async () => {
    const first = await stage.startBot();
    await play(first, songs);
    await first.stop();
    await rm(path.dirname(file()), { recursive: true });
    const before = downloads();
    const bot = await stage.startBot();
    expect(await bot.event("cache.rebuilt")).toMatchObject({ adopted: 3, setAside: 0, failed: 0 });
    await play(bot, songs);
    expect([bot.named("cache.hit").length, bot.named("cache.miss").length]).toEqual([3, 0]);
    expect(downloads()).toEqual(before);
    await bot.stop();
    expect(counted()).toEqual({ plays: [3], rows: [1, 1, 1], titles: ["Found", "Kept", "Lost"] });
  });
});

describe("a database with flipped pages at start", () => {
  it("is set aside; plays come back from the backup, newer songs from their files", async () => {
    const first = await stage.startBot();
    await play(first, songs.slice(0, 2));
    await first.stop();
    // The backup of yesterday knows two songs.
    const backups = path.join(path.dirname(file()), "backups");
    await rm(backups, { recursive: true, force: true });
    const second = await stage.startBot();
    await second.event("database.backed_up");
    await play(second, songs.slice(2));
    await second.stop();
    await flipPages(file());
    const bot = await stage.startBot();
    expect(bot.named("database.recovered")).toMatchObject([{ found: "damaged" }]);
    await bot.event("cache.rebuilt");
    const before = downloads();
    await play(bot, songs);
    expect(bot.named("cache.hit")).toHaveLength(3);
    expect(downloads()).toEqual(before);
    await bot.stop();
    expect(counted()).toEqual({ plays: [5], rows: [1, 2, 2], titles: ["Found", "Kept", "Lost"] });
    const aside = (await readdir(path.dirname(file()))).filter((name) => name.includes(".damaged-"));
    expect([aside.length > 0, existsSync(file())]).toEqual([true, true]);
  });
});
