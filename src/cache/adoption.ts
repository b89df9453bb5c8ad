import * as path from "node:path";
import type { Transcoder } from "../audio/transcoder.ts";
import type { AudioProfile, CacheEntry } from "../core/audio-profile.ts";
import type { Clock } from "../core/clock.ts";
import { AppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { CacheKey, Track } from "../core/track.ts";
import type { CacheIndex } from "../db/cache-index.ts";
import type { Lease } from "../db/leases.ts";
import type { PlayableBlobs } from "../storage/blob-store.ts";

export interface AdoptionDeps {
  readonly index: CacheIndex;
  readonly blobs: PlayableBlobs;
  readonly transcoder: Transcoder;
  readonly audioDirectory: string;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Foundling {
  readonly key: CacheKey;
  readonly lease: Lease;
  readonly what?: string;
}

/** Gives a file without a row its row again, after the checks a new file has to pass. */
export class Adoption {
  readonly #deps: AdoptionDeps;

  constructor(deps: AdoptionDeps) {
    this.#deps = deps;
  }

  /** `undefined` = there is no such file, or it failed the checks and was set aside. `what` is for the log. */
  async adopt(
    { key, lease, what = "file without row" }: Foundling,
    profile: AudioProfile,
    track: Track,
    signal: AbortSignal,
  ): Promise<CacheEntry | undefined> {
    const { blobs, index, clock, log } = this.#deps;
    const ref = `${profile.id}/${key}.opus`;
    if (!(await blobs.stat(ref))) return undefined;
    const fields = { key, profile: profile.id };
    try {
      const entry = { key, profileId: profile.id, blobRef: ref, ...(await this.#check(ref, signal)) };
      await index.save({ ...entry, createdAtMs: clock.nowMs() }, track, lease);
      log.warn("cache.repaired", { ...fields, found: `${what}, adopted`, bytes: entry.bytes });
      return await index.find(key, profile.id);
    } catch (error) {
      // Only the verdict "this is not a whole song" condemns a file; a missing ffmpeg or a busy database does not.
      if (!(error instanceof AppError) || !CONDEMNING.has(error.code)) throw error;
      await blobs.setAside(ref);
      log.warn("cache.repaired", { ...fields, found: `${what}, damaged, set aside`, error });
      return undefined;
    }
  }

  async #check(
    ref: string,
    signal: AbortSignal,
  ): Promise<Pick<CacheEntry, "bytes" | "durationMs" | "sha256" | "sourceLoudness" | "loudness">> {
    const { transcoder, audioDirectory } = this.#deps;
    const file = path.join(audioDirectory, ref);
    const { bytes, durationMs, sha256 } = await transcoder.inspect(file, signal);
    return {
      bytes,
      durationMs,
      sha256,
      sourceLoudness: null,
      loudness: await transcoder.measure(file, signal),
    };
  }
}

const CONDEMNING: ReadonlySet<string> = new Set(["AUDIO_INCOMPLETE", "TRANSCODE_FAILED", "NOT_AUDIO"]);
