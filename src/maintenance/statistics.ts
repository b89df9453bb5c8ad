import type { Clock } from "../core/clock.ts";
import type { CacheIndex } from "../db/cache-index.ts";
import type { MaintenanceLog, MaintenanceRun } from "../db/maintenance-log.ts";
import type { PlayCounts, PlayLog } from "../db/play-log.ts";

/** What `cache` shows. */
export interface CacheStatistics {
  readonly files: number;
  readonly bytes: number;
  readonly limitBytes: number;
  /** Of the last 30 days. */
  readonly plays: PlayCounts;
  /** Share of plays that needed no download, 0 to 1; `null` = nothing was played. */
  readonly hitRate: number | null;
  readonly mostPlayed: readonly { readonly title: string; readonly artist: string; readonly plays: number }[];
  /** When the file that has waited longest was last used. */
  readonly oldestUseMs: number | undefined;
  readonly lastCleanup: MaintenanceRun | undefined;
}

export interface StatisticsDeps {
  readonly index: CacheIndex;
  readonly plays: PlayLog;
  readonly runs: MaintenanceLog;
  readonly limitBytes: number;
  readonly clock: Clock;
}

const WINDOW_MS = 30 * 24 * 60 * 60 * 1000;
const MOST_PLAYED = 5;

/** Reads the numbers from the database. */
export async function cacheStatistics(deps: StatisticsDeps): Promise<CacheStatistics> {
  const { index, plays, runs, limitBytes, clock } = deps;
  const [totals, counts, mostPlayed, oldestUseMs, lastCleanup] = await Promise.all([
    index.totals(),
    plays.countSince(clock.nowMs() - WINDOW_MS),
    index.mostPlayed(MOST_PLAYED),
    index.oldestUseMs(),
    runs.last("cleanup"),
  ]);
  const withoutDownload = counts.hits + counts.shared;
  const all = withoutDownload + counts.misses;
  const hitRate = all === 0 ? null : withoutDownload / all;
  return { ...totals, limitBytes, plays: counts, hitRate, mostPlayed, oldestUseMs, lastCleanup };
}
