/** A cache on real files, a real database and the real ffmpeg, with a source that does as it is told. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { onTestFinished } from "vitest";
import { createFfmpegTranscoder } from "../../src/audio/ffmpeg.ts";
import { openOpusFile } from "../../src/audio/opus-file.ts";
import type { LiveTranscoder } from "../../src/audio/live.ts";
import type { Transcoder } from "../../src/audio/transcoder.ts";
import { AudioCache, type AudioCacheDeps } from "../../src/cache/audio-cache.ts";
import type { CachedAudio } from "../../src/cache/cached-audio.ts";
import { blobRef } from "../../src/cache/names.ts";
import type { FillLimits } from "../../src/cache/fill.ts";
import { InUse } from "../../src/cache/in-use.ts";
import { KeyedMutex } from "../../src/cache/keyed-mutex.ts";
import { KeyGuard } from "../../src/cache/key-guard.ts";
import { thisProcess } from "../../src/app/lease-holder.ts";
import { createOriginals } from "../../src/cache/originals.ts";
import { type AudioProfile, audioProfile } from "../../src/core/audio-profile.ts";
import { silentLogger } from "../../src/core/logger.ts";
import type { Preparation } from "../../src/core/preparation.ts";
import { cacheKey, type Track } from "../../src/core/track.ts";
import { CacheIndex, type RankedEntry } from "../../src/db/cache-index.ts";
import { CacheRows } from "../../src/db/cache-rows.ts";
import { FailureMemory } from "../../src/db/failure-memory.ts";
import { Leases } from "../../src/db/leases.ts";
import { openDatabase } from "../../src/db/open.ts";
import { PlayLog } from "../../src/db/play-log.ts";
import { PlayTally } from "../../src/db/play-tally.ts";
import { SharedCommits } from "../../src/db/shared-commits.ts";
import { Reservations } from "../../src/db/reservations.ts";
import type { Database } from "../../src/db/schema.ts";
import { createProcessRunner } from "../../src/process/child-runner.ts";
import { playableBlobs } from "../../src/storage/blob-store.ts";
import { FsBlobStore, ORIGINAL_NAMES } from "../../src/storage/fs.ts";
import { presentRows } from "../db/present-rows.ts";
import { FakeClock } from "../fakes/clock.ts";
import { RecordingLogger } from "../fakes/logger.ts";
import { heardOf } from "../fakes/packets.ts";
import { ScriptedSource } from "../fakes/scripted-source.ts";
import { makeTone } from "../sandbox/media/tones.ts";

export const NEVER = new AbortController().signal;

export const PROFILE = audioProfile("standard", {
  loudnessTargetLufs: -14,
  truePeakCeilingDbtp: -1,
  bitrateKbps: 64,
  channels: 2,
  pipelineVersion: 1,
});

/** One second of music, about 12 KiB. */
export const tone = await makeTone(
  { frequencyHz: 440, loudnessLufs: -20, durationMs: 1_000, format: "webm" },
  { ffmpegPath: "ffmpeg" },
);

export const ffmpeg: Transcoder = createFfmpegTranscoder({
  runner: createProcessRunner({ graceMs: 100 }),
  ffmpegPath: "ffmpeg",
  logger: silentLogger,
});

export interface SetUpOptions {
  readonly isKept?: AudioCacheDeps["isKept"];
  readonly transcoder?: Transcoder;
  readonly limits?: Partial<FillLimits>;
  readonly freeDiskBytes?: () => Promise<number>;
  /** Wraps the index, to stand in its way. */
  readonly index?: (db: Database) => CacheIndex;
  readonly onPublished?: () => void;
  readonly limitBytes?: number;
  readonly makeRoom?: (bytes: number) => Promise<void>;
  /** Downloads are kept (or only used, when false); not given: there are no originals. */
  readonly keepSource?: boolean;
  /** Songs are heard while they arrive; not given: when they are finished. */
  readonly live?: LiveTranscoder;
}

export interface AskOptions {
  readonly guildId?: string;
  readonly profile?: AudioProfile;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Preparation) => void;
}

export class CacheUnderTest {
  readonly clock = new FakeClock();
  readonly log = new RecordingLogger();
  readonly source = new ScriptedSource(tone.path);
  readonly locks = new KeyedMutex();
  readonly inUse = new InUse();
  readonly cache: AudioCache;
  readonly index: CacheIndex;
  readonly plays: PlayLog;
  readonly blobs: FsBlobStore;
  readonly originals: FsBlobStore;
  readonly folder: string;
  readonly #rows: CacheRows;

