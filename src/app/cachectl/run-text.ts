// What a run did, for people and for programs.
import * as path from "node:path";
import { formatBytes, formatCount, plural } from "../../core/format.ts";
import { SCRAP_CATEGORIES } from "../../maintenance/scraps.ts";
import { sumOf, type Tally } from "../../maintenance/record.ts";
import { SPARE_REASONS } from "../../maintenance/import.ts";
import type { RunSummary } from "../../maintenance/run.ts";
import { renderTable } from "./table.ts";

/** Reasons of removals that concern no row. */
const WITHOUT_ROW: ReadonlySet<string> = new Set([
  ...SCRAP_CATEGORIES,
  "leftover in work",
  "file without row",
  ...SPARE_REASONS,
]);
const ROW_ACTIONS = ["healed", "adopted", "moved", "forgotten", "imported"];

/** One object for programs: sizes in bytes, times in UTC. */
export function runJson(summary: RunSummary): object {
  const { kind, dryRun, startedAtMs, endedAtMs, done, seen, failed, failures, isInterrupted } = summary;
  const removed = sumOf(done, "removed");
  return {
    dryRun,
    interrupted: isInterrupted,
    startedAt: new Date(startedAtMs).toISOString(),
    seconds: (endedAtMs - startedAtMs) / 1000,
    [kind === "cleanup" || kind === "clear" ? "deleted" : "changed"]: {
      files: removed.count,
      rows: rowsOf(done),
      bytes: removed.bytes,
    },
    done,
    seen,
    errorCount: failed,
    errors: failures,
    log: summary.logFile === undefined ? null : path.basename(summary.logFile),
  };
}

/** Rows that were changed. */
function rowsOf(done: readonly Tally[]): number {
  const withFiles = done.filter(({ action, reason }) => action === "removed" && !WITHOUT_ROW.has(reason));
  return sumOf(withFiles, "removed").count + sumOf(done, ...ROW_ACTIONS).count;
}

/** A table of what was done and seen, what went wrong, and one sentence. */
export function runLines(summary: RunSummary, width: number): string[] {
  const { done, seen, failures, failed, logFile } = summary;
  return [
    ...tallyTable(done, width),
    ...(seen.length > 0 ? ["Left as it is:", ...tallyTable(seen, width)] : []),
    ...(failed > 0 ? [`Could not be done: ${formatCount(failed)}`] : []),
    ...failures.slice(0, 10).map(({ subject, code, detail }) => `  ${subject}  ${code} (${detail})`),
    sentence(summary),
    // A line of its own, so that a narrow terminal does not break the name.
    ...(logFile === undefined ? [] : [`Log: ${path.basename(logFile)}`]),
  ];
}

/** Action, reason, count, size. */
export function tallyTable(tallies: readonly Tally[], width: number): string[] {
  const rows = tallies.map(({ action, reason, count, bytes }) => [
    action,
    reason,
    formatCount(count),
    bytes === 0 ? "–" : formatBytes(bytes),
  ]);
  return renderTable(rows, { right: [2, 3], width });
}

function sentence(summary: RunSummary): string {
  const { done, dryRun, startedAtMs, endedAtMs, isInterrupted } = summary;
  const removed = sumOf(done, "removed");
  const changes = done.reduce((sum, tally) => sum + tally.count, 0);
  const stopped = isInterrupted ? "Stopped. " : "";
  if (dryRun) {
    return `${stopped}${changes === 0 ? "Nothing to do." : "Nothing was changed. Run without --dry-run to do it."}`;
  }
  const seconds = `${((endedAtMs - startedAtMs) / 1000).toFixed(1)} s`;
  const what =
    changes === 0
      ? nothingText(summary)
      : `${plural(changes, "change")}: ${plural(removed.count, "file")} removed, ` +
        `${plural(rowsOf(done), "row")}, ${formatBytes(removed.bytes)} freed`;
  return `${stopped}${what}, ${seconds}.`;
}

function nothingText({ seen, failed }: RunSummary): string {
  const damaged = sumOf(seen, "damaged").count;
  if (damaged > 0) return `${formatCount(damaged)} damaged, nothing changed (see --repair)`;
  return failed > 0 ? "Nothing could be done" : "Nothing to do";
}
