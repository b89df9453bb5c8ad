// Everything below the player: the cache with its database, its sources and its maintenance.
import { AudioCache } from "../cache/audio-cache.ts";
import { BackgroundFills } from "../cache/background-fills.ts";
import { createOriginals, type Originals } from "../cache/originals.ts";
import { InUse } from "../cache/in-use.ts";
import { KeyedMutex } from "../cache/keyed-mutex.ts";
import { KeyGuard } from "../cache/key-guard.ts";
import type { Config } from "../config/config.ts";
import type { GuildProfiles } from "../core/audio-profiles.ts";
import type { GuildVolumes } from "../core/guild-volumes.ts";
import { currentProfileIds } from "../core/audio-profiles.ts";
import { systemClock } from "../core/clock.ts";
import type { AppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { CacheIndex } from "../db/cache-index.ts";
import { CacheRows } from "../db/cache-rows.ts";
import { FailureMemory } from "../db/failure-memory.ts";
import { type Lease, Leases } from "../db/leases.ts";
import { MaintenanceLog } from "../db/maintenance-log.ts";
import { PlayLog } from "../db/play-log.ts";
import { PlayTally } from "../db/play-tally.ts";
import { Reservations } from "../db/reservations.ts";
import type { Database } from "../db/schema.ts";
import { SharedUse } from "../db/shared-use.ts";
import { GuildSettings } from "../db/guild-settings.ts";
import { Settings } from "../db/settings.ts";
import { SharedCommits } from "../db/shared-commits.ts";
import type { Maintenance } from "../maintenance/maintenance.ts";
import { rebuild, type RebuildReport } from "../maintenance/rebuild.ts";
import { type CacheStatistics, cacheStatistics } from "../maintenance/statistics.ts";
import { createProcessRunner } from "../process/child-runner.ts";
import type { Source } from "../sources/source.ts";
import { playableBlobs } from "../storage/blob-store.ts";
import { FsBlobStore, ORIGINAL_NAMES } from "../storage/fs.ts";
import { type AudioWorkers, createAudioWorkers } from "./audio.ts";
import { type Caretaker, createCaretaker } from "./caretaker.ts";
import { EvictionClock } from "./eviction-clock.ts";
import { createSources } from "./extractors.ts";
import { createLiveAudio, type LiveAudio } from "./live-audio.ts";
import { makeFallback } from "./fallback-folder.ts";
import { type CacheFolders, dropBallastOnFullDisk, freeDiskBytes } from "./folders.ts";
import { createKeepRules } from "./keep-rules.ts";
import { createGuildProfiles } from "./guild-profiles.ts";
import { createGuildVolumes } from "./guild-volumes.ts";
import { thisProcess } from "./lease-holder.ts";
import { createLookUps, type LookUps, servingAll } from "./look-ups.ts";

export interface LibraryDeps {
  readonly config: Config;
  readonly log: Logger;
  readonly folders: CacheFolders;
  readonly db: Database;
  /** Looks whether the database still is the one on the disk; done before each maintenance run. */
  readonly checkDatabase?: (signal: AbortSignal) => Promise<unknown>;
  /** Told when a song that should have been stored could not be. */
  readonly onUnstored?: (reason: AppError) => void;
  /** Keys of everything that plays or waits in each guild; nothing of it is cleaned up. */
  readonly keysByGuild: () => ReadonlyMap<string, ReadonlySet<string>>;
}

export interface Library extends LookUps {
  readonly cache: AudioCache;
  readonly background: BackgroundFills;
  readonly liveAudio: LiveAudio;
  readonly maintenance: Maintenance;
  readonly caretaker: Caretaker;
  readonly settings: Settings;
  /** Of all that need not be on the disk at once: one commit for what comes together. */
  readonly commits: SharedCommits;
  readonly profiles: GuildProfiles;
  readonly volumes: GuildVolumes;
  readonly statistics: () => Promise<CacheStatistics>;
  /** Gives files without a row their rows back. */
  readonly rebuild: (signal: AbortSignal) => Promise<RebuildReport>;
}

/** 48 bytes for each millisecond are 384 kbit/s: no song of the allowed length is larger. */
const DOWNLOAD_BYTES_PER_MS = 48;
const SMALLEST_LIMIT_BYTES = 64 * 1024 * 1024;

const TELL_USE_MS = 5_000;

/** Puts the cache together. The signal ends the look for installed programs. */
export async function createLibrary(deps: LibraryDeps, signal: AbortSignal): Promise<Library> {
  const { config, log, db, folders } = deps;
  const runner = createProcessRunner({ path: config.system.searchPath });
  const holder = thisProcess();
  const leases = new Leases(db, holder);
  const sharedUse = new SharedUse(db, holder);
  const choices = guildChoices(db, config);
  const tell = (): void => tellUse({ ...deps, ...choices, sharedUse }, inUse, () => caretaker.maintenance);
  const inUse = new InUse(tell);
  // What waits in a queue changes without a file being opened.
  repeat(tell, TELL_USE_MS, signal);
  const parts: Parts = {
    ...deps,
    shutdown: signal,
    ...tablesOf(db),
    inUse,
    sharedUse,
    reservations: new Reservations(db, holder),
    leases,
    guard: new KeyGuard({ locks: new KeyedMutex(), leases, log }),
    blobs: new FsBlobStore({ root: folders.audio, quarantine: folders.quarantine }),
    originalFiles: originalFiles(config, folders),
    evictionClock: await EvictionClock.load(new Settings(db)),
    sources: await createSources({ config, runner, clock: systemClock, log }, signal),
    ...(await createAudioWorkers(config, runner, log, signal)),
  };
  const caretaker = caretakerFor(parts);
  return {
    ...waysToAudio(parts, createCache(parts, caretaker.maintenance)),
    ...createLookUps(parts),
    maintenance: caretaker.maintenance,
    caretaker,
    settings: parts.settings,
    commits: parts.commits,
    ...choices,
    statistics: () => cacheStatistics({ ...parts, limitBytes: config.cache.limitBytes, clock: systemClock }),
    rebuild: (ended) => rebuildRows(parts, ended),
  };
}

interface Parts extends LibraryDeps, AudioWorkers {
  readonly settings: Settings;
  readonly commits: SharedCommits;
  readonly shutdown: AbortSignal;
  readonly index: CacheIndex;
  readonly plays: PlayLog;
  readonly runs: MaintenanceLog;
  readonly inUse: InUse;
  readonly sharedUse: SharedUse;
  readonly reservations: Reservations;
  readonly leases: Leases;
  readonly guard: KeyGuard;
  readonly blobs: FsBlobStore;
  /** Downloads as they came, see cache/originals.ts. */
  readonly originalFiles: FsBlobStore;
  readonly evictionClock: EvictionClock;
  readonly sources: readonly Source[];
}

function tablesOf(db: Database): Pick<Parts, "settings" | "commits" | "index" | "plays" | "runs"> {
  return {
    settings: new Settings(db),
    commits: new SharedCommits(db),
    index: new CacheIndex(db),
    plays: new PlayLog(db),
    runs: new MaintenanceLog(db),
  };
}

/** What each guild has chosen for itself. */
function guildChoices(db: Database, config: Config): Pick<Library, "profiles" | "volumes"> {
  const settings = new GuildSettings(db);
  return { profiles: createGuildProfiles(settings, config.audio), volumes: createGuildVolumes(settings) };
}

function createCache(parts: Parts, maintenance: Maintenance): AudioCache {
  const { config, log, db, folders, blobs, sources, evictionClock } = parts;
  const {
    maxTrackDurationMs: maxDurationMs,
    freeDiskFloorBytes,
    autoCleanup,
    directory,
    limitBytes,
  } = config.cache;
  const keepRules = createKeepRules(new GuildSettings(db));
  return new AudioCache({
    ...parts,
    originals: originalsIn(parts),
    tally: new PlayTally(parts.commits),
    failures: new FailureMemory(db),
    blobs: playableBlobs(blobs),
    replaceBlob: (ref, fromPath) => blobs.replace(ref, fromPath),
    source: servingAll(sources),
    workDirectory: folders.work,
    audioDirectory: folders.audio,
    limits: {
      maxDurationMs,
      maxDownloadBytes: Math.max(maxDurationMs * DOWNLOAD_BYTES_PER_MS, SMALLEST_LIMIT_BYTES),
      freeDiskFloorBytes,
    },
    limitBytes,
    makeRoom: (bytes) => dropBallastOnFullDisk(config).then(() => maintenance.makeRoom(bytes)),
    isKept: (track, asked) => keepRules.isKept(track, asked),
    makeFallback: (bytes) => makeFallback(bytes),
    freeDiskBytes: () => freeDiskBytes(directory),
    evictionClock: () => evictionClock.value,
    clock: systemClock,
    onPublished: () => {
      if (!autoCleanup) return;
      maintenance.enforceLimit().catch((error: unknown) => log.error("cache.cleanup_failed", { error }));
    },
  });
}

function waysToAudio(
  { config, db, log, settings, streams, sources }: Parts,
  cache: AudioCache,
): Pick<Library, "cache" | "background" | "liveAudio"> {
  const keepRules = createKeepRules(new GuildSettings(db));
  const background = new BackgroundFills({
    cache,
    failures: new FailureMemory(db),
    isKept: (track, asked) => keepRules.isKept(track, asked),
    settings,
    limits: { maxDurationMs: config.cache.maxTrackDurationMs },
    perDay: config.cache.prefetchPerDay,
    clock: systemClock,
    log,
  });
  return { cache, background, liveAudio: createLiveAudio(streams, sources) };
}

function caretakerFor(parts: Parts): Caretaker {
  const { inUse, keysByGuild, shutdown, log } = parts;
  const caretaker = createCaretaker({
    ...parts,
    isInUse: (ref) => inUse.has(ref),
    keysInQueues: () => new Set([...keysByGuild().values()].flatMap((keys) => [...keys])),
    signal: shutdown,
  });
  // What was cleared while an earlier process played it.
  caretaker.maintenance
    .finishRemovals()
    .catch((error: unknown) => log.warn("cache.remove_failed", { error }));
  return caretaker;
}

async function rebuildRows(parts: Parts, signal: AbortSignal): Promise<RebuildReport> {
  const { config, db, guard, folders } = parts;
  const deps = {
    rows: new CacheRows(db),
    profiles: currentProfileIds(config.audio.profiles),
    withLock: <T>(key: string, work: (lease: Lease) => Promise<T>) => guard.run(key, work, signal),
    audioDirectory: folders.audio,
    clock: systemClock,
  };
  return await rebuild({ ...parts, ...deps }, signal);
}

function repeat(work: () => void, everyMs: number, signal: AbortSignal): void {
  const timer = setInterval(work, everyMs).unref();
  signal.addEventListener("abort", () => clearInterval(timer));
}

interface Use extends Pick<LibraryDeps, "log" | "keysByGuild"> {
  readonly profiles: Pick<GuildProfiles, "profileOf">;
  readonly sharedUse: SharedUse;
}

/** Tells the other processes what plays here and what is about to; what was cleared goes then. Nobody waits for it. */
function tellUse(use: Use, inUse: InUse, maintenance: () => Maintenance): void {
  const { sharedUse, log } = use;
  queuedRefs(use)
    .then((queued) => sharedUse.tell(new Set([...inUse.refs, ...queued])))
    .then((gone) => maintenance().released(gone))
    .catch((error: unknown) => log.warn("cache.use_not_told", { error }));
}

/** What waits in the queues, in the profile that each guild hears. */
async function queuedRefs({ keysByGuild, profiles }: Use): Promise<readonly string[]> {
  const ofGuilds = [...keysByGuild()].map(async ([guildId, keys]) => {
    const { id } = await profiles.profileOf(guildId);
    return [...keys].map((key) => `${id}/${key}.opus`);
  });
  return (await Promise.all(ofGuilds)).flat();
}

function originalsIn({ config, originalFiles: files, log }: Parts): Originals {
  const { directory, keepSource: keeps } = config.cache;
  return createOriginals({ blobs: playableBlobs(files), directory, keeps, log });
}

function originalFiles({ cache }: Config, { quarantine }: CacheFolders): FsBlobStore {
  return new FsBlobStore({ root: cache.directory, quarantine, names: ORIGINAL_NAMES });
}
