/** The file of a song without an effect: what the same with the effect is made of, without a download. */
import { link, rm } from "node:fs/promises";
import * as path from "node:path";
import type { AudioProfile, Loudness } from "../core/audio-profile.ts";
import { AppError } from "../core/errors.ts";
import type { CacheKey } from "../core/track.ts";
import type { CacheIndex } from "../db/cache-index.ts";

export interface PlainFile {
  /** Absolute. */
  readonly path: string;
  /** Of the download that it was made of; `null` = nobody knows. */
  readonly sourceLoudness: Loudness | null;
}

/** `undefined` = there is none, or no effect is wanted. */
export async function findPlainFile(
  { index, audioDirectory }: { readonly index: CacheIndex; readonly audioDirectory: string },
  key: CacheKey,
  { plainId }: AudioProfile,
): Promise<PlainFile | undefined> {
  const entry = plainId && (await index.find(key, plainId));
  if (!entry) return undefined;
  return { path: path.join(audioDirectory, entry.blobRef), sourceLoudness: entry.sourceLoudness };
}

const UNUSABLE: ReadonlySet<string> = new Set(["AUDIO_INCOMPLETE", "TRANSCODE_FAILED", "NOT_AUDIO"]);

/**
 * Makes a song of its file. It is coded once more than a download would be, which an effect hides.
 * @returns `undefined` = it has to be downloaded: the file is gone, on another disk, or not what it should be
 */
export async function fromPlainFile<T>(
  plainFile: PlainFile,
  scratchPath: string,
  make: () => Promise<T>,
): Promise<T | undefined> {
  try {
    // A second name: a clean-up may take the first one meanwhile.
    await link(plainFile.path, scratchPath);
    return await make();
  } catch (error) {
    if (error instanceof AppError && !UNUSABLE.has(error.code)) throw error;
    await rm(scratchPath, { force: true });
    return undefined;
  }
}
