import type { ProfileId } from "./audio-profile.ts";
import type { CacheKey, Track } from "./track.ts";

/** A recording this bot knows, and whether it would play at once. */
export interface KnownSong {
  readonly key: CacheKey;
  readonly track: Track;
  /** Its file in the profile that was asked for is there. */
  readonly isCached: boolean;
  readonly isPinned: boolean;
  /** Of the file in that profile. */
  readonly playCount: number;
}

export interface CatalogueQuery {
  readonly profileId: ProfileId;
  /** Most songs to return. */
  readonly limit: number;
  /** Leave out what would have to be downloaded. Default: no. */
  readonly cachedOnly?: boolean;
}

/** Search in what this bot knows already; no network. */
export interface Catalogue {
  /**
   * Songs whose title, artist and ID together hold all words, the last of which may be unfinished; when there are none,
   * songs that look alike. Cached ones first, then the better match. Without any word: the most played cached ones.
   */
  find(words: string, query: CatalogueQuery): Promise<readonly KnownSong[]>;
  /** One recording; `undefined` when nothing is known about it and no file is there. */
  get(key: CacheKey, profileId: ProfileId): Promise<KnownSong | undefined>;
}
