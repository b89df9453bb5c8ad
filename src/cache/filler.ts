import { rm } from "node:fs/promises";
import { throwIfAborted } from "../core/abort.ts";
import type { AudioProfile, CacheEntry } from "../core/audio-profile.ts";
import type { Clock } from "../core/clock.ts";
import { AppError, toAppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Preparation } from "../core/preparation.ts";
import type { OnStep, Step } from "../core/step.ts";
import type { CacheKey, Track } from "../core/track.ts";
import type { CacheIndex } from "../db/cache-index.ts";
import type { FailureMemory } from "../db/failure-memory.ts";
import type { Lease } from "../db/leases.ts";
import type { Reservations } from "../db/reservations.ts";
import type { Asked } from "../policy/admission.ts";
import { keptBytes } from "../policy/room.ts";
import type { PlayableBlobs } from "../storage/blob-store.ts";
import { Adoption, type AdoptionDeps } from "./adoption.ts";
import type { ArrivingSong } from "./arriving-song.ts";
import { FailedFills } from "./failed-fills.ts";
import { type FilledAudio, type FillDeps, fill } from "./fill.ts";
import { blobRef, fieldsOf } from "./names.ts";
import { FULL, orNoPlace } from "./no-place.ts";
import { renewing } from "./originals.ts";
import { findPlainFile, type PlainFile } from "./plain-file.ts";
import { UnstoredFile } from "./unstored.ts";
import { requireWritable } from "./work-folder.ts";

export interface FillerDeps extends FillDeps, AdoptionDeps {
  readonly index: CacheIndex;
  readonly failures: FailureMemory;
  readonly blobs: PlayableBlobs;
  /** For a refresh only: see `BlobStore.replace`. */
  readonly replaceBlob: (ref: string, fromPath: string) => Promise<void>;
  readonly reservations: Reservations;
  /** Most bytes of kept files. */
  readonly limitBytes: number;
  /** Removes, by policy, so many bytes of kept files if it can. */
  readonly makeRoom: (bytes: number) => Promise<void>;
  /** Whether a song that is asked for in this way is stored; absent = all are. */
  readonly isKept?: (track: Track, asked: Asked) => Promise<boolean>;
  /** Makes a folder outside of the cache, for one song of about so many bytes that cannot be kept. */
  readonly makeFallback: (bytes: number) => Promise<string>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onStep?: OnStep;
  /** Told after each published file; where a limit is enforced. */
  readonly onPublished?: () => void;
  /** Told when a song that should have been stored could not be. */
  readonly onUnstored?: (reason: AppError) => void;
}

/** A key whose lease we hold. */
export interface Held {
  readonly key: CacheKey;
  readonly lease: Lease;
}

export interface FillWish extends Asked {
  readonly track: Track;
  readonly profile: AudioProfile;
  readonly onProgress: (progress: Preparation) => void;
  readonly onTrack?: (track: Track) => void;
  /** Told of the download, for those who hear it meanwhile. */
  readonly arrival?: ArrivingSong;
  /** Found by the filler. */
  readonly plainFile?: PlainFile | undefined;
}

/** How a song was come by. */
export type Filled =
  | { readonly how: "downloaded" }
  /** It was there after all: filled by somebody meanwhile, or a file without a row. */
  | { readonly how: "found" }
  /** It plays this once: there is no room for it, or the cache cannot be written. */
  | { readonly how: "unstored"; readonly entry: CacheEntry; readonly file: UnstoredFile };

/** Long enough to read and decode the longest song that is kept. */
const ADOPTION_LIMIT_MS = 60_000;
const DOWNLOADED: Filled = { how: "downloaded" };

/** M3 to M12 of the miss path, with the key's lease held: look again, adopt, make room, fill, publish. */
export class Filler {
  readonly #deps: FillerDeps;
  readonly #adoption: Adoption;
  readonly #failures: FailedFills;

  constructor(deps: FillerDeps) {
    this.#deps = deps;
    this.#adoption = new Adoption(deps);
    this.#failures = new FailedFills(deps);
  }

