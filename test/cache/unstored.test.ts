import { chmod, readdir, rm, stat } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import { CacheIndex } from "../../src/db/cache-index.ts";
import { heardOf } from "../fakes/packets.ts";
import { youtubeTrack } from "../fakes/tracks.ts";
import { type CacheUnderTest, setUp } from "./set-up.ts";

const song = youtubeTrack("unstored-01");

async function expectNoTrace(bench: CacheUnderTest): Promise<void> {
  expect(await bench.present()).toEqual([]);
  expect(await readdir(bench.at("work")).catch(() => [])).toEqual([]);
  expect(await readdir(bench.at("fallback")).catch(() => [])).toEqual([]);
}

describe("a song for which there is no place", () => {
  it("plays to its end all the same, once for each time it is asked for", async () => {
    const bench = await setUp({ freeDiskBytes: () => Promise.resolve(2 ** 20) });
    for (const times of [1, 2]) {
      const audio = await bench.ask(song);
      expect(audio.isStored).toBe(false);
      expect((await heardOf(audio)).length).toBeGreaterThan(45);
      await audio.close();
      expect(bench.source.downloads).toHaveLength(times);
      await expectNoTrace(bench);
    }
    expect(bench.log.events.filter(({ event }) => event === "cache.unstored")).toHaveLength(2);
  });

  it("is fetched once for all who ask at the same time, and read by each to the end", async () => {
    const bench = await setUp({ freeDiskBytes: () => Promise.resolve(0) });
    const all = await Promise.all(Array.from({ length: 10 }, () => bench.ask(song)));
    expect(bench.source.downloads).toHaveLength(1);
    const lengths = await Promise.all(
      all.map(async (audio) => {
        const { length } = await heardOf(audio);
        await audio.close();
        return length;
      }),
    );
    expect(new Set(lengths).size).toBe(1);
    expect(lengths[0]).toBeGreaterThan(45);
    await expectNoTrace(bench);
  });

  it("is one that a guild does not want to be stored, and one that is there plays from there", async () => {
    const bench = await setUp({
      isKept: async ({ id }, { guildId }) => id !== song.id || guildId === "other",
    });
    const audio = await bench.ask(song);
    expect(audio.isStored).toBe(false);
    expect((await heardOf(audio)).length).toBeGreaterThan(45);
    await audio.close();
    await expectNoTrace(bench);
    expect(bench.log.events.find(({ event }) => event === "cache.unstored")).toMatchObject({
      level: "info",
      fields: { key: song.id, code: "NOT_KEPT" },
    });
    expect((await bench.play(song, { guildId: "other" })).isStored).toBe(true);
    expect((await bench.play(song)).outcome).toBe("hit");
  });

  it("is kept when the policy can make room", async () => {
    let free = 0;
    const asked: number[] = [];
    const bench = await setUp({
      freeDiskBytes: () => Promise.resolve(free),
      makeRoom: async (bytes) => {
        asked.push(bytes);
        free = 2 ** 30;
      },
    });
    expect((await bench.play(song)).isStored).toBe(true);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toBeGreaterThan(0);
  });

  it("is kept when room was made after the disk filled up in the middle", async () => {
    const bench = await setUp({
      makeRoom: async () => bench.source.script(song.id, {}),
    });
    bench.source.script(song.id, { failure: new AppError("DISK_FULL") });
    expect((await bench.play(song)).isStored).toBe(true);
    expect(bench.source.downloads).toHaveLength(2);
  });

  it("plays when the scratch folder is gone, and is kept once it is back", async () => {
    const bench = await setUp();
    await rm(bench.at("work"), { recursive: true });
    expect((await bench.play(song)).isStored).toBe(false);
    await expectNoTrace(bench);
  });

  it("plays when only its publishing fails, without another download", async () => {
    class FullIndex extends CacheIndex {
      override save(): Promise<void> {
        return Promise.reject(new AppError("DISK_FULL"));
      }
    }
    const bench = await setUp({ index: (db) => new FullIndex(db) });
    const audio = await bench.ask(song);
    expect(audio.isStored).toBe(false);
    expect(bench.source.downloads).toHaveLength(1);
    await audio.close();
  });

  it("leaves hits of a read-only cache as they are", async () => {
    const bench = await setUp();
    await bench.play(song);
    const before = await stat(bench.file(song));
    await chmod(bench.at("audio"), 0o555);
    const audio = await bench.play(song);
    expect([audio.outcome, audio.isStored]).toEqual(["hit", true]);
    expect((await stat(bench.file(song))).ino).toBe(before.ino);
    await chmod(bench.at("audio"), 0o755);
  });
});

it("many songs at once never exceed the limit", async () => {
  const bench = await setUp({ limitBytes: 60_000 });
  const songs = Array.from({ length: 20 }, (_, number) => ({
    ...youtubeTrack(`quota-${String(number).padStart(5, "0")}`),
    durationMs: 1_000,
  }));
  const all = await Promise.all(songs.map((track) => bench.play(track)));
  const kept = all.filter((audio) => audio.isStored);
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.length).toBeLessThan(songs.length);
  expect((await bench.index.totals()).bytes).toBeLessThanOrEqual(60_000);
  expect(await bench.names("work")).toEqual([]);
});
