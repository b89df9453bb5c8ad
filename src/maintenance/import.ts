// Takes over the songs of an older cache, each through the same pipeline as a download.
import { realpath, rm, unlink } from "node:fs/promises";
import * as path from "node:path";
import type { Examiner, Transcoder } from "../audio/transcoder.ts";
import { throwIfAborted } from "../core/abort.ts";
import type { AudioProfile } from "../core/audio-profile.ts";
import { audioTags } from "../core/audio-tags.ts";
import type { Clock } from "../core/clock.ts";
import { AppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { type Track, parseCacheKey } from "../core/track.ts";
import type { CacheIndex } from "../db/cache-index.ts";
import type { CacheRows } from "../db/cache-rows.ts";
import type { Lease } from "../db/leases.ts";
import { type AdmissionLimits, refuseAdmission } from "../policy/admission.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import { lookAt } from "./folder.ts";
import type { Copy, ImportItem, ImportPlan, OldFile } from "./import-plan.ts";
import { scanOldCache } from "./import-scan.ts";
import { attempt, condemns, perform, type Task } from "./record.ts";
import { nameOf } from "./survey.ts";

export interface ImportDeps {
  readonly rows: Pick<CacheRows, "find" | "track">;
  readonly index: Pick<CacheIndex, "save">;
  readonly blobs: Pick<BlobStore, "publish">;
  readonly transcoder: Pick<Transcoder, "normalize" | "inspect"> & Examiner;
  /** Runs work while no fill and no removal of the key runs, in any process. */
  readonly withLock: <T>(key: string, work: (lease: Lease) => Promise<T>) => Promise<T>;
  /** An absolute path in the scratch folder that no other try ever has. */
  readonly workPath: (key: string) => string;
  /** False when the cache has reached its limit, or the disk its floor. */
  readonly hasRoom: () => Promise<boolean>;
  readonly limits: AdmissionLimits;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface ImportRequest {
  /** Path of the old cache's folder. */
  readonly folder: string;
  readonly profile: AudioProfile;
  /** Folders and files of this bot, which are no older cache. Absolute paths. */
  readonly ownFolders: readonly string[];
}

export interface ImportOptions {
  readonly plan: ImportPlan;
  readonly profile: AudioProfile;
  /** Remove from the old folder what was taken over, with its duplicates and what the cache had already. */
  readonly move: boolean;
}

/**
 * Looks at every file of an older cache. Changes nothing.
 * @throws {AppError} `IMPORT_FOLDER` for a folder that is none or is this bot's own, `FFMPEG_MISSING`, `ABORTED`
 */
export async function planImport(
  deps: Pick<ImportDeps, "rows" | "transcoder">,
  task: Task,
  request: ImportRequest,
): Promise<ImportPlan> {
  return scanOldCache(deps, task, { ...request, folder: await checkFolder(request) });
}

/**
 * Takes over one recording after the other; a dry run says what would be done. What is in the cache already stays as it
 * is, what is not understood stays where it is.
 * @throws {AppError} `ABORTED`
 */
export async function applyImport(deps: ImportDeps, task: Task, options: ImportOptions): Promise<void> {
  const { plan } = options;
  for (const { subject, reason, bytes } of plan.unusable)
    task.record.report({ action: "unusable", subject, reason, bytes });
  for (const file of plan.present) await settleSpare(task, options, file, PRESENT);
  let done = 0;
  for (const item of plan.items) {
    throwIfAborted(task.signal);
    await attempt(task, item.best.subject, () => importItem(deps, task, options, item));
    done += 1;
    task.record.progress({ done, total: plan.items.length, bytes: 0 });
  }
}

/** An import of our own files would code them again, and a move remove them. */
async function checkFolder({ folder, ownFolders }: ImportRequest): Promise<string> {
  const [real, ...own] = await Promise.all([folder, ...ownFolders].map(realPath));
  if (real === undefined || (await lookAt(real))?.kind !== "folder")
    throw new AppError("IMPORT_FOLDER", { folder, reason: "is no folder" });
  if (own.some((each) => each !== undefined && (isWithin(each, real) || isWithin(real, each))))
    throw new AppError("IMPORT_FOLDER", { folder, reason: "belongs to this bot, or holds its files" });
  return real;
}

/** Without links; `undefined` = there is nothing. */
async function realPath(file: string): Promise<string | undefined> {
  return realpath(file).catch(() => undefined);
}

function isWithin(inner: string, outer: string): boolean {
  const way = path.relative(outer, inner);
  return !/^\.\.(?:$|[\\/])/u.test(way) && !path.isAbsolute(way);
}

/** Tries the copies in their order until one of them becomes a song. */
async function importItem(
  deps: ImportDeps,
  task: Task,
  options: ImportOptions,
  { key, best, duplicates }: ImportItem,
): Promise<void> {
  if (!(await deps.hasRoom())) {
    const step = { action: "left", subject: best.subject, reason: "no room in the cache", bytes: best.bytes };
    return task.record.report(step);
  }
  const copies = [best, ...duplicates];
  for (const [place, copy] of copies.entries()) {
    const outcome = task.dryRun
      ? await take(deps, task, { ...options, copy })
      : await deps.withLock(key, (lease) => take(deps, task, { ...options, copy, lease }));
    if (outcome === "unusable") continue;
    const reason = outcome === "taken" ? TAKEN : PRESENT;
    await settleSpare(task, options, copy, reason);
    for (const other of copies.slice(place + 1)) await settleSpare(task, options, other, DUPLICATE);
    return;
  }
}

interface Taking extends ImportOptions {
  readonly copy: Copy;
  /** Absent in a dry run. */
  readonly lease?: Lease;
}

/** Under the key's lock: looks again, then makes the song and publishes it. */
async function take(deps: ImportDeps, task: Task, taking: Taking): Promise<"taken" | "present" | "unusable"> {
  const { copy, profile } = taking;
  const { key, subject, bytes, condition: reason } = copy;
  if ((await deps.rows.find(key, profile.id))?.state === "ready") return "present";
  const track = (await deps.rows.track(key)) ?? trackOf(copy);
  const refusal = await refuse(deps, taking, track);
  if (refusal !== undefined) return unusable(task, copy, refusal);
  try {
    const step = { action: "imported", subject, reason, bytes, detail: nameOf(key, profile.id) };
    await perform(task, step, () => make(deps, task, taking, track));
    return "taken";
  } catch (error) {
    if (!condemns(error)) throw error;
    return unusable(task, copy, "not whole");
  }
}

/** Why a copy cannot be taken now; `undefined` = it can. */
async function refuse(
  { limits }: ImportDeps,
  { copy, plan }: Taking,
  track: Track,
): Promise<string | undefined> {
  const now = await lookAt(path.join(plan.folder, copy.subject));
  if (now?.kind !== "file" || now.bytes !== copy.bytes || now.modifiedAtMs !== copy.modifiedAtMs)
    return "changed since it was looked at";
  const recording = { ...track, durationMs: copy.durationMs, isLive: false };
  return refuseAdmission(recording, limits) ? "longer than the longest song that is kept" : undefined;
}

function unusable(task: Task, { subject, bytes }: OldFile, reason: string): "unusable" {
  task.record.report({ action: "unusable", subject, reason, bytes });
  return "unusable";
}

async function make(deps: ImportDeps, task: Task, taking: Taking, track: Track): Promise<void> {
  const { copy, profile, plan, lease } = taking;
  const { key } = copy;
  const toPath = deps.workPath(key);
  const fromPath = path.join(plan.folder, copy.subject);
  const tags = audioTags(track, profile.id);
  const request = { fromPath, toPath, profile, expectedDurationMs: copy.durationMs, tags };
  try {
    const { sourceLoudness, loudness } = await deps.transcoder.normalize(request, task.signal);
    const { bytes, durationMs, sha256 } = await deps.transcoder.inspect(toPath, task.signal);
    const blobRef = nameOf(key, profile.id);
    if ((await deps.blobs.publish(blobRef, toPath)) === "exists")
      throw new AppError("IMPORT_BLOCKED", { file: blobRef });
    const entry = { key, profileId: profile.id, blobRef, bytes, durationMs, sha256, loudness };
    const measured = copy.condition === "original" ? sourceLoudness : null;
    await deps.index.save(
      { ...entry, sourceLoudness: measured, createdAtMs: deps.clock.nowMs() },
      track,
      lease,
    );
    deps.log.info("cache.published", { key, profile: profile.id, bytes, durationMs, from: "import" });
  } finally {
    await rm(toPath, { force: true });
  }
}

/** What the name of the file tells. */
function trackOf({ key, title, durationMs }: Copy): Track {
  const ref = parseCacheKey(key)?.ref ?? { source: "youtube", id: key };
  const url = `https://www.youtube.com/watch?v=${ref.id}`;
  return { ...ref, title: title ?? ref.id, artist: "", url, durationMs, isLive: false, thumbnailUrl: null };
}

/** A file that is needed no more: removed when the cache is moved, else reported. */
async function settleSpare(task: Task, options: ImportOptions, file: OldFile, reason: string): Promise<void> {
  const { subject, bytes } = file;
  if (options.move) {
    const step = { action: "removed", subject, reason, bytes };
    await attempt(task, subject, () =>
      perform(task, step, () => unlink(path.join(options.plan.folder, subject))),
    );
  } else if (reason !== TAKEN) task.record.report({ action: "spare", subject, reason, bytes });
}

const TAKEN = "taken over";
const PRESENT = "in the cache already";
const DUPLICATE = "duplicate";
/** Why files are removed from the older cache; no row goes with them. */
export const SPARE_REASONS = [TAKEN, PRESENT, DUPLICATE] as const;
