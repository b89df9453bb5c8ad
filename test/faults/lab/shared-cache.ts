/** One process's share of a cache that several processes use: real files, real SQLite, real maintenance. */
import { mkdir, mkdtemp } from "node:fs/promises";
import * as path from "node:path";
import { thisProcess } from "../../../src/app/lease-holder.ts";
import { openOpusFile } from "../../../src/audio/opus-file.ts";
import type { LiveTranscoder } from "../../../src/audio/live.ts";
import type { Transcoder } from "../../../src/audio/transcoder.ts";
import { AudioCache, type AudioCacheDeps } from "../../../src/cache/audio-cache.ts";
import type { CachedAudio } from "../../../src/cache/cached-audio.ts";
import { InUse } from "../../../src/cache/in-use.ts";
import { KeyGuard } from "../../../src/cache/key-guard.ts";
import { KeyedMutex } from "../../../src/cache/keyed-mutex.ts";
import { type Clock, systemClock } from "../../../src/core/clock.ts";
import type { OnStep } from "../../../src/core/step.ts";
import { cacheKey, type Track } from "../../../src/core/track.ts";
import { CacheIndex } from "../../../src/db/cache-index.ts";
import { CacheRows } from "../../../src/db/cache-rows.ts";
import { FailureMemory } from "../../../src/db/failure-memory.ts";
import { Leases } from "../../../src/db/leases.ts";
import { MaintenanceLog } from "../../../src/db/maintenance-log.ts";
import { openDatabase } from "../../../src/db/open.ts";
import { PlayTally } from "../../../src/db/play-tally.ts";
import { SharedCommits } from "../../../src/db/shared-commits.ts";
import { Reservations } from "../../../src/db/reservations.ts";
import type { Database } from "../../../src/db/schema.ts";
import { SharedUse } from "../../../src/db/shared-use.ts";
import { MaintenanceTurn } from "../../../src/maintenance/turn.ts";
import { Maintenance } from "../../../src/maintenance/maintenance.ts";
import { reconcile } from "../../../src/maintenance/reconcile.ts";
import { type Step, TaskRecord } from "../../../src/maintenance/record.ts";
import type { ReconcileDeps } from "../../../src/maintenance/settle.ts";
import { playableBlobs } from "../../../src/storage/blob-store.ts";
import { FsBlobStore } from "../../../src/storage/fs.ts";
import { RecordingLogger } from "../../fakes/logger.ts";
import { heardOf } from "../../fakes/packets.ts";
import { ScriptedSource } from "../../fakes/scripted-source.ts";
import { type Material, NEVER, PROFILE } from "./songs.ts";

export interface SharedCacheOptions {
  readonly material: Material;
  readonly transcoder: Transcoder;
  /** Given = songs are heard while they arrive. */
  readonly live?: LiveTranscoder;
  readonly onStep?: OnStep;
  /** Default: below the cache's folder. */
  readonly databaseFile?: string;
  readonly limitBytes?: number;
  readonly freeDiskBytes?: () => Promise<number>;
  readonly clock?: Clock;
  /** See KeyGuard. */
  readonly ttlMs?: number;
  readonly beatMs?: number;
}

/** For maintenance it is an hour later, so that no song counts as just made and may not go. */
const LATER = { ...systemClock, nowMs: (): number => systemClock.nowMs() + 60 * 60 * 1000 };

/** What a reconcile did and could not do. */
export interface Reconciled {
  readonly steps: readonly Step[];
  readonly failed: number;
}

export class SharedCache {
  readonly cache: AudioCache;
  readonly maintenance: Maintenance;
  readonly source: ScriptedSource;
  readonly log = new RecordingLogger();
  readonly db: Database;
  readonly index: CacheIndex;
  readonly rows: CacheRows;
  readonly leases: Leases;
  readonly blobs: FsBlobStore;
  readonly guard: KeyGuard;
  readonly folder: string;
  readonly reconcileDeps: ReconcileDeps;
  /** What was let go of is known to all, and what was cleared meanwhile is gone. */
  #told: Promise<unknown> = Promise.resolve();

