/** One line of what `setup` and `doctor` say about one thing. */
import { styleText } from "node:util";

/** `warning`: the bot runs, with something missing. `problem`: it does not run, or cannot play new songs. */
export type FindingStatus = "ok" | "warning" | "problem";

/** What was found, in one sentence; with what to do unless it is `ok`. */
export interface Finding {
  readonly name: string;
  readonly status: FindingStatus;
  readonly text: string;
  /** The same for programs. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

const COLOURS = { ok: "green", warning: "yellow", problem: "red" } as const;
const STATUS_WIDTH = 9;
const NAME_WIDTH = 14;

/** `ok       ffmpeg        5.1.9 …`; colours only when `stream` is a terminal that wants them. */
export function renderFinding({ name, status, text }: Finding, stream: NodeJS.WritableStream): string {
  const word = styleText(COLOURS[status], status.padEnd(STATUS_WIDTH), { stream });
  return `${word}${name.padEnd(NAME_WIDTH)}${text}`;
}
