// What a maintenance task tells while it works: every step, every failure, how far it is.
import { throwIfAborted } from "../core/abort.ts";
import { AppError, toAppError } from "../core/errors.ts";
import { reasonOf } from "./folder.ts";

/** One thing that was done, or in a dry run would be. */
export interface Step {
  /** In words, the same for equal steps: `adopted`, `removed`. */
  readonly action: string;
  /** What it was done to: a file below the cache folder, a row, a lease. */
  readonly subject: string;
  /** Why, in words that are the same for equal cases. */
  readonly reason: string;
  readonly bytes: number;
  /** How many it stands for; absent = one. */
  readonly count?: number;
  /** What only this step has to tell. */
  readonly detail?: string;
}

/** Something that could not be done; the task went on. */
export interface Failure {
  readonly subject: string;
  readonly code: string;
  /** From the operating system where there is one: `EACCES`. */
  readonly detail: string;
}

export interface Progress {
  readonly done: number;
  /** `undefined` = not known. */
  readonly total: number | undefined;
  readonly bytes: number;
}

export interface Count {
  readonly count: number;
  readonly bytes: number;
}

/** Equal steps, counted. */
export interface Tally extends Count {
  readonly action: string;
  readonly reason: string;
}

/** Who wants to know while it happens. */
export interface TaskListener {
  readonly onStep?: (step: Step) => void;
  readonly onReport?: (step: Step) => void;
  readonly onFailure?: (failure: Failure) => void;
  readonly onProgress?: (progress: Progress) => void;
}

/** Counts the steps of one task and passes them on. */
export class TaskRecord {
  readonly #listeners: readonly TaskListener[];
  readonly #done = new Map<string, Tally>();
  readonly #seen = new Map<string, Tally>();
  readonly #failures: Failure[] = [];
  #failed = 0;

  constructor(listeners: readonly TaskListener[]) {
    this.#listeners = listeners;
  }

  step(step: Step): void {
    add(this.#done, step);
    for (const listener of this.#listeners) listener.onStep?.(step);
  }

  /** Notes something that was seen and left as it is. */
  report(step: Step): void {
    add(this.#seen, step);
    for (const listener of this.#listeners) listener.onReport?.(step);
  }

  fail(subject: string, thrown: unknown): void {
    const failure = { subject, code: toAppError(thrown).code, detail: reasonOf(thrown) };
    this.#failed += 1;
    if (this.#failures.length < FAILURES_KEPT) this.#failures.push(failure);
    for (const listener of this.#listeners) listener.onFailure?.(failure);
  }

  progress(progress: Progress): void {
    for (const listener of this.#listeners) listener.onProgress?.(progress);
  }

  /** What was done, in the order it first happened. */
  get done(): readonly Tally[] {
    return [...this.#done.values()];
  }

  /** What was seen and left as it is. */
  get seen(): readonly Tally[] {
    return [...this.#seen.values()];
  }

  get failed(): number {
    return this.#failed;
  }

  /** The first hundred. All of them are in the run's log. */
  get failures(): readonly Failure[] {
    return this.#failures;
  }
}

const FAILURES_KEPT = 100;

function add(tallies: Map<string, Tally>, { action, reason, bytes, count = 1 }: Step): void {
  const name = `${action}\n${reason}`;
  const before = tallies.get(name) ?? { count: 0, bytes: 0 };
  tallies.set(name, { action, reason, count: before.count + count, bytes: before.bytes + bytes });
}

/** Sum of the tallies of some actions. */
export function sumOf(tallies: readonly Tally[], ...actions: readonly string[]): Count {
  const chosen = tallies.filter((tally) => actions.includes(tally.action));
  return {
    count: chosen.reduce((sum, tally) => sum + tally.count, 0),
    bytes: chosen.reduce((sum, tally) => sum + tally.bytes, 0),
  };
}

/** One run of a task. */
export interface Task {
  readonly record: TaskRecord;
  /** Say what would be done, and change nothing. */
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
}

/** Does a step, unless this is a dry run, and then tells of it. */
export async function perform(task: Task, step: Step, work: () => Promise<unknown>): Promise<void> {
  if (!task.dryRun) await work();
  task.record.step(step);
}

/** Runs work and notes what it throws, so that the task goes on. @throws {AppError} `ABORTED` */
export async function attempt(task: Task, subject: string, work: () => Promise<void>): Promise<void> {
  throwIfAborted(task.signal);
  try {
    await work();
  } catch (error) {
    throwIfAborted(task.signal);
    task.record.fail(subject, error);
  }
}

/** True for what a check says about a file itself, as against what kept us from checking it. */
export function condemns(error: unknown): boolean {
  return error instanceof AppError && CONDEMNING.has(error.code);
}

const CONDEMNING: ReadonlySet<string> = new Set(["AUDIO_INCOMPLETE", "TRANSCODE_FAILED", "NOT_AUDIO"]);
