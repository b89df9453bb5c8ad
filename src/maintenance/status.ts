// How the cache is: numbers for people and programs, and what they should worry about.
import type { ProfileId } from "../core/audio-profile.ts";
import { formatBytes } from "../core/format.ts";
import type { Clock } from "../core/clock.ts";
import { type Notice, notice } from "../core/notices.ts";
import { phrase } from "../core/sentence.ts";
import type { CacheRows, ProfileTotals } from "../db/cache-rows.ts";
import type { MaintenanceLog, MaintenanceRun } from "../db/maintenance-log.ts";
import type { PlayCounts, PlayLog } from "../db/play-log.ts";
import type { KeepRule } from "../policy/admission.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import { lookAt, readFolder } from "./folder.ts";
import type { Count } from "./record.ts";
import { SCRAP_CATEGORIES, type ScrapCategory } from "./scraps.ts";

export interface StatusDeps {
  readonly rows: Pick<CacheRows, "totalsByProfile" | "owning">;
  readonly plays: Pick<PlayLog, "countSince">;
  readonly runs: Pick<MaintenanceLog, "recent">;
  readonly blobs: Pick<BlobStore, "list">;
  /** Absolute paths. */
  readonly folders: Readonly<Record<ScrapCategory, string>>;
  readonly rules: {
    readonly limitBytes: number;
    readonly freeDiskFloorBytes: number;
    readonly maxTrackDurationMs: number;
    readonly currentProfiles: ReadonlySet<ProfileId>;
  };
  /** What guilds said about storing songs. */
  readonly keepRules: () => Promise<readonly GuildRule[]>;
  readonly freeDiskBytes: () => Promise<number>;
  readonly clock: Clock;
}

/** A rule about what is stored, and whose it is. */
export interface GuildRule extends KeepRule {
  readonly guildId: string;
}

export interface ProfileStatus extends ProfileTotals {
  /** True when no profile of today has these numbers: nothing of it is played. */
  readonly isStale: boolean;
  readonly limitShare: number;
}

export interface PlayStatus extends PlayCounts {
  /** Share of plays that needed no download, 0 to 1; `null` = nothing was played. */
  readonly hitRate: number | null;
}

export interface CacheStatus {
  readonly files: number;
  readonly bytes: number;
  readonly limitBytes: number;
  readonly limitShare: number;
  readonly profiles: readonly ProfileStatus[];
  /** Files that no row knows. */
  readonly orphans: Count;
  readonly scraps: Readonly<Record<ScrapCategory, Count>>;
  readonly freeDiskBytes: number;
  readonly freeDiskFloorBytes: number;
  readonly today: PlayStatus;
  readonly last30Days: PlayStatus;
  readonly lastRuns: readonly MaintenanceRun[];
  /** Longer songs are not downloaded. */
  readonly maxTrackDurationMs: number;
  readonly rules: readonly GuildRule[];
  /** Empty = all is well. */
  readonly warnings: readonly Notice[];
}

const DAY_MS = 24 * 60 * 60 * 1000;
const WARN_SHARE = 0.9;
/** Near the floor: within a tenth of it. */
const NEAR_FLOOR = 1.1;

/** Looks at everything and changes nothing. */
export async function cacheStatus(deps: StatusDeps): Promise<CacheStatus> {
  const { rules, clock } = deps;
  const totals = await deps.rows.totalsByProfile();
  const bytes = totals.reduce((sum, profile) => sum + profile.bytes, 0);
  const freeDiskBytes = await deps.freeDiskBytes();
  const limitShare = share(bytes, rules.limitBytes);
  return {
    files: totals.reduce((sum, profile) => sum + profile.files, 0),
    bytes,
    limitBytes: rules.limitBytes,
    limitShare,
    profiles: totals.map((profile) => ({
      ...profile,
      isStale: !rules.currentProfiles.has(profile.profileId),
      limitShare: share(profile.bytes, rules.limitBytes),
    })),
    orphans: await countOrphans(deps),
    scraps: await countScraps(deps.folders),
    freeDiskBytes,
    freeDiskFloorBytes: rules.freeDiskFloorBytes,
    today: await playsSince(deps, startOfDay(clock.nowMs())),
    last30Days: await playsSince(deps, clock.nowMs() - 30 * DAY_MS),
    lastRuns: await deps.runs.recent(5),
    maxTrackDurationMs: rules.maxTrackDurationMs,
    rules: await deps.keepRules(),
    warnings: warningsFor({ bytes, freeDiskBytes, ...rules }),
  };
}

/** What an operator should know before it hurts. Pure. */
export function warningsFor(facts: {
  readonly bytes: number;
  readonly limitBytes: number;
  readonly freeDiskBytes: number;
  readonly freeDiskFloorBytes: number;
}): Notice[] {
  const { bytes, limitBytes, freeDiskBytes, freeDiskFloorBytes } = facts;
  const warnings: Notice[] = [];
  const percent = Math.floor(share(bytes, limitBytes) * 100);
  if (percent >= WARN_SHARE * 100) warnings.push(notice("cache-nearly-full", { percent }));
  if (freeDiskBytes <= freeDiskFloorBytes * NEAR_FLOOR) {
    const how = phrase(freeDiskBytes > freeDiskFloorBytes ? "NEARLY_TOO_FULL" : "TOO_FULL");
    const [free, floor] = [formatBytes(freeDiskBytes), formatBytes(freeDiskFloorBytes)];
    warnings.push(notice("disk-nearly-full", { how, free, floor }));
  }
  return warnings;
}

async function countOrphans({ blobs, rows }: StatusDeps): Promise<Count> {
  let count = 0;
  let bytes = 0;
  for await (const blob of blobs.list()) {
    if (await rows.owning(blob.ref)) continue;
    count += 1;
    bytes += blob.bytes;
  }
  return { count, bytes };
}

async function countScraps(
  folders: Readonly<Record<ScrapCategory, string>>,
): Promise<Record<ScrapCategory, Count>> {
  const counts = { work: NONE, quarantine: NONE, logs: NONE, originals: NONE };
  for (const category of SCRAP_CATEGORIES) {
    if (!(await lookAt(folders[category]))) continue;
    for await (const { name, bytes } of readFolder(folders[category])) {
      if (name === ".gitkeep") continue;
      const before = counts[category];
      counts[category] = { count: before.count + 1, bytes: before.bytes + bytes };
    }
  }
  return counts;
}

const NONE: Count = { count: 0, bytes: 0 };

async function playsSince({ plays }: StatusDeps, sinceMs: number): Promise<PlayStatus> {
  const counts = await plays.countSince(sinceMs);
  const withoutDownload = counts.hits + counts.shared;
  const all = withoutDownload + counts.misses;
  return { ...counts, hitRate: all === 0 ? null : withoutDownload / all };
}

/** Midnight where the bot runs. */
function startOfDay(nowMs: number): number {
  return new Date(nowMs).setHours(0, 0, 0, 0);
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
