import type { CacheEntry } from "../core/audio-profile.ts";
import { CacheIndex } from "./cache-index.ts";
import { type Play, PlayLog } from "./play-log.ts";
import type { SharedCommits } from "./shared-commits.ts";

/** Counts plays, those of a moment in one commit: songs begin just then. */
export class PlayTally {
  readonly #commits: SharedCommits;

  constructor(commits: SharedCommits) {
    this.#commits = commits;
  }

  /** Notes one in the history. */
  async record(play: Play): Promise<void> {
    await this.#commits.write((transaction) => new PlayLog(transaction).record(play));
  }

  /** Counts one in the row of its file, see {@link CacheIndex.recordPlay}. */
  async countIn(entry: CacheEntry, atMs: number, evictKey: number): Promise<void> {
    await this.#commits.write((transaction) => new CacheIndex(transaction).recordPlay(entry, atMs, evictKey));
  }

  /** Counts without a wait from now on, and resolves when all is counted. */
  async close(): Promise<void> {
    await this.#commits.close();
  }
}
