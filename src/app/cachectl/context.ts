// What a command of the command line works with, and what it answers.
import type { Config } from "../../config/config.ts";
import type { TaskListener } from "../../maintenance/record.ts";
import type { RunRequest, RunSummary } from "../../maintenance/run.ts";
import type { Task } from "../../maintenance/record.ts";
import type { Caretaker } from "../caretaker.ts";
import { runJson, runLines } from "./run-text.ts";

/** 0 done, 1 failed, 2 wrong use or unconfirmed, 3 done in part, 4 another run is on, 5 settings, 130 stopped. */
export const EXIT = {
  done: 0,
  failed: 1,
  misused: 2,
  partial: 3,
  busy: 4,
  badConfiguration: 5,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The answer of a command. */
export interface Answer {
  readonly exitCode: ExitCode;
  /** For programs; the envelope is put around it. */
  readonly json: object;
  /** For people. */
  readonly lines: readonly string[];
}

/** The person, or nobody. */
export interface Person {
  /** True when somebody can answer. */
  readonly canAnswer: boolean;
  /** Asks for yes or no. @throws {AppError} `ABORTED` on Ctrl-C */
  confirm(question: string): Promise<boolean>;
  /** Asks for text. @throws {AppError} `ABORTED` on Ctrl-C */
  ask(question: string): Promise<string>;
  /** Says something that is no result. */
  say(line: string): void;
}

export interface CommandContext {
  readonly config: Config;
  readonly caretaker: Caretaker;
  readonly person: Person;
  /** Who runs this, for the audit. */
  readonly actor: string;
  readonly signal: AbortSignal;
  /** Columns of the terminal. */
  readonly width: number;
  /** Draws how far a task is; call `end` when it is over. */
  progress(label: string): TaskListener & { end(): void };
}

/** Carries a task out with progress, and answers with what it did. */
export async function runTask(
  context: CommandContext,
  request: Pick<RunRequest, "kind" | "detail" | "dryRun"> & { readonly label: string },
  work: (task: Task) => Promise<void>,
): Promise<Answer> {
  const { caretaker, actor, signal } = context;
  const { label, ...rest } = request;
  const listener = context.progress(label);
  let summary: RunSummary;
  try {
    const whole: RunRequest = { ...rest, actor, origin: "cli" };
    summary = await caretaker.maintenance.perform(whole, work, { signal, listener });
  } finally {
    listener.end();
  }
  return { exitCode: exitCodeOf(summary), json: runJson(summary), lines: runLines(summary, context.width) };
}

function exitCodeOf({ isInterrupted, failed, seen }: RunSummary): ExitCode {
  if (isInterrupted) return EXIT.interrupted;
  const isLeft = seen.some(({ action }) => action === "damaged" || action === "in use");
  return failed > 0 || isLeft ? EXIT.partial : EXIT.done;
}

/** Not carried out: why, and what would do it. */
export function refuse(reason: string, more: object = {}): Answer {
  return { exitCode: EXIT.misused, json: { refused: reason, ...more }, lines: [reason] };
}