  /** @throws {AppError} why it cannot be played; remembered for a while, depending on its kind */
  async run(held: Held, wish: FillWish, signal: AbortSignal): Promise<Filled> {
    this.#step("M2 lease held");
    throwIfAborted(signal);
    if (await this.#findOrHeal(held, wish, signal)) return { how: "found" };
    if (await this.#adoption.adopt(held, wish.profile, wish.track, signal)) return { how: "found" };
    this.#step("M3 looked up again");
    const plainFile = await findPlainFile(this.#deps, held.key, wish.profile);
    // What needs no download does not fail because downloads did.
    if (!plainFile) await this.#failures.refuse(held.key);
    this.#deps.log.info("cache.miss", fieldsOf(held.key, wish));
    const fullWish = { ...wish, plainFile };
    return this.#remembering(held, fullWish, () => this.#fillSomewhere(held, fullWish, signal));
  }

  /**
   * Fetches a song anew, whatever is there and however it failed before. The old file plays on until the new one is
   * accepted, and stays when it is not.
   */
  async refresh(held: Held, wish: FillWish, signal: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    const deps = { ...this.#deps, ...renewing(this.#deps.originals) };
    await this.#remembering(held, wish, () =>
      fill(
        deps,
        { key: held.key, ...wish },
        async (audio) => {
          const entry = this.#entryOf(held.key, wish.profile, audio);
          await this.#deps.index.markReplacing(held.key, wish.profile.id, held.lease);
          await this.#deps.replaceBlob(entry.blobRef, audio.path);
          await this.#record(held, wish, entry, audio.track);
          await keepOriginal(deps, held.key, audio);
        },
        signal,
      ),
    );
  }

  /** For a key whose lease could not be noted: the cache is not touched, nothing is remembered. */
  async runWithoutLease(
    key: CacheKey,
    wish: FillWish,
    reason: AppError,
    signal: AbortSignal,
  ): Promise<Filled> {
    await this.#failures.refuse(key);
    this.#deps.log.info("cache.miss", fieldsOf(key, wish));
    return await this.#fillForOnce(key, wish, reason, signal);
  }

  /** For one song, if there is anything that may go. */
  async makeRoom({ track, profile }: Pick<FillWish, "track" | "profile">): Promise<void> {
    await this.#deps.makeRoom(keptBytes(track, profile));
  }

  /** Runs a fill; its failure is logged and remembered, its success forgets earlier ones. */
  async #remembering<T>(held: Held, wish: FillWish, work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      await this.#failures.forget(held.key);
      return result;
    } catch (thrown) {
      const error = toAppError(thrown);
      const fields = { ...fieldsOf(held.key, wish), code: error.code, error };
      // Nobody wanted it any more: nothing is wrong.
      if (error.code === "ABORTED") this.#deps.log.debug("cache.fill_failed", fields);
      else this.#deps.log.warn("cache.fill_failed", fields);
      await this.#failures.remember(held.key, error);
      throw error;
    } finally {
      await this.#deps.reservations.release(held.lease);
    }
  }

  /** In the cache; when the disk is full, after the policy has made room, again; else for this once. */
  async #fillSomewhere(held: Held, wish: FillWish, signal: AbortSignal): Promise<Filled> {
    wish.arrival?.measured(await this.#deps.index.sourceLufs(held.key));
    const keptOut = await this.#keptOut(wish.track, wish);
    if (keptOut) return this.#fillForOnce(held.key, wish, keptOut, signal);
    const bytes = keptBytes(wish.track, wish.profile);
    const attempt = (): Promise<Filled> => this.#fillIntoCache(held, wish, bytes, signal);
    const first = await orNoPlace(attempt());
    if (!(first instanceof AppError)) return first;
    const second = FULL.has(first.code) ? await orNoPlace(this.makeRoom(wish).then(attempt)) : first;
    if (!(second instanceof AppError)) return second;
    return this.#fillForOnce(held.key, wish, second, signal);
  }

  /** A rule about the song's channel can be told only once the channel is known. */
  async #keptOut(track: Track, asked: Asked): Promise<AppError | undefined> {
    return (await this.#deps.isKept?.(track, asked)) === false ? new AppError("NOT_KEPT") : undefined;
  }

  async #fillForOnce(key: CacheKey, wish: FillWish, reason: AppError, signal: AbortSignal): Promise<Filled> {
    throwIfAborted(signal);
    const workDirectory = await this.#deps.makeFallback(keptBytes(wish.track, wish.profile));
    const deps = { ...this.#deps, workDirectory };
    const work = { key, ...wish };
    try {
      return await fill(deps, work, (audio) => this.#unstored(key, wish, audio, reason), signal);
    } finally {
      await rm(workDirectory, { recursive: true, force: true });
    }
  }

  async #fillIntoCache(held: Held, wish: FillWish, bytes: number, signal: AbortSignal): Promise<Filled> {
    const { reservations, limitBytes, limits, freeDiskBytes, workDirectory } = this.#deps;
    await requireWritable(workDirectory);
    const room = { limitBytes, freeBytes: (await freeDiskBytes()) - limits.freeDiskFloorBytes };
    if (!(await reservations.reserve(held.lease, bytes, room))) throw new AppError("DISK_FULL");
    const filled = await fill(
      this.#deps,
      { key: held.key, ...wish },
      async (audio) => {
        const refusal =
          (await this.#keptOut(audio.track, wish)) ?? (await orNoPlace(this.#publish(held, wish, audio)));
        // It is finished, so it can at least be heard.
        return refusal ? this.#unstored(held.key, wish, audio, refusal) : DOWNLOADED;
      },
      signal,
    );
    this.#step("M12 cleaned up");
    return filled;
  }

  async #unstored(key: CacheKey, wish: FillWish, audio: FilledAudio, reason: AppError): Promise<Filled> {
    const fields = { ...fieldsOf(key, wish), code: reason.code };
    if (reason.code === "NOT_KEPT") this.#deps.log.info("cache.unstored", fields);
    else {
      this.#deps.log.error("cache.unstored", { ...fields, error: reason, cure: "npm run doctor" });
      this.#deps.onUnstored?.(reason);
    }
    const entry = this.#entryOf(key, wish.profile, audio);
    return { how: "unstored", entry, file: await UnstoredFile.take(audio.path) };
  }

  async #publish({ key, lease }: Held, wish: FillWish, audio: FilledAudio): Promise<void> {
    const { blobs } = this.#deps;
    const { profile } = wish;
    const entry = this.#entryOf(key, profile, audio);
    if ((await blobs.publish(entry.blobRef, audio.path)) === "exists") {
      // The adoption just before found nothing, so another process published meanwhile. Its file is the one.
      const limit = AbortSignal.timeout(ADOPTION_LIMIT_MS);
      if (await this.#adoption.adopt({ key, lease }, profile, audio.track, limit)) return;
      // It failed its checks and was set aside.
      if ((await blobs.publish(entry.blobRef, audio.path)) === "exists")
        throw new AppError("CACHE_UNWRITABLE", { key });
    }
    this.#step("M10 published");
    await this.#record({ key, lease }, wish, entry, audio.track);
    await keepOriginal(this.#deps, key, audio);
  }

  async #record({ key, lease }: Held, wish: FillWish, entry: CacheEntry, track: Track): Promise<void> {
    const { index, log, onPublished } = this.#deps;
    await index.save(entry, track, lease);
    this.#step("M11 row written");
    const { bytes, durationMs } = entry;
    log.info("cache.published", { ...fieldsOf(key, wish), bytes, durationMs });
    onPublished?.();
  }

  #entryOf(key: CacheKey, profile: AudioProfile, audio: FilledAudio): CacheEntry {
    return {
      key,
      profileId: profile.id,
      blobRef: blobRef(key, profile),
      bytes: audio.facts.bytes,
      durationMs: audio.facts.durationMs,
      sha256: audio.facts.sha256,
      sourceLoudness: audio.sourceLoudness,
      loudness: audio.loudness,
      createdAtMs: this.#deps.clock.nowMs(),
      lastPlayedAtMs: null,
      playCount: 0,
      pinned: false,
      state: "ready",
    };
  }