  private constructor(folder: string, db: Database, options: SharedCacheOptions) {
    const holder = thisProcess();
    const sharedUse = new SharedUse(db, holder);
    const tell = async (): Promise<void> =>
      await this.maintenance.released(await sharedUse.tell(new Set(inUse.refs)));
    const inUse: InUse = new InUse(() => {
      this.#told = Promise.allSettled([this.#told, tell()]);
    });
    const { log } = this;
    this.folder = folder;
    this.db = db;
    this.index = new CacheIndex(db);
    this.rows = new CacheRows(db);
    this.leases = new Leases(db, holder);
    this.source = new ScriptedSource(options.material.sourceFile);
    const { index, rows, leases, source } = this;
    const folders = { audio: this.at("audio"), work: this.at("work"), quarantine: this.at("quarantine") };
    const { audio: root, quarantine } = folders;
    const { onStep, ttlMs, beatMs, transcoder, live } = options;
    const telling = onStep && { onStep };
    this.blobs = new FsBlobStore({ root, quarantine, ...telling });
    const { blobs } = this;
    const times = { ...(ttlMs !== undefined && { ttlMs }), ...(beatMs !== undefined && { beatMs }) };
    this.guard = new KeyGuard({ locks: new KeyedMutex(), leases, log, ...times });
    const { guard } = this;
    const shared = {
      ...telling,
      index,
      rows,
      blobs,
      log,
      clock: options.clock ?? systemClock,
      isInUse: (ref: string) => inUse.has(ref),
      isUsedElsewhere: (ref: string) => sharedUse.isUsedElsewhere(ref),
      withLock: <T>(key: string, work: Parameters<typeof guard.run<T>>[1]) => guard.run(key, work, NEVER),
    };
    this.maintenance = new Maintenance({
      ...shared,
      clock: LATER,
      runs: new MaintenanceLog(db),
      turn: new MaintenanceTurn({ leases, log }),
      logFolder: this.at("logs"),
      usedElsewhere: () => sharedUse.elsewhere(),
      keysInQueues: () => new Set(),
      leases,
      advanceEvictionClock: () => Promise.resolve(),
      rules: { limitBytes: options.limitBytes ?? 2 ** 40, retentionDays: 90, policy: "gdsf" },
    });
    this.reconcileDeps = { ...shared, leases, transcoder, folders };
    const deps: AudioCacheDeps = {
      ...shared,
      blobs: playableBlobs(blobs),
      tally: new PlayTally(new SharedCommits(db, 0)),
      failures: new FailureMemory(db),
      reservations: new Reservations(db, holder),
      guard,
      inUse,
      source,
      transcoder,
      ...(live && { live }),
      replaceBlob: (ref, fromPath) => blobs.replace(ref, fromPath),
      openOpusFile,
      workDirectory: folders.work,
      audioDirectory: folders.audio,
      limits: { maxDurationMs: 60_000, maxDownloadBytes: 2 ** 24, freeDiskFloorBytes: 0 },
      limitBytes: options.limitBytes ?? 2 ** 40,
      makeRoom: (bytes) => this.maintenance.makeRoom(bytes),
      freeDiskBytes: options.freeDiskBytes ?? (() => Promise.resolve(2 ** 40)),
      makeFallback: () => mkdtemp(`${folder}-fallback-`),
      evictionClock: () => 0,
    };
    this.cache = new AudioCache(deps);
  }

  /** Opens the cache in a folder, made when missing. */
  static async open(folder: string, options: SharedCacheOptions): Promise<SharedCache> {
    const { databaseFile = path.join(folder, "data/encore.sqlite") } = options;
    for (const name of ["audio", "work", "quarantine", "logs"])
      await mkdir(path.join(folder, name), { recursive: true });
    const { db } = await openDatabase(databaseFile);
    return new SharedCache(folder, db, options);
  }

  at(...names: readonly string[]): string {
    return path.join(this.folder, ...names);
  }

  acquire(track: Track, signal: AbortSignal = NEVER): Promise<CachedAudio> {
    return this.cache.acquire(track, { profile: PROFILE, guildId: "guild" }, signal);
  }

  /** Asks, hears it to its end, closes. */
  async hear(track: Track, signal: AbortSignal = NEVER): Promise<{ audio: CachedAudio; packets: Buffer[] }> {
    const audio = await this.acquire(track, signal);
    try {
      audio.started();
      return { audio, packets: await heardOf(audio) };
    } finally {
      await audio.close();
    }
  }

  /** Waits until nothing is done to a song any more, in any process. */
  async settled(track: Track): Promise<void> {
    await this.#told;
    await this.guard.run(cacheKey(track), () => Promise.resolve(), NEVER);
  }

  async refresh(track: Track): Promise<void> {
    await this.cache.refresh(track, { profile: PROFILE, guildId: "guild" }, NEVER);
  }

  async clear(): Promise<void> {
    await this.maintenance.run(await this.maintenance.plan("clear"), "faults");
  }

  async reconcile(): Promise<Reconciled> {
    const steps: Step[] = [];
    const record = new TaskRecord([{ onStep: (step) => steps.push(step) }]);
    await reconcile(this.reconcileDeps, { record, dryRun: false, signal: NEVER });
    return { steps, failed: record.failed };
  }

  async close(): Promise<void> {
    await this.cache.close();
    await this.db.destroy();
  }
}
