// Reads kept files again and compares them with what was true when they were published.
import { createHash } from "node:crypto";
import * as path from "node:path";
import type { Transcoder } from "../audio/transcoder.ts";
import { throwIfAborted } from "../core/abort.ts";
import { isMeasured } from "../core/audio-profile.ts";
import type { RankedEntry } from "../db/cache-index.ts";
import { attempt, condemns, perform, type Task } from "./record.ts";
import { presentRow, type ReconcileDeps } from "./settle.ts";

export interface VerifyOptions {
  /** Share of the files that are read, 0 to 1. */
  readonly share: number;
  /** The same seed picks the same files. */
  readonly seed: string;
  /** Decode and measure too. */
  readonly withLoudness: boolean;
  /** Set damaged files aside, so that the next play fetches them again. */
  readonly repair: boolean;
}

export type VerifyDeps = Pick<ReconcileDeps, "rows" | "index" | "blobs" | "withLock" | "folders"> & {
  readonly transcoder: Pick<Transcoder, "inspect" | "measure">;
};

/** Two measurements of the same file agree far better; another file is far off. */
const LOUDNESS_TOLERANCE_LU = 0.5;

/** True for the files a sample takes; each file is decided for itself, whatever the order. Pure. */
export function isSampled(ref: string, { share, seed }: Pick<VerifyOptions, "share" | "seed">): boolean {
  const hash = createHash("sha256").update(`${seed}/${ref}`).digest();
  return hash.readUInt32BE() < share * 2 ** 32;
}

/** Reads every file of the sample, one after the other. @throws {AppError} `ABORTED` */
export async function verify(deps: VerifyDeps, task: Task, options: VerifyOptions): Promise<void> {
  const total = (await deps.index.totals()).files;
  let done = 0;
  let bytes = 0;
  for (const profileId of await deps.rows.profiles()) {
    for await (const row of deps.rows.ofProfile(profileId)) {
      throwIfAborted(task.signal);
      done += 1;
      if (row.state === "ready" && isSampled(row.blobRef, options)) {
        await attempt(task, row.blobRef, () => verifyOne(deps, task, row, options));
        bytes += row.bytes;
      }
      task.record.progress({ done, total: Math.max(done, total), bytes });
    }
  }
}

/** Reads one file; damage is repaired or reported. */
export async function verifyOne(
  deps: VerifyDeps,
  task: Task,
  row: RankedEntry,
  options: Pick<VerifyOptions, "withLoudness" | "repair">,
): Promise<void> {
  const { blobRef: subject, bytes } = row;
  const damage = await findDamage(deps, task, row, options.withLoudness);
  if (damage === undefined) {
    task.record.report({ action: "sound", subject, reason: "as it was published", bytes });
  } else if (options.repair) await repair(deps, task, row, damage);
  else task.record.report({ action: "damaged", subject, reason: damage, bytes });
}

async function findDamage(
  { blobs, transcoder, folders }: VerifyDeps,
  { signal }: Task,
  row: RankedEntry,
  withLoudness: boolean,
): Promise<string | undefined> {
  const stat = await blobs.stat(row.blobRef);
  if (!stat) return "row without file";
  if (stat.bytes !== row.bytes) return "another size";
  const file = path.join(folders.audio, row.blobRef);
  try {
    const facts = await transcoder.inspect(file, signal);
    if (facts.sha256 !== row.sha256) return "other bytes";
    if (facts.durationMs !== row.durationMs) return "another duration";
    if (!withLoudness || !isMeasured(row)) return undefined;
    const { integratedLufs } = await transcoder.measure(file, signal);
    return isAsLoud(integratedLufs, row.loudness.integratedLufs) ? undefined : "another loudness";
  } catch (error) {
    if (condemns(error)) return "unreadable";
    throw error;
  }
}

function isAsLoud(measured: number | null, expected: number | null): boolean {
  if (measured === null || expected === null) return measured === expected;
  return Math.abs(measured - expected) <= LOUDNESS_TOLERANCE_LU;
}

async function repair(deps: VerifyDeps, task: Task, row: RankedEntry, reason: string): Promise<void> {
  const { key, profileId, blobRef: subject, bytes } = row;
  await deps.withLock(key, async (lease) => {
    const now = await presentRow(deps, row);
    // Filled again while we were reading.
    if (now?.sha256 !== row.sha256 || now.createdAtMs !== row.createdAtMs) return;
    const isThere = (await deps.blobs.stat(subject)) !== undefined;
    const step = { action: isThere ? "set aside" : "healed", subject, reason, bytes: isThere ? bytes : 0 };
    await perform(task, step, async () => {
      await deps.blobs.setAside(subject);
      await deps.index.markEvicted(key, profileId, lease);
    });
  });
}