  /**
   * A row without its file heals into a miss, a file the row does not know is checked, and set aside when it is torn. Only under the key's lock: two who heal at
   * once would set aside what the first of them has already fetched again.
   */
  async #findOrHeal({ key, lease }: Held, wish: FillWish, signal: AbortSignal): Promise<boolean> {
    const { index, blobs, log } = this.#deps;
    const entry = await index.find(key, wish.profile.id);
    if (!entry) return false;
    const file = await blobs.stat(entry.blobRef);
    if (file?.bytes === entry.bytes) return true;
    // A refresh that was cut off between file and row leaves a whole file that the row does not know.
    const foundling = { key, lease, what: "file unlike its row" };
    if (file && (await this.#adoption.adopt(foundling, wish.profile, wish.track, signal))) return true;
    await index.markEvicted(key, wish.profile.id, lease);
    if (!file) log.warn("cache.repaired", { ...fieldsOf(key, wish), found: "row without file" });
    return false;
  }

  #step(step: Step): void {
    this.#deps.onStep?.(step);
  }
}

async function keepOriginal(
  { originals }: Pick<FillerDeps, "originals">,
  key: CacheKey,
  { sourcePath }: FilledAudio,
): Promise<void> {
  if (sourcePath !== undefined) await originals?.keep(key, sourcePath);
}
