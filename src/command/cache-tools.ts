import type { CacheEntry } from "../core/audio-profile.ts";
import type { CacheKey, Track } from "../core/track.ts";
import type { Asked } from "../policy/admission.ts";
import type { CacheStatistics } from "../maintenance/statistics.ts";

/** What can be done to single songs of the cache, and what a guild may see of it. */
export interface CacheTools {
  /** Keeps a song, in all profiles, from being cleaned up, or lets it go again. How many files that changed. */
  pin(key: CacheKey, pinned: boolean): Promise<number>;
  /**
   * Fetches a song anew; what is there plays on until the new file is accepted.
   * @throws {AppError} why it could not be fetched; the old file is still there then
   */
  refresh(track: Track, guildId: string, signal: AbortSignal): Promise<CacheEntry | undefined>;
  /** Has a song fetched for later. The signal ends the waiting. @throws {AppError} why it could not be fetched */
  prepare(track: Track, asked: Asked, signal: AbortSignal): Promise<Prepared>;
  /** Plays of one guild in the last 30 days. */
  playsOf(guildId: string): Promise<CacheStatistics["plays"]>;
}

/** `unstored`: it could be fetched, but there is no room for it. */
export type Prepared = "there already" | "fetched" | "unstored";
