/** What the machine may do to a cache: a full disk, a folder nobody may write, no files left, rotten bytes. */
import { randomBytes } from "node:crypto";
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, it, type TestContext } from "vitest";
import { cacheKey } from "../../src/core/track.ts";
import { TaskRecord } from "../../src/maintenance/record.ts";
import { verify } from "../../src/maintenance/verify.ts";
import { seededRandom } from "../fakes/random.ts";
import { disagreements } from "./lab/agreement.ts";
import { mountSmall, NOT_MOUNTED, remount, unmount } from "./lab/mount.ts";
import { quickTranscoder } from "./lab/quick-transcoder.ts";
import { Racer, sumUp } from "./lab/race.ts";
import { SharedCache, type SharedCacheOptions } from "./lab/shared-cache.ts";
import {
  ffmpeg,
  fileOf,
  loadMaterial,
  makeMaterial,
  type Material,
  NEVER,
  PROFILE,
  sha256,
  song,
  songId,
} from "./lab/songs.ts";

let home: string;
let folder: string;
let material: Material;
let open: SharedCache[] = [];

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), "encore-environment-"));
  folder = path.join(home, "cache");
  await mkdir(folder);
  await makeMaterial(home);
  material = await loadMaterial(home);
});
afterEach(async () => {
  for (const shared of open) await shared.close();
  open = [];
  unmount(folder);
  await rm(home, { recursive: true, force: true });
});

async function openCache(options: Partial<SharedCacheOptions> = {}): Promise<SharedCache> {
  const shared = await SharedCache.open(folder, {
    material,
    transcoder: quickTranscoder(material),
    databaseFile: path.join(home, "data/encore.sqlite"),
    ...options,
  });
  open.push(shared);
  return shared;
}

async function freeDiskBytes(): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Mounts a small disk for the cache, or skips the test loudly. */
function needDisk(context: TestContext, bytes: number): void {
  if (mountSmall(folder, bytes)) return;
  process.stderr.write(NOT_MOUNTED);
  context.skip();
}

const range = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

describe("a disk that is full", () => {
  const SMALL_BYTES = 120 * 1024;

  it("makes room by the policy, keeps the newest songs and leaves nothing half done", async (context) => {
    needDisk(context, SMALL_BYTES);
    const shared = await openCache({ transcoder: ffmpeg, freeDiskBytes });
    for (const number of range(12)) {
      const { audio, packets } = await shared.hear(song(number));
      expect(packets.length).toBeGreaterThan(40);
      expect(audio.isStored).toBe(true);
    }
    expect((await shared.index.totals()).bytes).toBeLessThan(SMALL_BYTES);
    expect(shared.log.named("cache.removed").length).toBeGreaterThan(0);
    expect(await readdir(shared.at("work"))).toEqual([]);
    expect((await shared.reconcile()).steps).toEqual([]);
  });

  it("that nobody saw coming, plays the song without storing it when nothing may go", async (context) => {
    needDisk(context, SMALL_BYTES);
    // The estimate is of no use: somebody else fills the disk meanwhile.
    const shared = await openCache({ transcoder: ffmpeg });
    const first = await shared.hear(song(0));
    await writeFile(shared.at("ballast"), randomBytes(SMALL_BYTES)).catch(() => undefined);
    const playing = await shared.acquire(song(0));
    const { audio, packets } = await shared.hear(song(1));
    expect(audio.isStored).toBe(false);
    expect(packets).toHaveLength(first.packets.length);
    await playing.close();
    expect(await readdir(shared.at("work"))).toEqual([]);

    await rm(shared.at("ballast"));
    const again = await shared.hear(song(1));
    expect(again.audio).toMatchObject({ isStored: true, outcome: "miss" });
    expect((await shared.reconcile()).steps).toEqual([]);
  });
});

describe("a cache folder", () => {
  it("that may only be read plays what it has, plays the rest unstored, and is whole afterwards", async (context) => {
    needDisk(context, 4 * 1024 * 1024);
    const shared = await openCache();
    await shared.hear(song(0));
    expect(remount(folder, "ro")).toBe(true);
    expect((await shared.hear(song(0))).audio).toMatchObject({ outcome: "hit", isStored: true });
    expect((await shared.hear(song(1))).audio).toMatchObject({ outcome: "miss", isStored: false });
    await shared.clear();
    expect((await shared.index.totals()).files).toBe(1);
    expect((await shared.hear(song(0))).audio.outcome).toBe("hit");

    expect(remount(folder, "rw")).toBe(true);
    expect((await shared.hear(song(1))).audio.isStored).toBe(true);
    await shared.reconcile();
    expect(await disagreements(shared, material)).toEqual([]);
  });

  it("that vanishes under the bot plays unstored, and heals when it comes back", async () => {
    const shared = await openCache();
    await shared.hear(song(0));
    await rename(folder, `${folder}-away`);
    expect((await shared.hear(song(0))).audio.isStored).toBe(false);
    expect((await shared.hear(song(1))).audio.isStored).toBe(false);
    await rename(`${folder}-away`, folder);
    await shared.reconcile();
    expect((await shared.hear(song(0))).audio).toMatchObject({ outcome: "hit", isStored: true });
    expect((await shared.hear(song(1))).audio.isStored).toBe(true);
    expect(await disagreements(shared, material)).toEqual([]);
  });
});

