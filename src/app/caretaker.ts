// Those who look after the cache, put together: for the bot, and for the command line without one.
import * as path from "node:path";
import { createFfmpegTranscoder } from "../audio/ffmpeg.ts";
import { findFfmpeg } from "../audio/find-ffmpeg.ts";
import type { Examiner, Transcoder } from "../audio/transcoder.ts";
import { KeyGuard } from "../cache/key-guard.ts";
import { KeyedMutex } from "../cache/keyed-mutex.ts";
import { newWorkToken, requireWritable } from "../cache/work-folder.ts";
import type { Config } from "../config/config.ts";
import { currentProfileIds } from "../core/audio-profiles.ts";
import { systemClock } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import type { Notice } from "../core/notices.ts";
import { CacheIndex } from "../db/cache-index.ts";
import { CacheRows } from "../db/cache-rows.ts";
import { GuildSettings } from "../db/guild-settings.ts";
import { Leases } from "../db/leases.ts";
import { MaintenanceLog } from "../db/maintenance-log.ts";
import { PlayLog } from "../db/play-log.ts";
import type { Database } from "../db/schema.ts";
import { Settings } from "../db/settings.ts";
import type { Recovery } from "../db/recovery.ts";
import { SharedUse } from "../db/shared-use.ts";
import { copyToSpare, isTooFullToOpen } from "../db/spare.ts";
import type { ImportDeps } from "../maintenance/import.ts";
import { Maintenance, type MaintenanceDeps } from "../maintenance/maintenance.ts";
import type { OldPlaysDeps } from "../maintenance/old-plays.ts";
import type { ScrapCategory } from "../maintenance/scraps.ts";
import { type CacheStatus, cacheStatus, type StatusDeps, warningsFor } from "../maintenance/status.ts";
import { MaintenanceTurn } from "../maintenance/turn.ts";
import type { ReconcileDeps } from "../maintenance/settle.ts";
import type { VerifyDeps } from "../maintenance/verify.ts";
import { createProcessRunner } from "../process/child-runner.ts";
import { FsBlobStore } from "../storage/fs.ts";
import { openKeptDatabase } from "./database.ts";
import { EvictionClock } from "./eviction-clock.ts";
import { cacheFolders, freeDiskBytes, prepareFolders } from "./folders.ts";
import { allKeepRules } from "./keep-rules.ts";
import { thisProcess } from "./lease-holder.ts";

export interface CaretakerParts {
  readonly config: Config;
  readonly log: Logger;
  readonly db: Database;
  /** Looks whether the database still is the one on the disk; done before each run. */
  readonly checkDatabase?: (signal: AbortSignal) => Promise<unknown>;
  readonly leases: Leases;
  readonly guard: KeyGuard;
  readonly blobs: FsBlobStore;
  readonly sharedUse: SharedUse;
  readonly evictionClock: EvictionClock;
  readonly transcoder: Transcoder & Examiner;
  readonly isInUse: (ref: string) => boolean;
  readonly keysInQueues: () => ReadonlySet<string>;
  /** Ends the waiting for keys. */
  readonly signal: AbortSignal;
}

/** All that can be done for a cache. */
export interface Caretaker {
  readonly maintenance: Maintenance;
  /** What the tasks of src/maintenance need. */
  readonly deps: ReconcileDeps &
    VerifyDeps &
    OldPlaysDeps & { readonly folders: Readonly<Record<ScrapCategory, string>> };
  /** What taking over an older cache needs. */
  readonly imports: ImportDeps;
  readonly status: () => Promise<CacheStatus>;
  /** What the owners should know, looked at without the files. @throws {AppError} `CACHE_UNWRITABLE` */
  readonly warnings: () => Promise<readonly Notice[]>;
  readonly freeDiskBytes: () => Promise<number>;
}

