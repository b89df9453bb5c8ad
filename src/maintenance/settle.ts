// One row and one file: what is to be done about them, and doing it.
import * as path from "node:path";
import type { OggOpusFacts, Transcoder } from "../audio/transcoder.ts";
import { type ProfileId, UNMEASURED } from "../core/audio-profile.ts";
import type { Clock } from "../core/clock.ts";
import type { CacheKey } from "../core/track.ts";
import type { CacheIndex, RankedEntry } from "../db/cache-index.ts";
import type { CacheRows } from "../db/cache-rows.ts";
import type { Lease, Leases } from "../db/leases.ts";
import type { BlobRef, BlobStore } from "../storage/blob-store.ts";
import { isHalfRemoved } from "./inventory.ts";
import { condemns, perform, type Task } from "./record.ts";
import { nameOf } from "./survey.ts";
import { type FileIdentity, identityOf, trackOf } from "../core/audio-tags.ts";

export interface ReconcileDeps {
  readonly rows: CacheRows;
  readonly index: CacheIndex;
  readonly blobs: BlobStore;
  readonly transcoder: Pick<Transcoder, "inspect">;
  readonly leases: Pick<Leases, "held" | "livingKeys" | "tryAcquire" | "release">;
  /** Runs work while no fill and no removal of the key runs, in any process. */
  readonly withLock: <T>(key: string, work: (lease: Lease) => Promise<T>) => Promise<T>;
  readonly isInUse: (ref: BlobRef) => boolean;
  readonly isUsedElsewhere: (ref: BlobRef) => Promise<boolean>;
  /** Absolute paths. */
  readonly folders: { readonly audio: string; readonly work: string; readonly quarantine: string };
  readonly clock: Clock;
}

/** What is to be done about one row and one file. */
export type Verdict = "sound" | "heal row" | "finish removal" | "check file";

/** A row without a file is healed, a file without a row (or of another size than its row says) is checked. Pure. */
export function judge(
  row: Pick<RankedEntry, "state" | "isLeaving" | "bytes"> | undefined,
  fileBytes: number | undefined,
): Verdict {
  if (!row) return fileBytes === undefined ? "sound" : "check file";
  if (isHalfRemoved(row)) return "finish removal";
  if (fileBytes === undefined) return "heal row";
  return fileBytes === row.bytes ? "sound" : "check file";
}

/**
 * Looks again under the lock, and then acts. Returns the name of a file that says it belongs under another name; the
 * caller brings it there when this lock is free again.
 */
export async function settle(
  deps: ReconcileDeps,
  task: Task,
  { key, profileId }: FileIdentity,
): Promise<BlobRef | undefined> {
  return deps.withLock(key, async (lease) => {
    const row = await presentRow(deps, { key, profileId });
    const subject = row?.blobRef ?? nameOf(key, profileId);
    const bytes = (await deps.blobs.stat(subject))?.bytes;
    const evicted = (): Promise<unknown> => deps.index.markEvicted(key, profileId, lease);
    const verdict = judge(row, bytes);
    if (verdict === "check file") return adopt(deps, task, { key, profileId, ref: subject, lease });
    if (verdict === "finish removal")
      await finishRemoval(deps, task, { subject, bytes: bytes ?? 0 }, evicted);
    if (verdict === "heal row")
      await perform(task, { action: "healed", subject, reason: "row without file", bytes: 0 }, evicted);
    return undefined;
  });
}

/** The row, when it stands for a file. */
export async function presentRow(
  { rows }: Pick<ReconcileDeps, "rows">,
  { key, profileId }: FileIdentity,
): Promise<RankedEntry | undefined> {
  const row = await rows.find(key, profileId);
  return row?.state === "evicted" ? undefined : row;
}

async function finishRemoval(
  deps: ReconcileDeps,
  task: Task,
  { subject, bytes }: { readonly subject: BlobRef; readonly bytes: number },
  evicted: () => Promise<unknown>,
): Promise<void> {
  if (deps.isInUse(subject) || (await deps.isUsedElsewhere(subject))) {
    task.record.report({ action: "busy", subject, reason: "playing", bytes });
    return;
  }
  await perform(task, { action: "removed", subject, reason: "unfinished removal", bytes }, async () => {
    await deps.blobs.remove(subject);
    await evicted();
  });
}

/** Gives a file its row, or sets it aside. Returns its name when it says that it belongs under another. */
async function adopt(
  deps: ReconcileDeps,
  task: Task,
  at: { readonly key: CacheKey; readonly profileId: ProfileId; readonly ref: BlobRef; readonly lease: Lease },
): Promise<BlobRef | undefined> {
  const { key, profileId, ref: subject, lease } = at;
  const facts = await inspect(deps, task, subject);
  if (!facts) {
    const bytes = (await deps.blobs.stat(subject))?.bytes ?? 0;
    await perform(task, { action: "set aside", subject, reason: "unreadable", bytes }, async () => {
      await deps.blobs.setAside(subject);
      await deps.index.markEvicted(key, profileId, lease);
    });
    return undefined;
  }
  const says = identityOf(facts);
  if (says && (says.key !== key || says.profileId !== profileId)) {
    if (!task.dryRun) await deps.index.markEvicted(key, profileId, lease);
    return subject;
  }
  const step = { action: "adopted", subject, reason: "file without row", bytes: facts.bytes };
  await perform(task, step, () => saveRow(deps, { key, profileId, ref: subject, lease, facts }));
  return undefined;
}

/** `undefined` = it is no whole song. */
export async function inspect(
  deps: Pick<ReconcileDeps, "transcoder" | "folders">,
  task: Task,
  ref: BlobRef,
): Promise<OggOpusFacts | undefined> {
  try {
    return await deps.transcoder.inspect(path.join(deps.folders.audio, ref), task.signal);
  } catch (error) {
    if (condemns(error)) return undefined;
    throw error;
  }
}

/**
 * Writes the row of a checked file, with what the file itself tells about the recording. Its loudness is what was
 * measured before of the same bytes, or is measured later: that needs decoding, which playing it does not.
 */
export async function saveRow(
  { index, rows, clock }: Pick<ReconcileDeps, "index" | "rows" | "clock">,
  file: FileIdentity & { readonly ref: BlobRef; readonly lease: Lease; readonly facts: OggOpusFacts },
): Promise<void> {
  const { key, profileId, ref: blobRef, lease, facts } = file;
  const { bytes, durationMs, sha256 } = facts;
  const before = await rows.find(key, profileId);
  const isSame = before?.sha256 === sha256;
  const loudness = isSame ? before.loudness : UNMEASURED;
  const sourceLoudness = isSame ? before.sourceLoudness : null;
  const createdAtMs = clock.nowMs();
  const checked = { bytes, durationMs, sha256, sourceLoudness, loudness, createdAtMs };
  await index.save({ key, profileId, blobRef, ...checked }, undefined, lease);
  const track = trackOf(facts);
  if (track) await rows.learnTrack(key, track, createdAtMs);
}
