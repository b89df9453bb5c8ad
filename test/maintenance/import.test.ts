import { copyFile, mkdir, mkdtemp, readdir, rm, symlink, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { thisProcess } from "../../src/app/lease-holder.ts";
import { KeyedMutex } from "../../src/cache/keyed-mutex.ts";
import { KeyGuard } from "../../src/cache/key-guard.ts";
import { newWorkToken } from "../../src/cache/work-folder.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { cacheKey } from "../../src/core/track.ts";
import { CacheIndex } from "../../src/db/cache-index.ts";
import { CacheRows } from "../../src/db/cache-rows.ts";
import { Leases } from "../../src/db/leases.ts";
import { applyImport, type ImportDeps, planImport } from "../../src/maintenance/import.ts";
import { type Step, TaskRecord } from "../../src/maintenance/record.ts";
import { FsBlobStore } from "../../src/storage/fs.ts";
import { NEVER, transcoder } from "../audio/media.ts";
import { freshDatabase, newEntry, PROFILE } from "../db/database.ts";
import { presentRows } from "../db/present-rows.ts";
import { FakeClock } from "../fakes/clock.ts";
import { youtubeTrack } from "../fakes/tracks.ts";
import {
  ancestorCache,
  IDS,
  layOut,
  makeMedia,
  museData,
  museName,
  musicbotFolder,
  snapshot,
} from "./old-caches.ts";

const [FIRST, SECOND, THIRD, FOURTH] = IDS;
const media = await makeMedia();

interface How {
  readonly dryRun: boolean;
  readonly move: boolean;
  readonly folder: string;
}

class ImportLab {
  readonly old: string;
  readonly cache: string;
  readonly index: CacheIndex;
  readonly rows: CacheRows;
  readonly guard: KeyGuard;
  readonly deps: ImportDeps;

  constructor(folder: string, db: Awaited<ReturnType<typeof freshDatabase>>) {
    this.old = path.join(folder, "old");
    this.cache = path.join(folder, "cache");
    this.index = new CacheIndex(db);
    this.rows = new CacheRows(db);
    const leases = new Leases(db, thisProcess());
    this.guard = new KeyGuard({ locks: new KeyedMutex(), leases, log: silentLogger });
    this.deps = {
      rows: this.rows,
      index: this.index,
      blobs: new FsBlobStore({
        root: path.join(this.cache, "audio"),
        quarantine: path.join(this.cache, "q"),
      }),
      transcoder: transcoder(),
      withLock: (key, work) => this.guard.run(key, work, NEVER),
      workPath: (key) => path.join(this.cache, "work", `${key}.${newWorkToken()}.opus`),
      hasRoom: () => Promise.resolve(true),
      limits: { maxDurationMs: 60_000 },
      clock: new FakeClock(),
      log: silentLogger,
    };
  }

  async import(
    { dryRun = false, move = false, folder = this.old }: Partial<How> = {},
    deps: Partial<ImportDeps> = {},
  ): Promise<{ steps: Step[]; reports: Step[]; record: TaskRecord }> {
    const steps: Step[] = [];
    const reports: Step[] = [];
    const record = new TaskRecord([
      { onStep: (step) => void steps.push(step), onReport: (step) => void reports.push(step) },
    ]);
    await this.carryOut(record, { dryRun, folder, move }, { ...this.deps, ...deps });
    if (record.failed > 0) throw new Error(JSON.stringify(record.failures));
    return { steps, reports, record };
  }

  async carryOut(record: TaskRecord, { dryRun, folder, move }: How, deps = this.deps): Promise<void> {
    const task = { record, dryRun, signal: NEVER };
    const request = { folder, profile: PROFILE, ownFolders: [this.cache] };
    const plan = await planImport(deps, { ...task, dryRun: true }, request);
    await applyImport(deps, task, { plan, profile: PROFILE, move });
  }

  /** IDs of the songs that the cache has now, by file and by row. */
  async songs(): Promise<{ files: string[]; rows: string[] }> {
    const names = await readdir(path.join(this.cache, "audio", PROFILE.id)).catch(() => []);
    const rows = await presentRows(this.rows);
    return {
      files: inOrder(names.map((name) => name.slice(0, 11))),
      rows: inOrder(rows.map(({ key }) => key)),
    };
  }
}

function inOrder(names: readonly string[]): string[] {
  return names.toSorted((a, b) => (a < b ? -1 : 1));
}

/** Each with a file and a row. */
function both(...ids: readonly string[]): { files: string[]; rows: string[] } {
  return { files: inOrder(ids), rows: inOrder(ids) };
}

async function lab(files: Readonly<Record<string, string>> = {}): Promise<ImportLab> {
  const folder = await mkdtemp(path.join(tmpdir(), "encore-import-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(path.join(folder, "cache/work"), { recursive: true });
  await mkdir(path.join(folder, "old"));
  const made = new ImportLab(folder, await freshDatabase());
  await layOut(made.old, files);
  return made;
}

const told = (steps: readonly Step[]): string[] =>
  steps.map(({ action, subject, reason }) => `${action}: ${subject} (${reason})`);

describe("the ancestor's cache", () => {
  it("is taken over: the best copy of each song, through the same pipeline", async () => {
    const bench = await lab();
    await ancestorCache(bench.old, media);
    const before = await snapshot(bench.old);
    const { steps, reports } = await bench.import();
    expect(told(steps)).toEqual([
      `imported: audio_cache/normalized/Second Song_${SECOND}_normalized.mp3 (normalized)`,
      `imported: audio_cache/raw/Never Gonna Give You Up_${FIRST}.webm (original)`,
    ]);
    expect(told(reports).toSorted()).toEqual([
      `spare: audio_cache/normalized/Never Gonna Give You Up_${FIRST}_normalized.mp3 (duplicate)`,
      `spare: audio_cache/raw/Never Gonna Give You Up_${FIRST}_k3j9x2.webm (duplicate)`,
      `unusable: audio_cache/raw/Broken_${THIRD}.webm (not whole)`,
      `unusable: audio_cache/raw/Broken_${THIRD}.webm.tmp (an unfinished download)`,
      "unusable: audio_cache/raw/Lost title.mp3 (no video ID in its name)",
      "unusable: music_bot.db (no video ID in its name)",
    ]);
    expect(await bench.songs()).toEqual(both(FIRST, SECOND));
    const entry = await bench.index.find(cacheKey({ source: "youtube", id: FIRST }), PROFILE.id);
    expect(entry?.loudness.integratedLufs).toBeCloseTo(-14, 0);
    expect(entry?.sourceLoudness?.integratedLufs).toBeCloseTo(-24, 0);
    expect(await bench.rows.track(cacheKey({ source: "youtube", id: FIRST }))).toMatchObject({
      title: "Never Gonna Give You Up",
      url: `https://www.youtube.com/watch?v=${FIRST}`,
    });
    expect(await snapshot(bench.old)).toEqual(before);
    expect(await readdir(path.join(bench.cache, "work"))).toEqual([]);
  });

  it("is only looked at in a dry run, which says the same", async () => {
    const bench = await lab();
    await ancestorCache(bench.old, media);
    const before = await snapshot(path.dirname(bench.old));
    const dry = await bench.import({ dryRun: true, move: true });
    expect(await snapshot(path.dirname(bench.old))).toEqual(before);
    expect(await bench.songs()).toEqual(both());
    const real = await bench.import({ move: true });
    expect(told(real.steps)).toEqual(told(dry.steps));
    expect(told(real.reports)).toEqual(told(dry.reports));
  });

  it("is emptied by a move of everything that was understood, and of nothing else", async () => {
    const bench = await lab();
    await ancestorCache(bench.old, media);
    const { record } = await bench.import({ move: true });
    expect((await snapshot(bench.old)).map((line) => line.replace(/ \d+ [\d.]+$/u, ""))).toEqual([
      `audio_cache/raw/Broken_${THIRD}.webm`,
      `audio_cache/raw/Broken_${THIRD}.webm.tmp`,
      "audio_cache/raw/Lost title.mp3",
      "music_bot.db",
    ]);
    const removed = record.done.filter(({ action }) => action === "removed");
    expect(removed.map(({ reason, count }) => [reason, count])).toEqual([
      ["taken over", 2],
      ["duplicate", 2],
    ]);
    expect(removed.every(({ bytes }) => bytes > 10_000)).toBe(true);
  });
});

it("muse's files are recognized by the IDs in its database", async () => {
  const bench = await lab();
  await museData(bench.old, media);
  const { steps, reports } = await bench.import();
  expect(told(steps)).toEqual([`imported: cache/${museName(FIRST)} (re-encoded)`]);
  expect(told(reports)).toContain(
    `unusable: cache/${museName(SECOND)} (named by a hash, and no list here has its video ID)`,
  );
  expect(told(reports)).toContain(`unusable: cache/tmp/${museName(THIRD)} (an unfinished download)`);
  expect(await bench.songs()).toEqual(both(FIRST));
});

it("MusicBot's files are recognized by their shape", async () => {
  const bench = await lab();
  await musicbotFolder(bench.old, media);
  const { steps, reports } = await bench.import();
  expect(told(steps)).toEqual([
    `imported: audio_cache/youtube-${SECOND}-Second_Song-.m4a (original)`,
    expect.stringContaining(`imported: audio_cache/youtube-${FIRST}-Never_Gonna`),
  ]);
  expect(told(reports)).toContain(
    "unusable: audio_cache/soundcloud-123456789-Another-0a1b2c3d.mp3 (not from YouTube)",
  );
  expect(await bench.songs()).toEqual(both(FIRST, SECOND));
});

describe("a song", () => {
  it("that the cache has already stays as it is, and a second import changes nothing", async () => {
    const bench = await lab({ [`${FIRST}.webm`]: media.webm });
    await bench.import();
    const before = await snapshot(bench.cache);
    const { steps, reports } = await bench.import();
    expect(told(steps)).toEqual([]);
    expect(told(reports)).toEqual([`spare: ${FIRST}.webm (in the cache already)`]);
    expect(await snapshot(bench.cache)).toEqual(before);
  });

  it("that somebody fills meanwhile is not made twice", async () => {
    const bench = await lab({ [`${FIRST}.webm`]: media.webm });
    const withLock: ImportDeps["withLock"] = async (key, work) => {
      await bench.index.save(newEntry(FIRST), youtubeTrack(FIRST));
      return bench.deps.withLock(key, work);
    };
    const { steps, reports } = await bench.import({}, { withLock });
    expect(told(steps)).toEqual([]);
    expect(told(reports)).toEqual([`spare: ${FIRST}.webm (in the cache already)`]);
  });

  it("keeps the title it is known by, and is compared with the length it is known to have", async () => {
    const bench = await lab({ [`Bad title_${FIRST}.webm`]: media.webm, [`${SECOND}.mp3`]: media.mp3 });
    const key = cacheKey({ source: "youtube", id: FIRST });
    await bench.rows.learnTrack(key, youtubeTrack(FIRST, { durationMs: 2_000 }), 0);
    const longer = youtubeTrack(SECOND, { durationMs: 60_000 });
    await bench.rows.learnTrack(cacheKey(longer), longer, 0);
    const { reports } = await bench.import();
    expect((await bench.rows.track(key))?.title).toBe(`Title of ${FIRST}`);
    expect(told(reports)).toEqual([`unusable: ${SECOND}.mp3 (not whole)`]);
  });

  it("is made of the next copy when the best one has changed since", async () => {
    const bench = await lab({ [`${FIRST}.webm`]: media.webm, [`${FIRST}.mp3`]: media.mp3 });
    let asked = 0;
    const hasRoom = async (): Promise<boolean> => {
      asked += 1;
      await utimes(path.join(bench.old, `${FIRST}.webm`), 1, 1);
      return true;
    };
    const { steps, reports } = await bench.import({ move: true }, { hasRoom });
    expect(asked).toBe(1);
    expect(told(steps)).toEqual([
      `imported: ${FIRST}.mp3 (re-encoded)`,
      `removed: ${FIRST}.mp3 (taken over)`,
    ]);
    expect(told(reports)).toEqual([`unusable: ${FIRST}.webm (changed since it was looked at)`]);
  });

  it("is left when there is no room, or when it is too long", async () => {
    const bench = await lab({ [`${FIRST}.webm`]: media.webm });
    const full = await bench.import({ move: true }, { hasRoom: () => Promise.resolve(false) });
    expect(told(full.reports)).toEqual([`left: ${FIRST}.webm (no room in the cache)`]);
    const long = await bench.import({ move: true }, { limits: { maxDurationMs: 1_000 } });
    expect(told(long.reports)).toEqual([
      `unusable: ${FIRST}.webm (longer than the longest song that is kept)`,
    ]);
    expect(await bench.songs()).toEqual(both());
    expect(await readdir(bench.old)).toEqual([`${FIRST}.webm`]);
  });
});

it("what is no song is said to be none; links are not followed", async () => {
  const bench = await lab({ [`${FIRST}.webm`]: media.text, [`${SECOND}.mp3`]: media.half });
  await symlink(media.webm, path.join(bench.old, `${THIRD}.webm`));
  await symlink(path.dirname(media.webm), path.join(bench.old, "elsewhere"));
  await copyFile(media.webm, path.join(bench.old, `${FOURTH}.part`));
  const { steps, reports } = await bench.import({ move: true });
  expect(told(steps)).toEqual([]);
  expect(told(reports).toSorted()).toEqual(
    [
      `unusable: ${FIRST}.webm (not audio)`,
      `unusable: ${SECOND}.mp3 (not whole)`,
      `unusable: ${THIRD}.webm (not a regular file)`,
      `unusable: ${FOURTH}.part (an unfinished download)`,
      "unusable: elsewhere (not a regular file)",
    ].toSorted(),
  );
});

it("a file of nobody's stands under the song's name: it stays, and so does the old one", async () => {
  const bench = await lab({ [`${FIRST}.webm`]: media.webm });
  await layOut(path.join(bench.cache, "audio"), { [`${PROFILE.id}/${FIRST}.opus`]: media.text });
  const record = new TaskRecord([]);
  await bench.carryOut(record, { dryRun: false, move: true, folder: bench.old });
  expect(record.failures).toMatchObject([{ subject: `${FIRST}.webm`, code: "IMPORT_BLOCKED" }]);
  expect(await readdir(bench.old)).toEqual([`${FIRST}.webm`]);
});

it.each(["cache", ".", "cache/audio", "missing", "link"])("the folder %j is refused", async (name) => {
  const bench = await lab();
  const root = path.dirname(bench.old);
  await mkdir(path.join(root, "cache/audio"), { recursive: true });
  await symlink(bench.cache, path.join(root, "link"));
  await expect(bench.import({ folder: path.join(root, name), move: true })).rejects.toMatchObject({
    code: "IMPORT_FOLDER",
  });
});
