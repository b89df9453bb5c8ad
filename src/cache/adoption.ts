import * as path from "node:path";
import type { OggOpusFacts, Transcoder } from "../audio/transcoder.ts";
import { type AudioProfile, type CacheEntry, UNMEASURED } from "../core/audio-profile.ts";
import { identityOf, trackOf } from "../core/audio-tags.ts";
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
      const facts = await this.#check({ key, profileId: profile.id }, signal);
      const { bytes, durationMs, sha256 } = facts;
      // Decoding it would make the listener wait; src/maintenance/rebuild.ts measures it later.
      const unknown = { sourceLoudness: null, loudness: UNMEASURED };
      const entry = { key, profileId: profile.id, blobRef: ref, bytes, durationMs, sha256, ...unknown };
      await index.save({ ...entry, createdAtMs: clock.nowMs() }, withTags(track, facts), lease);
      log.warn("cache.repaired", { ...fields, found: `${what}, adopted`, bytes });
      return await index.find(key, profile.id);
    } catch (error) {
      // Only the verdict "this is not a whole song" condemns a file; a busy database or disk does not.
      if (!(error instanceof AppError) || !CONDEMNING.has(error.code)) throw error;
      await blobs.setAside(ref);
      log.warn("cache.repaired", { ...fields, found: `${what}, damaged, set aside`, error });
      return undefined;
    }
  }

  /** A whole song, and this one as far as it says. */
  async #check(
    { key, profileId }: Pick<CacheEntry, "key" | "profileId">,
    signal: AbortSignal,
  ): Promise<OggOpusFacts> {
    const { transcoder, audioDirectory } = this.#deps;
    const facts = await transcoder.inspect(path.join(audioDirectory, `${profileId}/${key}.opus`), signal);
    const says = identityOf(facts);
    if (says && (says.key !== key || says.profileId !== profileId))
      throw new AppError("NOT_AUDIO", { detail: `it says it is ${says.profileId}/${says.key}` });
    return facts;
  }
}

/** Who asks by an ID alone knows less than the file. */
function withTags(track: Track, facts: OggOpusFacts): Track {
  const told = track.title === "" ? trackOf(facts) : undefined;
  if (!told) return track;
  return { ...track, title: told.title, artist: track.artist || told.artist, url: track.url || told.url };
}

const CONDEMNING: ReadonlySet<string> = new Set(["AUDIO_INCOMPLETE", "TRANSCODE_FAILED", "NOT_AUDIO"]);
