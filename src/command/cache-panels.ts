import { formatBytes, plural } from "../core/format.ts";
import type { RunReport } from "../maintenance/apply.ts";
import type { Panel } from "./panel.ts";

/** What a run did, in numbers. */
export function donePanel(title: string, report: RunReport, actor: { readonly id: string }): Panel {
  const left = report.before.bytes - report.removedBytes;
  const stayed =
    report.kind === "clear"
      ? `${plural(report.inUse, "track")} playing now: deleted when ${report.inUse === 1 ? "it ends" : "they end"}`
      : `${plural(report.inUse, "track")} in use stayed`;
  return {
    tone: report.failed > 0 ? "warning" : "done",
    title,
    lines: [
      `Deleted **${plural(report.removedFiles, "file")}**, **${formatBytes(report.removedBytes)}** freed · ${formatBytes(report.before.bytes)} → ${formatBytes(left)}`,
      ...(report.inUse > 0 ? [stayed] : []),
      ...(report.failed > 0
        ? [`${plural(report.failed, "file")} could not be deleted; the log says why.`]
        : []),
    ],
    footer: `started by <@${actor.id}>`,
  };
}
