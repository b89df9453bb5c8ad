import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { Transcoder } from "../../src/audio/transcoder.ts";
import { UNMEASURED } from "../../src/core/audio-profile.ts";
import { audioTags } from "../../src/core/audio-tags.ts";
import { AppError } from "../../src/core/errors.ts";
import { cacheKey } from "../../src/core/track.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";
import { type CacheUnderTest, ffmpeg, NEVER, PROFILE, setUp, tone } from "./set-up.ts";

const song = youtubeTrack(youtubeId(0));
const key = cacheKey(song);

const repairs = (bench: CacheUnderTest): unknown[] =>
  bench.log.named("cache.repaired").map(({ found }) => found);

/** A song as a lost database would leave it. */
let whole: Buffer;

beforeAll(async () => {
  whole = await songFile({});
});

async function songFile(tags: Readonly<Record<string, string>>): Promise<Buffer> {
  const folder = await mkdtemp(path.join(tmpdir(), "encore-whole-"));
  const toPath = path.join(folder, "song.opus");
  const request = { fromPath: tone.path, toPath, profile: PROFILE, expectedDurationMs: null, tags };
  await ffmpeg.normalize(request, NEVER);
  const bytes = await readFile(toPath);
  await rm(folder, { recursive: true });
  return bytes;
}

/** A bench where somebody else puts `bytes` at the song's name just before we would. */
async function racing(bytes: Buffer): Promise<CacheUnderTest> {
  const late: { plant?: () => Promise<void> } = {};
  const bench = await setUp({
    transcoder: {
      ...ffmpeg,
      normalize: async (request, signal) => {
        const done = await ffmpeg.normalize(request, signal);
        await late.plant?.();
        return done;
      },
    },
  });
  late.plant = () => bench.plant(song, bytes);
  return bench;
}

describe("a row without its file", () => {
  it("heals into a miss that keeps its history", async () => {
    const bench = await setUp();
    await bench.play(song);
    await vi.waitFor(async () =>
      expect(await bench.cache.peek(song, PROFILE)).toMatchObject({ playCount: 1 }),
    );
    await rm(bench.file(song));
    const again = await bench.play(song);
    expect(again).toMatchObject({ outcome: "miss", entry: { playCount: 1 } });
    expect(repairs(bench)).toEqual(["row without file"]);
    expect(bench.source.downloads).toHaveLength(2);
  });
});

describe("a damaged file", () => {
  it.each([
    ["cut short", (bytes: Buffer) => bytes.subarray(0, 500)],
    ["empty", () => Buffer.alloc(0)],
    ["grown", (bytes: Buffer) => Buffer.concat([bytes, bytes])],
  ])("(%s) is set aside, not deleted, and fetched again, once", async (_how, damage) => {
    const bench = await setUp();
    await bench.play(song);
    const damaged = damage(await bench.bytesOf(song));
    await bench.plant(song, damaged);
    const audios = await Promise.all(Array.from({ length: 20 }, () => bench.play(song)));
    expect(audios.filter(({ outcome }) => outcome === "miss")).toHaveLength(1);
    expect(repairs(bench)).toEqual(["file unlike its row, damaged, set aside"]);
    expect(bench.source.downloads).toHaveLength(2);
    expect(await bench.names("quarantine")).toHaveLength(1);
    expect((await bench.play(song)).outcome).toBe("hit");
  });

  it("is still there to look at when the source is gone", async () => {
    const bench = await setUp();
    await bench.play(song);
    await bench.plant(song, randomBytes(100));
    bench.source.script(song.id, { failure: new AppError("VIDEO_REMOVED") });
    await expect(bench.ask(song)).rejects.toMatchObject({ code: "VIDEO_REMOVED" });
    expect(await bench.names("quarantine")).toHaveLength(1);
  });
});

const missing = (): Promise<never> => Promise.reject(new AppError("FFMPEG_MISSING"));