  constructor(folder: string, db: Database, options: SetUpOptions) {
    this.folder = folder;
    this.index = options.index?.(db) ?? new CacheIndex(db);
    this.#rows = new CacheRows(db);
    this.plays = new PlayLog(db);
    this.blobs = new FsBlobStore({ root: this.at("audio"), quarantine: this.at("quarantine") });
    this.originals = new FsBlobStore({
      root: folder,
      quarantine: this.at("quarantine"),
      names: ORIGINAL_NAMES,
    });
    this.cache = new AudioCache(this.#deps(db, options));
  }

  #deps(db: Database, options: SetUpOptions): AudioCacheDeps {
    const { index, source, inUse, clock, log } = this;
    const leases = new Leases(db, thisProcess());
    const {
      transcoder = ffmpeg,
      freeDiskBytes = () => Promise.resolve(2 ** 40),
      onPublished,
      live,
    } = options;
    return {
      index,
      tally: new PlayTally(new SharedCommits(db, 0)),
      source,
      guard: new KeyGuard({ locks: this.locks, leases, log }),
      inUse,
      clock,
      log,
      transcoder,
      freeDiskBytes,
      ...(onPublished && { onPublished }),
      ...(live && { live }),
      failures: new FailureMemory(db),
      blobs: playableBlobs(this.blobs),
      replaceBlob: (ref, fromPath) => this.blobs.replace(ref, fromPath),
      openOpusFile,
      workDirectory: this.at("work"),
      audioDirectory: this.at("audio"),
      limits: {
        maxDurationMs: 60_000,
        maxDownloadBytes: 2 ** 24,
        freeDiskFloorBytes: 2 ** 20,
        ...options.limits,
      },
      reservations: new Reservations(db, thisProcess()),
      limitBytes: options.limitBytes ?? 2 ** 40,
      ...(options.isKept && { isKept: options.isKept }),
      makeRoom: options.makeRoom ?? (() => Promise.resolve()),
      makeFallback: async () => {
        await mkdir(this.at("fallback"), { recursive: true });
        return await mkdtemp(this.at("fallback", "song-"));
      },
      evictionClock: () => 0,
      ...(options.keepSource !== undefined && {
        originals: createOriginals({
          blobs: playableBlobs(this.originals),
          directory: this.folder,
          keeps: options.keepSource,
          log,
        }),
      }),
    };
  }

  /** Rows that stand for a file. */
  present(): Promise<RankedEntry[]> {
    return presentRows(this.#rows);
  }

  at(...names: readonly string[]): string {
    return path.join(this.folder, ...names);
  }

  ask(track: Track, options: AskOptions = {}): Promise<CachedAudio> {
    const { guildId = "guild", profile = PROFILE, signal = NEVER, onProgress } = options;
    return this.cache.acquire(track, { profile, guildId, ...(onProgress && { onProgress }) }, signal);
  }

  /** Asks, listens to the end, closes. */
  async play(track: Track, options: AskOptions = {}): Promise<CachedAudio> {
    const audio = await this.ask(track, options);
    audio.started();
    await heardOf(audio);
    await audio.close();
    return audio;
  }

  file(track: Track): string {
    return this.at("audio", blobRef(cacheKey(track), PROFILE));
  }

  async bytesOf(track: Track): Promise<Buffer> {
    return readFile(this.file(track));
  }

  /** Puts bytes at the name of a song, behind the cache's back. */
  async plant(track: Track, bytes: Buffer): Promise<void> {
    await mkdir(path.dirname(this.file(track)), { recursive: true });
    await rm(this.file(track), { force: true });
    await writeFile(this.file(track), bytes);
  }

  /** Names in a folder of the cache. */
  async names(folder: "work" | "quarantine" | "audio"): Promise<string[]> {
    return readdir(this.at(folder));
  }

  /** Events of the cache by name, in their order. */
  events(): string[] {
    return this.log.events.map(({ event }) => event).filter((event) => event.startsWith("cache."));
  }
}

/** Everything goes when the test is over. */
export async function setUp(options: SetUpOptions = {}): Promise<CacheUnderTest> {
  const folder = await mkdtemp(path.join(tmpdir(), "encore-cache-"));
  await Promise.all(["audio", "work", "quarantine"].map((name) => mkdir(path.join(folder, name))));
  const { db } = await openDatabase(path.join(folder, "data/encore.sqlite"));
  const bench = new CacheUnderTest(folder, db, options);
  onTestFinished(async () => {
    await bench.cache.close();
    await db.destroy();
    await rm(folder, { recursive: true, force: true });
  });
  return bench;
}
