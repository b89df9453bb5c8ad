// One JSON file per run with every step and every failure, so that what happened can be read years later.
import { createWriteStream, type WriteStream } from "node:fs";
import * as path from "node:path";
import { finished } from "node:stream/promises";
import { readFolder, removeEntry } from "./folder.ts";
import type { TaskListener } from "./record.ts";

/** `cleanup-2026-11-20T14-02-11-123Z.json` */
const LOG_NAME = /^[a-z]+-(?<time>\d{4}-\d\d-\d\dT[\d-]+Z)\.json$/u;
const KEPT = 50;

/** The log of one run while it is written. */
export interface RunLog extends TaskListener {
  readonly file: string;
  /** Closes the file. False when it could not be written: the disk is full, or the folder may not be written. */
  finish(summary: object): Promise<boolean>;
}

/** Begins a log; nothing of it is held in memory. */
export function openRunLog(
  folder: string,
  head: { readonly kind: string; readonly startedAtMs: number },
): RunLog {
  const time = new Date(head.startedAtMs).toISOString().replaceAll(/[:.]/gu, "-");
  const file = path.join(folder, `${head.kind}-${time}.json`);
  const stream = createWriteStream(file, { flags: "wx", mode: 0o640 });
  // Told once more by `finished`.
  stream.on("error", () => undefined);
  const line = lineWriter(stream);
  stream.write(`{"schema":1,"run":${JSON.stringify(head)},"events":[`);
  return {
    file,
    onStep: (step) => line({ event: "done", ...step }),
    onReport: (step) => line({ event: "seen", ...step }),
    onFailure: (failure) => line({ event: "failed", ...failure }),
    finish: async (summary) => {
      stream.end(`\n],"summary":${JSON.stringify(summary)}}\n`);
      return finished(stream).then(
        () => true,
        () => false,
      );
    },
  };
}

function lineWriter(stream: WriteStream): (event: object) => void {
  let separator = "\n";
  return (event) => {
    if (!stream.destroyed) stream.write(`${separator}${JSON.stringify(event)}`);
    separator = ",\n";
  };
}

/** Logs of runs that are no longer kept, oldest first; other files are not ours. */
export async function oldRunLogs(
  folder: string,
  keep: number = KEPT,
): Promise<{ name: string; bytes: number }[]> {
  const logs: { name: string; time: string; bytes: number }[] = [];
  for await (const { name, kind, bytes } of readFolder(folder)) {
    const time = LOG_NAME.exec(name)?.groups?.["time"];
    if (time !== undefined && kind === "file") logs.push({ name, time, bytes });
  }
  const ordered = logs.toSorted((a, b) => (a.time < b.time ? -1 : 1));
  return ordered.slice(0, Math.max(0, ordered.length - keep)).map(({ name, bytes }) => ({ name, bytes }));
}

/** Keeps the newest logs. */
export async function rotateRunLogs(folder: string): Promise<void> {
  for (const { name } of await oldRunLogs(folder))
    await removeEntry(path.join(folder, name), { recursive: false });
}