/** Puts the caretaker together from what the bot has anyway. */
export function createCaretaker(parts: CaretakerParts): Caretaker {
  const { config, log, db, checkDatabase, leases, guard, sharedUse, evictionClock, signal } = parts;
  const index = new CacheIndex(db);
  const folders = { ...cacheFolders(config), originals: path.join(config.cache.directory, "originals") };
  const rules = rulesOf(config);
  const shared = {
    ...parts,
    index,
    runs: new MaintenanceLog(db),
    rows: new CacheRows(db),
    plays: new PlayLog(db),
    statisticsDays: config.cache.statisticsDays,
    folders,
    isUsedElsewhere: (ref: string) => sharedUse.isUsedElsewhere(ref),
    withLock: <T>(key: string, work: Parameters<typeof guard.run<T>>[1]) => guard.run(key, work, signal),
    keepRules: () => allKeepRules(new GuildSettings(db)),
    freeDiskBytes: () => freeDiskBytes(config.cache.directory),
    clock: systemClock,
    rules,
  };
  return {
    maintenance: new Maintenance({
      ...shared,
      usedElsewhere: () => sharedUse.elsewhere(),
      turn: new MaintenanceTurn({ leases, log, before: async () => void (await checkDatabase?.(signal)) }),
      logFolder: folders.logs,
      advanceEvictionClock: (evictKey) => evictionClock.advance(evictKey),
    }),
    deps: shared,
    imports: { ...shared, ...importRules(config, index, shared.freeDiskBytes) },
    status: () => cacheStatus(shared),
    warnings: async () => {
      await requireWritable(folders.work);
      const freeBytes = await shared.freeDiskBytes();
      return warningsFor({ ...rules, ...(await index.totals()), freeDiskBytes: freeBytes });
    },
    freeDiskBytes: shared.freeDiskBytes,
  };
}

/** What looking and cleaning up go by. */
function rulesOf({ cache, audio }: Config): Config["cache"] & MaintenanceDeps["rules"] & StatusDeps["rules"] {
  return { ...cache, policy: cache.eviction, currentProfiles: currentProfileIds(audio.profiles) };
}

/** Where and how much an import may write. */
function importRules(
  { cache }: Config,
  index: CacheIndex,
  freeBytes: () => Promise<number>,
): Pick<ImportDeps, "workPath" | "hasRoom" | "limits"> {
  const isBelowLimit = async (): Promise<boolean> => (await index.totals()).bytes < cache.limitBytes;
  return {
    workPath: (key) => path.join(cache.directory, "work", `${key}.${newWorkToken()}.opus`),
    hasRoom: async () => (await isBelowLimit()) && (await freeBytes()) > cache.freeDiskFloorBytes,
    limits: { maxDurationMs: cache.maxTrackDurationMs },
  };
}

export interface OpenCaretakerOptions {
  readonly config: Config;
  readonly log: Logger;
  /** Work on a copy of the database when the disk is too full to open it. What is written to rows is lost then. */
  readonly orOnCopy?: boolean;
}

/** A caretaker on its own; close it when done. */
export interface OpenedCaretaker extends Caretaker {
  readonly runs: MaintenanceLog;
  /** The database is a copy, because there was no room to open it. */
  readonly isOnCopy: boolean;
  /** What was wrong with the database; `undefined` = nothing. */
  readonly recovery: Recovery | undefined;
  readonly close: () => Promise<void>;
}

/** A caretaker of its own for the command line, beside the bot or without one. */
export async function openCaretaker(
  { config, log, orOnCopy = false }: OpenCaretakerOptions,
  signal: AbortSignal,
): Promise<OpenedCaretaker> {
  await prepareFolders(config);
  const file = config.database.path;
  const spare = orOnCopy && (await isTooFullToOpen(file)) ? await copyToSpare(file) : undefined;
  const opened = spare ? { ...config, database: { path: spare.file } } : config;
  const database = await openKeptDatabase(opened, log, signal);
  const { db, recovery } = database;
  const holder = thisProcess();
  const leases = new Leases(db, holder);
  // A lease in a copy runs out without its holder knowing, so what somebody works on now is left alone.
  const leased = spare ? await leases.livingKeys() : new Set<string>();
  const { audio: root, quarantine } = cacheFolders(config);
  const runner = createProcessRunner({ path: config.system.searchPath });
  const ffmpegPath = await findFfmpeg({ runner, configuredPath: config.audio.ffmpegPath }, signal);
  const caretaker = createCaretaker({
    config,
    log,
    db,
    checkDatabase: (ended) => database.check(ended),
    leases,
    guard: new KeyGuard({ locks: new KeyedMutex(), leases, log }),
    blobs: new FsBlobStore({ root, quarantine }),
    sharedUse: new SharedUse(db, holder),
    evictionClock: await EvictionClock.load(new Settings(db)),
    transcoder: createFfmpegTranscoder({ runner, ffmpegPath, clock: systemClock, logger: log }),
    // Nothing plays in this process; what others play they have told.
    isInUse: (ref) => leased.has(path.basename(ref, ".opus")),
    keysInQueues: () => new Set(),
    signal,
  });
  const close = async (): Promise<void> => {
    await database.close();
    await spare?.remove();
  };
  return { ...caretaker, runs: new MaintenanceLog(db), isOnCopy: spare !== undefined, recovery, close };
}
