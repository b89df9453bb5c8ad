// Gives files their rows back after the database was lost. Runs beside the playing bot.
import * as path from "node:path";
import type { Transcoder } from "../audio/transcoder.ts";
import { throwIfAborted } from "../core/abort.ts";
import type { ProfileId } from "../core/audio-profile.ts";
import type { Clock } from "../core/clock.ts";
import { AppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { CacheIndex } from "../db/cache-index.ts";
import type { CacheRows } from "../db/cache-rows.ts";
import type { Lease } from "../db/leases.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import { inParallel } from "./in-parallel.ts";
import { condemns } from "./record.ts";
import { saveRow } from "./settle.ts";
import { type Find, nameOf, survey } from "./survey.ts";
import { identityOf } from "../core/audio-tags.ts";

export interface RebuildDeps {
  readonly rows: CacheRows;
  readonly index: CacheIndex;
  readonly blobs: Pick<BlobStore, "stat" | "setAside">;
  readonly transcoder: Pick<Transcoder, "inspect" | "measure">;
  /** Runs work while no fill and no removal of the key runs, in any process. */
  readonly withLock: <T>(key: string, work: (lease: Lease) => Promise<T>) => Promise<T>;
  /** Files of other profiles are never played, so they need no row. */
  readonly profiles: ReadonlySet<ProfileId>;
  readonly audioDirectory: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onProgress?: (progress: RebuildReport) => void;
}

/** What a pass has done so far. */
export interface RebuildReport {
  /** Files looked at. */
  readonly files: number;
  /** Got a row. */
  readonly adopted: number;
  /** Were no whole songs and lie in the quarantine. */
  readonly setAside: number;
  /** Could not be judged this time; the log says why. */
  readonly failed: number;
  /** Rows that got their loudness. */
  readonly measured: number;
}

/** As many as there are cores on a small machine. */
const WIDTH = 2;

type Counts = { -readonly [name in keyof RebuildReport]: number };

/**
 * One pass: first every file without a row gets one, which needs no ffmpeg and makes it a hit; then the loudness of
 * those is measured, one by one. What is done stays done: a pass that breaks off is finished by the next.
 * @throws {AppError} `ABORTED`
 */
export async function rebuild(deps: RebuildDeps, signal: AbortSignal): Promise<RebuildReport> {
  const counts: Counts = { files: 0, adopted: 0, setAside: 0, failed: 0, measured: 0 };
  await inParallel(survey(deps.rows, deps.audioDirectory), WIDTH, async (find) => {
    throwIfAborted(signal);
    if (find.status !== "pair" || !find.file || !deps.profiles.has(find.profileId)) return;
    counts.files += 1;
    if (find.row) return;
    const outcome = await giveRow(deps, find, signal);
    if (outcome === "not needed") return;
    counts[outcome] += 1;
    deps.onProgress?.({ ...counts });
  });
  await measureAll(deps, counts, signal);
  return counts;
}

type Pair = Extract<Find, { status: "pair" }>;
type Outcome = "adopted" | "setAside" | "failed" | "not needed";

async function giveRow(deps: RebuildDeps, pair: Pair, signal: AbortSignal): Promise<Outcome> {
  const { key, profileId } = pair;
  const fields = { key, profile: profileId };
  try {
    return await deps.withLock(key, (lease) => adopt(deps, pair, lease, signal));
  } catch (error) {
    throwIfAborted(signal);
    if (!condemns(error)) {
      deps.log.warn("cache.rebuild_failed", { ...fields, error });
      return "failed";
    }
    await deps.blobs.setAside(nameOf(key, profileId));
    deps.log.warn("cache.repaired", { ...fields, found: "file without row, damaged, set aside", error });
    return "setAside";
  }
}

/** Looks again under the lock: a play may have been faster. */
async function adopt(
  { rows, index, blobs, transcoder, clock, audioDirectory, log }: RebuildDeps,
  { key, profileId }: Pair,
  lease: Lease,
  signal: AbortSignal,
): Promise<Outcome> {
  const ref = nameOf(key, profileId);
  const file = await blobs.stat(ref);
  const row = await rows.find(key, profileId);
  if (!file || (row && row.state !== "evicted")) return "not needed";
  const facts = await transcoder.inspect(path.join(audioDirectory, ref), signal);
  const says = identityOf(facts);
  if (says && (says.key !== key || says.profileId !== profileId)) {
    // Whole, but another song: `cache reconcile` knows where it belongs.
    log.warn("cache.rebuild_failed", { key, profile: profileId, says: nameOf(says.key, says.profileId) });
    return "failed";
  }
  await saveRow({ rows, index, clock }, { key, profileId, ref, lease, facts });
  const { bytes } = facts;
  log.warn("cache.repaired", { key, profile: profileId, found: "file without row, adopted", bytes });
  return "adopted";
}

async function measureAll(deps: RebuildDeps, counts: Counts, signal: AbortSignal): Promise<void> {
  for await (const row of deps.rows.unmeasured()) {
    throwIfAborted(signal);
    if (!deps.profiles.has(row.profileId)) continue;
    try {
      const loudness = await deps.transcoder.measure(path.join(deps.audioDirectory, row.blobRef), signal);
      await deps.rows.saveLoudness(row, loudness);
      counts.measured += 1;
      deps.onProgress?.({ ...counts });
    } catch (error) {
      throwIfAborted(signal);
      if (error instanceof AppError && error.code === "FFMPEG_MISSING") return;
      deps.log.warn("cache.rebuild_failed", { key: row.key, profile: row.profileId, error });
    }
  }
}