it("a process without free files refuses in a word, breaks nothing and goes on when there are some", async () => {
  const databaseFile = path.join(folder, "data/encore.sqlite");
  const task = { folder, material: home, songs: range(8), callers: 25 };
  const racer = new Racer(task, ["prlimit", "--nofile=60:60"]);
  await racer.hears("ready");
  racer.start();
  await racer.gone;
  expect(racer.child.exitCode).toBe(0);
  const { failed, violations } = sumUp([racer]);
  expect(violations).toEqual([]);
  expect(Object.keys(failed)).toEqual(["OUT_OF_FILES"]);

  const shared = await openCache({ databaseFile });
  await shared.reconcile();
  for (const number of range(8)) expect((await shared.hear(song(number))).audio.isStored).toBe(true);
  expect(await disagreements(shared, material)).toEqual([]);
});

/** So many songs with their rows, as fills would have left them. */
async function fillWith(shared: SharedCache, count: number): Promise<void> {
  await mkdir(shared.at("audio", PROFILE.id), { recursive: true });
  for (const number of range(count)) {
    const track = song(number);
    const bytes = fileOf(material, {
      TITLE: track.title,
      ARTIST: track.artist,
      ENCORE_SOURCE: track.source,
      ENCORE_ID: track.id,
      ENCORE_URL: track.url,
      ENCORE_PROFILE: PROFILE.id,
    });
    const blobRef = `${PROFILE.id}/${track.id}.opus`;
    await writeFile(shared.at("audio", blobRef), bytes);
    const { durationMs } = await ffmpeg.inspect(shared.at("audio", blobRef), NEVER);
    const facts = { bytes: bytes.length, durationMs, sha256: sha256(bytes) };
    const measured = { sourceLoudness: null, loudness: material.loudness, createdAtMs: Date.now() };
    await shared.index.save(
      { key: cacheKey(track), profileId: PROFILE.id, blobRef, ...facts, ...measured },
      track,
    );
  }
}

it("rotten bytes in 100 of 1,000 files are found, set aside and fetched again", async () => {
  const shared = await openCache();
  await fillWith(shared, 1_000);
  const random = seededRandom(11);
  const rotten = range(100).map((at) => at * 10 + Math.floor(random() * 10));
  for (const number of rotten) {
    const file = shared.at("audio", PROFILE.id, `${songId(number)}.opus`);
    const bytes = await readFile(file);
    const at = Math.floor(random() * bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    await chmod(file, 0o644);
    await writeFile(file, bytes);
  }
  const record = new TaskRecord([]);
  const startedAtMs = performance.now();
  const options = { share: 1, seed: "1", withLoudness: false, repair: true };
  const deps = { ...shared.reconcileDeps, transcoder: quickTranscoder(material) };
  await verify(deps, { record, dryRun: false, signal: NEVER }, options);
  process.stdout.write(`verify: 1,000 files in ${Math.round(performance.now() - startedAtMs)} ms\n`);
  expect((await shared.index.totals()).files).toBe(900);
  const aside = await readdir(shared.at("quarantine"));
  expect(new Set(aside.map((name) => name.split(".")[1]))).toEqual(new Set(rotten.map(songId)));
  for (const number of rotten) expect((await shared.hear(song(number))).audio.outcome).toBe("miss");
  const wrong = await disagreements(shared, material);
  expect(wrong.filter((sentence) => !sentence.startsWith("quarantine/"))).toEqual([]);
});

it("a database that was deleted comes back from the files, and no song is fetched again", async () => {
  const shared = await openCache();
  await fillWith(shared, 50);
  await shared.close();
  open = [];
  await rm(path.join(home, "data"), { recursive: true });

  const again = await openCache();
  const { steps } = await again.reconcile();
  expect(steps).toHaveLength(50);
  expect(await disagreements(again, material)).toEqual([]);
  for (const number of range(50)) expect((await again.hear(song(number))).audio.outcome).toBe("hit");
  expect(again.source.downloads).toEqual([]);
});
