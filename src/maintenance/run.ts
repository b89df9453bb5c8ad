// What every maintenance run has in common: its turn, its log, its audit row, its summary.
import { AppError, toAppError } from "../core/errors.ts";
import type { Clock } from "../core/clock.ts";
import type { MaintenanceLog, RunOrigin } from "../db/maintenance-log.ts";
import { type Failure, sumOf, type Tally, type Task, type TaskListener, TaskRecord } from "./record.ts";
import { openRunLog, rotateRunLogs } from "./run-logs.ts";
import type { MaintenanceTurn } from "./turn.ts";

export interface RunDeps {
  readonly turn: MaintenanceTurn;
  readonly runs: MaintenanceLog;
  readonly clock: Clock;
  /** Absolute path of the folder for the runs' logs. */
  readonly logFolder: string;
}

export interface RunRequest {
  readonly kind: string;
  readonly actor: string;
  readonly origin: RunOrigin;
  /** What was asked for, in words. */
  readonly detail: string;
  /** Say what would be done: no turn, no log, no audit. */
  readonly dryRun: boolean;
}

/** How a run is watched and stopped. */
export interface RunControl {
  readonly signal: AbortSignal;
  readonly listener?: TaskListener;
}

/** What a run did. */
export interface RunSummary {
  readonly kind: string;
  readonly dryRun: boolean;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly done: readonly Tally[];
  readonly seen: readonly Tally[];
  readonly failed: number;
  /** The first hundred. */
  readonly failures: readonly Failure[];
  /** Stopped by its signal; what was done by then is done. */
  readonly isInterrupted: boolean;
  /** Absolute path; `undefined` = a dry run, or it could not be written. */
  readonly logFile: string | undefined;
}

const REMOVED = ["removed"];
const REPAIRED = ["healed", "adopted", "moved", "set aside", "lease freed"];

/** Does the work in its turn and leaves a trace of it. @throws {AppError} `BUSY_MAINTENANCE`, what the work throws */
export async function carryOut(
  deps: RunDeps,
  request: RunRequest,
  work: (task: Task) => Promise<void>,
  control: RunControl,
): Promise<RunSummary> {
  const startedAtMs = deps.clock.nowMs();
  const listeners = control.listener ? [control.listener] : [];
  if (request.dryRun) {
    const record = new TaskRecord(listeners);
    const isInterrupted = await isStopped(work({ record, dryRun: true, signal: control.signal }));
    return summarize(deps, request, { record, startedAtMs, isInterrupted, logFile: undefined });
  }
  return deps.turn.run(async () => {
    const log = openRunLog(deps.logFolder, { ...request, startedAtMs });
    const record = new TaskRecord([...listeners, log]);
    const isInterrupted = await isStopped(work({ record, dryRun: false, signal: control.signal })).catch(
      async (error: unknown) => {
        await log.finish({ error: toAppError(error).code });
        throw error;
      },
    );
    const done = { record, startedAtMs, isInterrupted, logFile: log.file };
    const summary = summarize(deps, request, done);
    const isLogged = await log.finish(summary);
    await audit(deps, request, summary);
    await rotateRunLogs(deps.logFolder);
    return isLogged ? summary : { ...summary, logFile: undefined };
  });
}

async function isStopped(work: Promise<void>): Promise<boolean> {
  try {
    await work;
    return false;
  } catch (error) {
    if (error instanceof AppError && error.code === "ABORTED") return true;
    throw error;
  }
}

function summarize(
  { clock }: RunDeps,
  { kind, dryRun }: RunRequest,
  run: Pick<RunSummary, "startedAtMs" | "isInterrupted" | "logFile"> & { readonly record: TaskRecord },
): RunSummary {
  const { record, ...rest } = run;
  const { done, seen, failed, failures } = record;
  return { kind, dryRun, endedAtMs: clock.nowMs(), done, seen, failed, failures, ...rest };
}

async function audit({ runs }: RunDeps, request: RunRequest, summary: RunSummary): Promise<void> {
  const { kind, actor, origin, detail } = request;
  const { startedAtMs, endedAtMs, failed } = summary;
  const removed = sumOf(summary.done, ...REMOVED);
  await runs.record({
    kind,
    actor,
    origin,
    detail,
    startedAtMs,
    endedAtMs,
    failed,
    removedFiles: removed.count,
    removedBytes: removed.bytes,
    repaired: sumOf(summary.done, ...REPAIRED).count,
    keptInUse: sumOf(summary.seen, "in use").count,
  });
}
