/** A database of its own for each test. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { onTestFinished } from "vitest";
import { audioProfile } from "../../src/core/audio-profile.ts";
import { cacheKey } from "../../src/core/track.ts";
import type { NewEntry } from "../../src/db/cache-index.ts";
import { openDatabase } from "../../src/db/open.ts";
import type { Database } from "../../src/db/schema.ts";

export const PROFILE = audioProfile("standard", {
  loudnessTargetLufs: -14,
  truePeakCeilingDbtp: -1,
  bitrateKbps: 128,
  channels: 2,
  pipelineVersion: 1,
});

/** Opens a new database; it is closed and removed when the test is over. */
export async function freshDatabase(): Promise<Database> {
  const folder = await mkdtemp(path.join(tmpdir(), "encore-db-"));
  const { db } = await openDatabase(path.join(folder, "encore.sqlite"));
  onTestFinished(async () => {
    await db.destroy();
    await rm(folder, { recursive: true, force: true });
  });
  return db;
}

/** What a fill would write about a video. */
export function newEntry(id: string, more: Partial<NewEntry> = {}): NewEntry {
  return {
    key: cacheKey({ source: "youtube", id }),
    profileId: PROFILE.id,
    blobRef: `${PROFILE.id}/${id}.opus`,
    bytes: 4_000_000,
    durationMs: 240_000,
    sha256: "0".repeat(64),
    sourceLoudness: { integratedLufs: -9.5, truePeakDbtp: 0.3 },
    loudness: { integratedLufs: -14, truePeakDbtp: -1.2 },
    createdAtMs: 1_000,
    ...more,
  };
}