describe("a file without a row", () => {
  it("is adopted when it is whole: nothing is fetched, and that is a hit", async () => {
    const bench = await setUp();
    await bench.plant(song, whole);
    const audio = await bench.play(song);
    expect(audio).toMatchObject({ outcome: "hit", entry: { bytes: whole.length, sourceLoudness: null } });
    expect(audio.entry.loudness).toEqual(UNMEASURED);
    expect(bench.source.downloads).toEqual([]);
    expect(repairs(bench)).toEqual(["file without row, adopted"]);
    expect((await bench.play(song)).outcome).toBe("hit");
    expect(repairs(bench)).toHaveLength(1);
  });

  it("is adopted after a removal that broke off between row and file", async () => {
    const bench = await setUp();
    await bench.play(song);
    await bench.index.markEvicting(key, PROFILE.id);
    expect((await bench.play(song)).outcome).toBe("hit");
    expect(bench.source.downloads).toHaveLength(1);
    expect(repairs(bench)).toEqual(["file without row, adopted"]);
  });

  it.each([
    ["half a song", (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ["a song with one wrong bit", (bytes: Buffer) => ((bytes[bytes.length - 300]! ^= 1), bytes)],
    ["no song at all", () => Buffer.from("<html>Sign in to confirm you are not a bot</html>")],
    ["nothing", () => Buffer.alloc(0)],
  ])("is set aside when it is %s, and the song is fetched", async (_what, damage) => {
    const bench = await setUp();
    await bench.plant(song, damage(Buffer.from(whole)));
    expect((await bench.play(song)).outcome).toBe("miss");
    expect(repairs(bench)).toEqual(["file without row, damaged, set aside"]);
    expect(await bench.names("quarantine")).toHaveLength(1);
  });

  it("tells its title to who asked without one", async () => {
    const bench = await setUp();
    await bench.plant(song, await songFile(audioTags(song, PROFILE.id)));
    await bench.play({ ...song, title: "", artist: "" });
    const names = { title: song.title, artist: song.artist };
    await vi.waitFor(async () => expect(await bench.index.mostPlayed(1)).toMatchObject([names]));
  });

  it("is another song's when it says so: it is set aside and not played", async () => {
    const bench = await setUp();
    await bench.plant(song, await songFile(audioTags(youtubeTrack(youtubeId(1)), PROFILE.id)));
    expect((await bench.play(song)).outcome).toBe("miss");
    expect(await bench.names("quarantine")).toHaveLength(1);
  });

  it("is played where there is no ffmpeg", async () => {
    const bench = await setUp({ transcoder: { ...ffmpeg, measure: missing, normalize: missing } });
    await bench.plant(song, whole);
    expect((await bench.play(song)).outcome).toBe("hit");
  });

  it("stays where it is when it cannot be judged", async () => {
    const without: Transcoder = {
      ...ffmpeg,
      inspect: () => Promise.reject(new AppError("CACHE_UNWRITABLE")),
    };
    const bench = await setUp({ transcoder: without });
    await bench.plant(song, whole);
    await expect(bench.ask(song)).rejects.toMatchObject({ code: "CACHE_UNWRITABLE" });
    expect(whole.equals(await bench.bytesOf(song))).toBe(true);
    expect(await bench.names("quarantine")).toEqual([]);
  });
});

describe("a file that another process publishes in the same moment", () => {
  it("is taken when it is whole", async () => {
    const bench = await racing(whole);
    await bench.play(song);
    expect(whole.equals(await bench.bytesOf(song))).toBe(true);
    expect(await bench.names("work")).toEqual([]);
  });

  it("makes room for ours when it is not", async () => {
    const bench = await racing(Buffer.from("not a song"));
    await bench.play(song);
    expect(await bench.names("quarantine")).toHaveLength(1);
    expect((await bench.play(song)).outcome).toBe("hit");
    expect(repairs(bench)).toEqual(["file without row, damaged, set aside"]);
  });
});

describe("something that is no file where the song should be", () => {
  it.each([
    ["a folder", (file: string) => mkdir(file, { recursive: true })],
    ["a link", async (file: string, outside: string) => symlink(outside, file)],
  ])(
    "(%s) is neither played nor followed nor recorded; the song plays without being kept",
    async (_what, put) => {
      const bench = await setUp();
      const outside = bench.at("outside");
      await writeFile(outside, "outside");
      await bench.plant(song, Buffer.alloc(0));
      await rm(bench.file(song));
      await put(bench.file(song), outside);
      expect((await bench.play(song)).isStored).toBe(false);
      expect(await readFile(outside, "utf8")).toBe("outside");
      expect(await bench.present()).toEqual([]);
      expect(await bench.names("work")).toEqual([]);
    },
  );
});
