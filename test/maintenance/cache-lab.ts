/** A cache of real Ogg Opus files with rows in a real database, to be damaged in every way and looked after. */
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { onTestFinished } from "vitest";
import { thisProcess } from "../../src/app/lease-holder.ts";
import { InUse } from "../../src/cache/in-use.ts";
import { KeyedMutex } from "../../src/cache/keyed-mutex.ts";
import { KeyGuard } from "../../src/cache/key-guard.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { type CacheKey, cacheKey } from "../../src/core/track.ts";
import { CacheIndex, type RankedEntry } from "../../src/db/cache-index.ts";
import { CacheRows } from "../../src/db/cache-rows.ts";
import { Leases } from "../../src/db/leases.ts";
import type { Database } from "../../src/db/schema.ts";
import { type Step, TaskRecord } from "../../src/maintenance/record.ts";
import type { ReconcileDeps } from "../../src/maintenance/settle.ts";
import type { VerifyDeps } from "../../src/maintenance/verify.ts";
import { FsBlobStore } from "../../src/storage/fs.ts";
import { ffmpeg, NEVER, signal, TONES, transcoder } from "../audio/media.ts";
import { freshDatabase, newEntry, PROFILE } from "../db/database.ts";
import { FakeClock } from "../fakes/clock.ts";
import { packetsIn } from "../fakes/packets.ts";
import { oggOpus } from "../sandbox/discord/ogg-writer.ts";

/** The ID of a song, for each number below 100,000. */
export const songId = (number: number): string => `song__${String(number).padStart(5, "0")}`;
export const keyOf = (number: number): CacheKey => cacheKey({ source: "youtube", id: songId(number) });
export const refOf = (number: number, profileId: string = PROFILE.id): string =>
  `${profileId}/${songId(number)}.opus`;

/** Opus packets of one second, by the real encoder. */
export async function realPackets(): Promise<Buffer[]> {
  const folder = await mkdtemp(path.join(tmpdir(), "encore-packets-"));
  const file = path.join(folder, "tone.opus");
  await ffmpeg(...signal(TONES, 1, -14), "-c:a", "libopus", "-b:a", "64k", "-ac", "2", file);
  const packets = await packetsIn(file);
  await rm(folder, { recursive: true });
  return packets;
}

/** What a fill writes into the file of a song. */
export function tagsOf(number: number, profileId: string = PROFILE.id): Record<string, string> {
  return {
    TITLE: `Song ${number}`,
    ARTIST: "Somebody",
    ENCORE_SOURCE: "youtube",
    ENCORE_ID: songId(number),
    ENCORE_URL: `https://www.youtube.com/watch?v=${songId(number)}`,
    ENCORE_PROFILE: profileId,
  };
}

/** What one run of a task said. */
export interface Told {
  readonly record: TaskRecord;
  readonly steps: Step[];
  readonly reports: Step[];
}

export class CacheLab {
  readonly clock = new FakeClock(Date.now());
  readonly inUse = new InUse();
  readonly db: Database;
  readonly index: CacheIndex;
  readonly rows: CacheRows;
  readonly leases: Leases;
  readonly guard: KeyGuard;
  readonly deps: ReconcileDeps & VerifyDeps;
  readonly cache: string;
  readonly #packets: readonly Buffer[];

  constructor(db: Database, cache: string, packets: readonly Buffer[]) {
    this.db = db;
    this.cache = cache;
    this.#packets = packets;
    this.index = new CacheIndex(db);
    this.rows = new CacheRows(db);
    this.leases = new Leases(db, thisProcess());
    this.guard = new KeyGuard({ locks: new KeyedMutex(), leases: this.leases, log: silentLogger });
    const folders = {
      audio: this.path("audio"),
      work: this.path("work"),
      quarantine: this.path("quarantine"),
    };
    const { clock, inUse, index, rows, leases, guard } = this;
    this.deps = {
      rows,
      index,
      leases,
      clock,
      folders,
      blobs: new FsBlobStore({ root: folders.audio, quarantine: folders.quarantine }),
      transcoder: transcoder(),
      withLock: (key, work) => guard.run(key, work, NEVER),
      isInUse: (ref) => inUse.has(ref),
      isUsedElsewhere: () => Promise.resolve(false),
    };
  }

