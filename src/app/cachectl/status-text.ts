// `status` for people and for programs.
import { formatBytes, formatCount, formatDuration } from "../../core/format.ts";
import type { CacheStatus, PlayStatus } from "../../maintenance/status.ts";
import type { Count } from "../../maintenance/record.ts";
import type { KeepScope } from "../../policy/admission.ts";
import { renderTable } from "./table.ts";

/** One object for programs: sizes in bytes, times in UTC. */
export function statusJson(status: CacheStatus): object {
  const { profiles, lastRuns, warnings, rules, ...rest } = status;
  return {
    ...rest,
    rules: rules.map(({ guildId, scope, verdict }) => ({ guildId, ...scope, verdict })),
    warnings: warnings.map(({ text }) => text),
    profiles: profiles.map(({ oldestUseMs, ...profile }) => ({ ...profile, oldestUse: utc(oldestUseMs) })),
    lastRuns: lastRuns.map(({ startedAtMs, endedAtMs, ...run }) => ({
      ...run,
      startedAt: utc(startedAtMs),
      endedAt: utc(endedAtMs),
    })),
  };
}

/** Lines for a terminal. */
export function statusLines(status: CacheStatus, width: number): string[] {
  const { files, bytes, limitBytes, limitShare, orphans, scraps, warnings } = status;
  const sum = `${formatBytes(bytes)} of ${formatBytes(limitBytes)} (${percent(limitShare)})`;
  const others = [countRow("files without row", orphans)];
  for (const [name, found] of Object.entries(scraps)) others.push(countRow(name, found));
  const played = [playsRow("today", status.today), playsRow("30 days", status.last30Days)];
  const blocks = [
    [`${formatCount(files)} songs, ${sum}, ${formatBytes(status.freeDiskBytes)} free on the disk`],
    profileTable(status, width),
    renderTable(others, { right: [1, 2], width }),
    renderTable(played, { right: [1, 2, 3, 4], width }),
    ruleTable(status, width),
    runTable(status, width),
    warnings.map(({ text }) => `! ${text}`),
  ];
  return blocks
    .filter((block) => block.length > 0)
    .flatMap((block, at) => (at === 0 ? block : ["", ...block]));
}

function profileTable({ profiles }: CacheStatus, width: number): string[] {
  if (profiles.length === 0) return [];
  const rows = profiles.map((profile) => [
    profile.profileId,
    formatCount(profile.files),
    formatBytes(profile.bytes),
    percent(profile.limitShare),
    formatCount(profile.pinned),
    utc(profile.oldestUseMs).slice(0, 10),
    profile.isStale ? "stale" : "",
  ]);
  const head = ["profile", "songs", "size", "of limit", "pinned", "longest unplayed", ""];
  return renderTable([head, ...rows], { right: [1, 2, 3, 4], width });
}

function ruleTable({ rules, maxTrackDurationMs }: CacheStatus, width: number): string[] {
  const rows = rules.map(({ guildId, scope, verdict }) => [`server ${guildId}`, scopeText(scope), verdict]);
  const longest = ["all servers", `longer than ${formatDuration(maxTrackDurationMs)}`, "not downloaded"];
  return ["What is stored:", ...renderTable([longest, ...rows], { right: [], width })];
}

/** Names come from outside; a terminal obeys some letters. */
function scopeText(scope: KeepScope): string {
  if (scope.kind === "guild") return "all songs";
  if ("minutes" in scope) return `${scope.kind} than ${scope.minutes} min`;
  return `${scope.kind} ${scope.name.replaceAll(/\p{C}/gu, "")}`;
}

function runTable({ lastRuns }: CacheStatus, width: number): string[] {
  if (lastRuns.length === 0) return [];
  const rows = lastRuns.map((run) => [
    utc(run.endedAtMs).replace("T", " ").slice(0, 16),
    run.kind,
    run.origin,
    run.actor,
    `${formatCount(run.removedFiles)} removed`,
    formatBytes(run.removedBytes),
    `${formatCount(run.repaired)} repaired`,
    `${formatCount(run.failed)} failed`,
  ]);
  return ["Last runs:", ...renderTable(rows, { right: [4, 5, 6, 7], width })];
}

function countRow(name: string, { count, bytes }: Count): string[] {
  return [name, formatCount(count), formatBytes(bytes)];
}

function playsRow(name: string, { hits, misses, shared, hitRate }: PlayStatus): string[] {
  const rate = hitRate === null ? "no plays" : `${percent(hitRate)} hit rate`;
  return [
    name,
    rate,
    `${formatCount(hits)} hits`,
    `${formatCount(misses)} misses`,
    `${formatCount(shared)} joined`,
  ];
}

/** Rounded down: 99.6 % is not yet 100 %. */
function percent(share: number): string {
  return `${Math.floor(share * 100)} %`;
}

function utc(ms: number): string {
  return new Date(ms).toISOString();
}
