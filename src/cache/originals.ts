/** Untouched downloads, kept so that a song in another profile needs no download. */
import { link, rm } from "node:fs/promises";
import * as path from "node:path";
import { AppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { CacheKey } from "../core/track.ts";
import type { PlayableBlobs } from "../storage/blob-store.ts";

export interface Originals {
  /** Gives the kept download of a recording another name; false = there is none. */
  restore(key: CacheKey, toPath: string): Promise<boolean>;
  /** Keeps a download that became a finished file. Never rejects: the song plays without it. */
  keep(key: CacheKey, fromPath: string): Promise<void>;
  /** Sets a kept download aside. Never rejects: what stays is tried again. */
  setAside(key: CacheKey, why: string): Promise<void>;
}

export interface OriginalsDeps {
  readonly blobs: PlayableBlobs;
  /** Absolute path of the store's root, on the file system of the scratch folder. */
  readonly directory: string;
  /** False = what was kept before is used, and nothing is added. */
  readonly keeps: boolean;
  readonly log: Logger;
}

/** Name of a recording's download in the store. */
export function originalRef(key: CacheKey): string {
  return `originals/${key}.src`;
}

/** Originals in a store. All three are called under the key's lock. */
export function createOriginals({ blobs, directory, keeps, log }: OriginalsDeps): Originals {
  return {
    restore: async (key, toPath) => {
      const ref = originalRef(key);
      if (!(await blobs.stat(ref))) return false;
      // A second name for the same bytes: it costs no space, and a clean-up may take the first one meanwhile.
      return await link(path.join(directory, ref), toPath).then(
        () => true,
        (error: unknown) => {
          log.warn("cache.original_unreadable", { key, error });
          return false;
        },
      );
    },
    keep: async (key, fromPath) => {
      if (!keeps) return;
      try {
        if ((await blobs.publish(originalRef(key), fromPath)) === "published")
          log.info("cache.original_kept", { key });
      } catch (error) {
        log.warn("cache.original_not_kept", { key, error });
      }
    },
    setAside: async (key, why) => {
      try {
        if (await blobs.setAside(originalRef(key)))
          log.warn("cache.repaired", { key, found: `original, ${why}` });
      } catch (error) {
        log.warn("cache.original_not_set_aside", { key, error });
      }
    },
  };
}

/** For a song that is fetched anew: what was kept before is not trusted, and gives way to the new download. */
export function renewing(originals: Originals | undefined): { readonly originals?: Originals } {
  if (!originals) return {};
  return {
    originals: {
      ...originals,
      restore: () => Promise.resolve(false),
      keep: async (key, fromPath) => {
        await originals.setAside(key, "fetched anew, set aside");
        await originals.keep(key, fromPath);
      },
    },
  };
}

const UNUSABLE: ReadonlySet<string> = new Set(["AUDIO_INCOMPLETE", "TRANSCODE_FAILED", "NOT_AUDIO"]);

/**
 * Makes a song of its kept download, if there is one. An original that fails is set aside, and the scratch name is
 * free again.
 * @returns `undefined` = it has to be downloaded
 */
export async function fromOriginal<T>(
  originals: Originals,
  { key, path: scratchPath }: { readonly key: CacheKey; readonly path: string },
  make: () => Promise<T>,
): Promise<T | undefined> {
  if (!(await originals.restore(key, scratchPath))) return undefined;
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof AppError) || !UNUSABLE.has(error.code)) throw error;
    await originals.setAside(key, "unusable, set aside");
    await rm(scratchPath, { force: true });
    return undefined;
  }
}