  path(...parts: readonly string[]): string {
    return path.join(this.cache, ...parts);
  }

  /** The bytes of a song as a fill would have made them. */
  bytesOf(number: number, more: Readonly<Record<string, string>> = {}): Buffer {
    return oggOpus(this.#packets, { ...tagsOf(number), ...more });
  }

  /** Writes any file below the cache folder. */
  async write(name: string, content: Buffer | string): Promise<string> {
    const file = this.path(name);
    await mkdir(path.dirname(file), { recursive: true });
    await rm(file, { force: true });
    await writeFile(file, content);
    return file;
  }

  /** A song's file without a row. */
  async file(number: number, content: Buffer | string = this.bytesOf(number)): Promise<void> {
    await chmod(await this.write(`audio/${refOf(number)}`, content), 0o444);
  }

  /** A song's row, true to the file that `file` writes. */
  async row(number: number): Promise<void> {
    const bytes = this.bytesOf(number);
    const { sha256, durationMs } = await this.#facts(bytes);
    await this.index.save(
      newEntry(songId(number), { bytes: bytes.length, sha256, durationMs, createdAtMs: this.clock.nowMs() }),
      undefined,
    );
  }

  /** Songs that are whole: file and row. */
  async songs(...numbers: readonly number[]): Promise<void> {
    for (const number of numbers) {
      await this.file(number);
      await this.row(number);
    }
  }

  async entry(number: number): Promise<RankedEntry | undefined> {
    return this.rows.find(keyOf(number), PROFILE.id);
  }

  /** Names in a folder of the cache, sorted; none for a missing one. */
  async names(...folder: readonly string[]): Promise<string[]> {
    return (await readdir(this.path(...folder)).catch((): string[] => [])).toSorted();
  }

  /** Everything that a second run must not change: names with sizes, and rows. */
  async state(): Promise<unknown> {
    const names = (await readdir(this.cache, { recursive: true })).toSorted();
    const sizes = await Promise.all(
      names.map((name) =>
        stat(this.path(name)).then(
          ({ size }) => size,
          () => -1,
        ),
      ),
    );
    const rows = await this.db.selectFrom("cache_entries").selectAll().orderBy("key").execute();
    return { files: names.map((name, at) => [name, sizes[at]]), rows };
  }

  /** Runs a task and notes what it tells. */
  async run(
    work: (task: { record: TaskRecord; dryRun: boolean; signal: AbortSignal }) => Promise<unknown>,
    options: { readonly dryRun?: boolean; readonly signal?: AbortSignal } = {},
  ): Promise<Told> {
    const steps: Step[] = [];
    const reports: Step[] = [];
    const record = new TaskRecord([
      { onStep: (step) => steps.push(step), onReport: (step) => reports.push(step) },
    ]);
    await work({ record, dryRun: options.dryRun ?? false, signal: options.signal ?? NEVER });
    return { record, steps, reports };
  }

  async #facts(bytes: Buffer): Promise<{ sha256: string; durationMs: number }> {
    const file = await this.write("work/.facts", bytes);
    const facts = await this.deps.transcoder.inspect(file, NEVER);
    await rm(file);
    return facts;
  }
}

/** An empty cache that goes with the test. */
export async function openLab(packets: readonly Buffer[]): Promise<CacheLab> {
  const db = await freshDatabase();
  const cache = await mkdtemp(path.join(tmpdir(), "encore-lab-"));
  onTestFinished(() => rm(cache, { recursive: true, force: true }));
  const lab = new CacheLab(db, cache, packets);
  for (const folder of Object.values(lab.deps.folders)) await mkdir(folder, { recursive: true });
  return lab;
}
