// A bot without Discord: configuration, database, library; what is on the disk is lost or damaged between two lives.
import { mkdir, rm, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { openKeptDatabase } from "../../src/app/database.ts";
import { cacheFolders, prepareFolders } from "../../src/app/folders.ts";
import { createLibrary, type Library } from "../../src/app/library.ts";
import type { Config } from "../../src/config/config.ts";
import { audioTags } from "../../src/core/audio-tags.ts";
import type { Track } from "../../src/core/track.ts";
import { makeBackup } from "../../src/db/backup.ts";
import type { KeptDatabase } from "../../src/db/kept-database.ts";
import { flipPages } from "../db/damage.ts";
import { FakeClock } from "../fakes/clock.ts";
import { RecordingLogger } from "../fakes/logger.ts";
import { heardOf } from "../fakes/packets.ts";
import { youtubeTrack } from "../fakes/tracks.ts";
import { realPackets, songId } from "../maintenance/cache-lab.ts";
import { oggOpus } from "../sandbox/discord/ogg-writer.ts";
import { createMachine } from "./machine.ts";

const SONGS = 100;
const tracks: readonly Track[] = Array.from({ length: SONGS }, (_, number) =>
  youtubeTrack(songId(number), { title: `Song ${number}` }),
);

let packets: Buffer[];
beforeAll(async () => {
  packets = await realPackets();
});

interface Life {
  readonly library: Library;
  readonly database: KeptDatabase;
  readonly log: RecordingLogger;
  end(): Promise<void>;
}

const keysByGuild = (): ReadonlyMap<string, ReadonlySet<string>> => new Map();

/** No source can be reached: whatever plays came from the cache. */
async function live(config: Config): Promise<Life> {
  const ending = new AbortController();
  const log = new RecordingLogger();
  const folders = cacheFolders(config);
  const database = await openKeptDatabase(config, log, ending.signal);
  const library = await createLibrary({ config, log, folders, db: database.db, keysByGuild }, ending.signal);
  const end = async (): Promise<void> => {
    ending.abort();
    await library.cache.close();
    await database.close();
  };
  return { library, database, log, end };
}

/** A machine with a full cache. */
async function filledMachine(settings: Readonly<Record<string, string>>): Promise<Config> {
  const machine = await createMachine();
  const config = machine.config(settings);
  await prepareFolders(config);
  const { profile } = config.audio;
  const folder = path.join(cacheFolders(config).audio, profile.id);
  await mkdir(folder);
  for (const track of tracks)
    await writeFile(path.join(folder, `${track.id}.opus`), oggOpus(packets, audioTags(track, profile.id)));
  return config;
}

/** Plays them all, each to its end; the outcomes and how often each was. */
async function playAll({ library, database }: Life, config: Config): Promise<Record<string, number>> {
  const outcomes: Record<string, number> = {};
  const before = await countPlays(database);
  for (const track of tracks) {
    const request = { profile: config.audio.profile, guildId: "1" };
    const audio = await library.cache.acquire(track, request, new AbortController().signal);
    audio.started();
    const heard = await heardOf(audio);
    expect(heard).toHaveLength(packets.length);
    await audio.close();
    outcomes[audio.outcome] = (outcomes[audio.outcome] ?? 0) + 1;
  }
  await vi.waitFor(async () => expect(await countPlays(database)).toBe(before + SONGS), 10_000);
  return outcomes;
}

async function countPlays({ db }: KeptDatabase): Promise<number> {
  return (await db.selectFrom("plays").select("id").execute()).length;
}

async function rebuild({ library }: Life): Promise<object> {
  return await library.rebuild(new AbortController().signal);
}

/** First life: everything gets its row, is played once, and is backed up. */
async function firstLife(config: Config): Promise<void> {
  const life = await live(config);
  expect(await rebuild(life)).toMatchObject({ adopted: SONGS, measured: SONGS });
  expect(await playAll(life, config)).toEqual({ hit: SONGS });
  await makeBackup(config.database.path, "daily", new FakeClock(Date.now()));
  await life.end();
}

async function secondLife(config: Config): Promise<Life> {
  const life = await live(config);
  onTestFinished(() => life.end());
  return life;
}

describe("after pages of the database were flipped", () => {
  it("100 songs of 100 are hits, and their plays go on from the backup", async () => {
    const config = await filledMachine({ PATH: process.env["PATH"] ?? "" });
    await firstLife(config);
    await flipPages(config.database.path);
    const life = await secondLife(config);
    expect(life.log.named("database.recovered")).toMatchObject([{ found: "damaged" }]);
    expect(await playAll(life, config)).toEqual({ hit: SONGS });
    const { files, mostPlayed } = await life.library.statistics();
    expect([files, mostPlayed[0]?.plays, await countPlays(life.database)]).toEqual([SONGS, 2, 2 * SONGS]);
    expect(await rebuild(life)).toMatchObject({ adopted: 0, setAside: 0 });
  }, 180_000);
});

describe("after the database and all its backups were deleted", () => {
  it("100 songs of 100 are hits at once, while their rows are rebuilt, and without ffmpeg", async () => {
    const config = await filledMachine({});
    await (await live(config)).end();
    await rm(path.dirname(config.database.path), { recursive: true });
    const life = await secondLife(config);
    const rebuilding = rebuild(life);
    expect(await playAll(life, config)).toEqual({ hit: SONGS });
    expect(await rebuilding).toMatchObject({ setAside: 0, failed: 0, measured: 0 });
    const rows = await life.database.db.selectFrom("cache_entries").selectAll().execute();
    expect(rows.filter((row) => row.state === "ready" && row.play_count === 1)).toHaveLength(SONGS);
    const titles = await life.database.db.selectFrom("tracks").select("title").execute();
    expect(new Set(titles.map(({ title }) => title))).toEqual(new Set(tracks.map(({ title }) => title)));
  });
});
