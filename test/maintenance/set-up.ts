/** Maintenance of real files with rows in a real database. */
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { onTestFinished } from "vitest";
import { InUse } from "../../src/cache/in-use.ts";
import { KeyedMutex } from "../../src/cache/keyed-mutex.ts";
import { KeyGuard } from "../../src/cache/key-guard.ts";
import { thisProcess } from "../../src/app/lease-holder.ts";
import { CacheIndex } from "../../src/db/cache-index.ts";
import { CacheRows } from "../../src/db/cache-rows.ts";
import { type LeaseHolder, Leases } from "../../src/db/leases.ts";
import { MaintenanceLog } from "../../src/db/maintenance-log.ts";
import { SharedUse } from "../../src/db/shared-use.ts";
import type { Database } from "../../src/db/schema.ts";
import { Maintenance, type MaintenanceDeps } from "../../src/maintenance/maintenance.ts";
import { MaintenanceTurn } from "../../src/maintenance/turn.ts";
import type { BlobStore } from "../../src/storage/blob-store.ts";
import { FsBlobStore } from "../../src/storage/fs.ts";
import { freshDatabase, newEntry, PROFILE } from "../db/database.ts";
import { presentRows } from "../db/present-rows.ts";
import { FakeClock } from "../fakes/clock.ts";
import { RecordingLogger } from "../fakes/logger.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";

export const DAY_MS = 24 * 60 * 60 * 1000;
export const refOf = (number: number): string => `${PROFILE.id}/${youtubeId(number)}.opus`;

export class MaintenanceUnderTest {
  readonly clock = new FakeClock();
  readonly log = new RecordingLogger();
  readonly inUse: InUse;
  readonly locks = new KeyedMutex();
  readonly queued = new Set<string>();
  readonly victims: number[] = [];
  readonly db: Database;
  readonly index: CacheIndex;
  readonly runs: MaintenanceLog;
  readonly files: FsBlobStore;
  readonly deps: MaintenanceDeps;
  readonly maintenance: Maintenance;
  readonly folder: string;

  constructor(
    folder: string,
    db: Database,
    wrap: (blobs: BlobStore) => BlobStore = (blobs) => blobs,
    holder: LeaseHolder = thisProcess(),
  ) {
    const index = new CacheIndex(db);
    const runs = new MaintenanceLog(db);
    const leases = new Leases(db, holder);
    const shared = new SharedUse(db, holder);
    this.inUse = new InUse(
      () =>
        void shared
          .tell(new Set(this.inUse.refs))
          .then((gone) => this.maintenance.released(gone))
          .catch(() => undefined),
    );
    this.folder = folder;
    this.db = db;
    this.index = index;
    this.runs = runs;
    this.files = new FsBlobStore({ root: folder, quarantine: `${folder}-quarantine` });
    const { clock, log, inUse, locks, queued, victims } = this;
    const guard = new KeyGuard({ locks, leases, log });
    this.deps = {
      index,
      rows: new CacheRows(db),
      runs,
      turn: new MaintenanceTurn({ leases, log }),
      logFolder: `${folder}-logs`,
      clock,
      log,
      blobs: wrap(this.files),
      isInUse: (ref) => inUse.has(ref),
      leases,
      isUsedElsewhere: (ref) => shared.isUsedElsewhere(ref),
      usedElsewhere: () => shared.elsewhere(),
      withLock: (key, work) => guard.run(key, work, new AbortController().signal),
      keysInQueues: () => queued,
      rules: { limitBytes: 1_000, retentionDays: 90, policy: "gdsf" },
      advanceEvictionClock: (evictKey) => Promise.resolve(void victims.push(evictKey)),
    };
    this.maintenance = new Maintenance(this.deps);
  }

  /** A song that was made a year ago and played `playedDaysAgo`; its rank is its number. */
  async add(number: number, { bytes = 100, playedDaysAgo = 1 } = {}): Promise<void> {
    await this.addFile(number, bytes);
    const nowMs = this.clock.nowMs();
    const id = youtubeId(number);
    await this.index.save(newEntry(id, { bytes, createdAtMs: nowMs - 365 * DAY_MS }), youtubeTrack(id));
    const entry = await this.index.find(newEntry(id).key, PROFILE.id);
    if (entry) await this.index.recordPlay(entry, nowMs - playedDaysAgo * DAY_MS, number);
  }

  /** A file alone, without a row. */
  async addFile(number: number, bytes = 100): Promise<void> {
    const file = path.join(this.folder, refOf(number));
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, randomBytes(bytes));
  }

  /** Numbers of the songs whose files are there. */
  async present(): Promise<number[]> {
    const names = await readdir(path.join(this.folder, PROFILE.id)).catch(() => []);
    return names.map((name) => Number(name.slice(9, 11))).toSorted((a, b) => a - b);
  }

  /** State of a song's row. */
  async stateOf(number: number): Promise<string> {
    const { key } = newEntry(youtubeId(number));
    const rows = await presentRows(new CacheRows(this.db));
    return rows.find((row) => row.key === key)?.state ?? "none";
  }
}

/** Everything goes when the test is over. `wrap` can stand in the way of the files. */
export async function setUp(
  wrap: (blobs: BlobStore) => BlobStore = (blobs) => blobs,
): Promise<MaintenanceUnderTest> {
  const db = await freshDatabase();
  const folder = await mkdtemp(path.join(tmpdir(), "encore-maintenance-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return new MaintenanceUnderTest(folder, db, wrap);
}
