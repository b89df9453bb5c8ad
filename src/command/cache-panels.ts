import type { RunReport } from "../maintenance/apply.ts";
import type { Texts } from "../texts/texts.ts";
import type { Panel } from "./panel.ts";

/** What a run did, in numbers. */
export function donePanel(
  title: string,
  report: RunReport,
  actor: { readonly id: string },
  { cache }: Texts,
): Panel {
  const { removedFiles: files, removedBytes: size, inUse, failed, before } = report;
  const stayed = report.kind === "clear" ? cache.goesLater : cache.stayed;
  return {
    tone: failed > 0 ? "warning" : "done",
    title,
    lines: [
      cache.deleted({ files, size, before: before.bytes, left: before.bytes - size }),
      ...(inUse > 0 ? [stayed({ files: inUse })] : []),
      ...(failed > 0 ? [cache.notDeleted({ files: failed })] : []),
    ],
    footer: cache.startedBy({ mention: `<@${actor.id}>` }),
  };
}

/** Why a clean-up takes or keeps a file. A reason that has no words yet speaks for itself. */
export function reasonText(reason: string, { cache }: Texts): string {
  const known: Readonly<Record<string, string>> = cache.reasons;
  return Object.hasOwn(known, reason) ? (known[reason] ?? reason) : reason;
}
