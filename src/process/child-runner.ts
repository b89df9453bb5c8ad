// The one place that starts child processes: argv arrays, a group of their own, limits, capped output.
import { spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { throwIfAborted } from "../core/abort.ts";
import { systemClock } from "../core/clock.ts";
import type { Clock } from "../core/clock.ts";
import { AppError } from "../core/errors.ts";
import { DEFAULT_PATH, errorReason, findCommand } from "./find-command.ts";
import { LineSplitter, Tail } from "./output.ts";
import { endGroup, signalGroup } from "./process-group.ts";
import type { ProcessResult, ProcessRunner, ProcessSpec } from "./runner.ts";
import { probeWrappers, wrapperArgs, wrapperFailure } from "./wrappers.ts";
import type { Wrappers } from "./wrappers.ts";

export type { Wrappers } from "./wrappers.ts";

export interface ProcessRunnerOptions {
  /** Folders in which commands and wrapper programs are found; also the child's PATH. */
  readonly path?: string;
  /** Time between SIGTERM and SIGKILL, in milliseconds. Default 1000. */
  readonly graceMs?: number;
  readonly clock?: Clock;
}

/** A runner that can also say which limits the system lets it set. */
export interface ChildRunner extends ProcessRunner {
  /** Found out once, by trying. @throws {AppError} `CHILD_FAILED` when the system is too short of resources to try. */
  limitsInForce(): Promise<Wrappers>;
}

type Child = ChildProcessByStdio<Writable | null, Readable, Readable> & { readonly pid: number };
type Exit = Pick<ProcessResult, "exitCode" | "signal">;

const DEFAULT_OUTPUT_BYTES = 256 * 1024;
/** Longest time a timer can wait. */
const MAX_TIMER_MS = 2 ** 31 - 1;
/** How long output is read on after the group is gone; only a member that left it can hold the pipe open. */
const DRAIN_MS = 1_000;

/**
 * Starts children from the thread that calls `run`; call it from the main thread only, or they die with the thread.
 * Where `setpriv` works, a child also dies when the bot is killed outright. Its own children then see closed pipes.
 */
export function createProcessRunner(options: ProcessRunnerOptions = {}): ChildRunner {
  const { path = DEFAULT_PATH, graceMs = 1_000, clock = systemClock } = options;
  const groups = new LivingGroups();
  let probing: Promise<Wrappers> | undefined;

  const limitsInForce = async (): Promise<Wrappers> => {
    probing ??= probeWrappers(path);
    try {
      return await probing;
    } catch (error) {
      probing = undefined;
      throw error;
    }
  };

  const run = async (spec: ProcessSpec, signal: AbortSignal): Promise<ProcessResult> => {
    throwIfAborted(signal);
    const command = await findCommand(spec.command, path);
    const argv = [...(await wrapperArgs(await limitsInForce(), spec.limits)), command, ...spec.args];
    throwIfAborted(signal);
    const startedAtMs = clock.monotonicMs();
    const child = await start(argv, { spec, path });
    groups.add(child.pid);
    try {
      const ended = await supervise(child, spec, { graceMs, signal });
      throwIfAborted(signal);
      const reason = wrapperFailure(ended.exitCode, ended.stderr);
      if (reason) throw new AppError("CHILD_FAILED", { reason, command: spec.command, detail: ended.stderr });
      return { ...ended, durationMs: clock.monotonicMs() - startedAtMs };
    } finally {
      groups.delete(child.pid);
    }
  };

  return { run, limitsInForce, running: () => [...groups] };
}

/** Groups that are alive now. When this process exits, whatever the way out, it takes them along. */
class LivingGroups extends Set<number> {
  readonly #killAll = (): void => {
    for (const groupId of this) signalGroup(groupId, "SIGKILL");
  };

  override add(groupId: number): this {
    if (this.size === 0) process.once("exit", this.#killAll);
    return super.add(groupId);
  }

  override delete(groupId: number): boolean {
    const deleted = super.delete(groupId);
    if (this.size === 0) process.off("exit", this.#killAll);
    return deleted;
  }
}

async function start(
  argv: readonly string[],
  { spec, path }: { readonly spec: ProcessSpec; readonly path: string },
): Promise<Child> {
  const [file = "", ...args] = argv;
  try {
    return await new Promise<Child>((resolve, reject) => {
      const child = spawn(file, args, {
        ...(spec.cwd !== undefined && { cwd: spec.cwd }),
        env: { PATH: path, LANG: "C.UTF-8", ...spec.env },
        stdio: [spec.onPipes ? "pipe" : "ignore", "pipe", "pipe"],
        detached: true,
        windowsHide: true,
      });
      // Without free file descriptors there is a child object that has no stdout, and this event.
      child.on("error", reject);
      child.once("spawn", () => resolve(child as Child));
    });
  } catch (error) {
    throw new AppError(
      "CHILD_FAILED",
      { reason: errorReason(error), command: spec.command },
      { cause: error },
    );
  }
}

async function supervise(
  child: Child,
  spec: ProcessSpec,
  { graceMs, signal }: { readonly graceMs: number; readonly signal: AbortSignal },
): Promise<Omit<ProcessResult, "durationMs">> {
  const limitBytes = spec.limits.outputBytes ?? DEFAULT_OUTPUT_BYTES;
  const exited = new Promise<Exit>((resolve) => {
    child.once("exit", (exitCode, by) => resolve({ exitCode, signal: by }));
  });
  const closed = new Promise((resolve) => (spec.onPipes ? child.stderr : child).once("close", resolve));
  const stdout = spec.onPipes
    ? handOver(child, spec.onPipes)
    : collect(child.stdout, { limitBytes, keep: !spec.onStdoutLine, onLine: spec.onStdoutLine });
  const stderr = collect(child.stderr, { limitBytes, keep: true, onLine: spec.onStderrLine });
  const alarm = watch(signal, spec.limits.timeoutMs);
  try {
    await Promise.race([exited, alarm.rang, stdout.failed, stderr.failed]);
  } finally {
    alarm.stop();
    // A child that cannot get rid of its bytes would be deaf to the first signal.
    if (spec.onPipes && alarm.hasRung()) child.stdout.destroy();
    await endGroup(child.pid, graceMs);
    await Promise.race([closed, exited.then(() => delay(DRAIN_MS, undefined, { ref: false }))]);
    // What a child that ended by itself has written is left to the one who was given its pipes.
    if (!spec.onPipes) child.stdout.destroy();
    child.stdin?.destroy();
    child.stderr.destroy();
  }
  return { ...(await exited), stdout: stdout.text(), stderr: stderr.text(), timedOut: alarm.timedOut() };
}

const ignore = (): void => undefined;

/** Nothing is kept of stdout. A broken pipe must not end the bot, and is told to the writer by each write. */
function handOver(
  child: Child,
  onPipes: NonNullable<ProcessSpec["onPipes"]>,
): { readonly failed: Promise<never>; text(): string } {
  const { promise: failed, reject } = Promise.withResolvers<never>();
  failed.catch(() => undefined);
  child.stdout.on("error", ignore);
  child.stdin?.on("error", ignore);
  try {
    if (child.stdin) onPipes({ stdin: child.stdin, stdout: child.stdout });
  } catch (error) {
    reject(error);
  }
  return { failed, text: () => "" };
}

/** `rang` resolves when the caller gave up or the time is over. */
function watch(
  signal: AbortSignal,
  timeoutMs: number,
): { readonly rang: Promise<void>; hasRung(): boolean; timedOut(): boolean; stop(): void } {
  const { promise: rang, resolve } = Promise.withResolvers<void>();
  let isOver = false;
  const aborted = (): void => resolve();
  const timer = setTimeout(
    () => {
      isOver = true;
      resolve();
    },
    Math.min(timeoutMs, MAX_TIMER_MS),
  );
  signal.addEventListener("abort", aborted, { once: true });
  if (signal.aborted) resolve();
  return {
    rang,
    hasRung: () => isOver || signal.aborted,
    timedOut: () => isOver,
    stop: () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", aborted);
    },
  };
}

/**
 * `failed` rejects when the caller's line handler threw: its child must not run on unheard. `text` throws the same,
 * for a handler that threw at the last line.
 */
function collect(
  stream: Readable,
  options: {
    readonly limitBytes: number;
    readonly keep: boolean;
    readonly onLine: ((line: string) => void) | undefined;
  },
): { readonly failed: Promise<never>; text(): string } {
  const tail = new Tail(options.limitBytes);
  const { promise: failed, reject } = Promise.withResolvers<never>();
  let problem: { readonly thrown: unknown } | undefined;
  failed.catch((thrown: unknown) => (problem = { thrown }));
  const lines = options.onLine && new LineSplitter(options.onLine);
  const guarded = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      stream.off("data", onData).resume();
      reject(error);
    }
  };
  const onData = (chunk: Buffer): void => {
    if (options.keep) tail.write(chunk);
    if (lines) guarded(() => lines.write(chunk));
  };
  stream.on("data", onData);
  stream.once("end", () => guarded(() => lines?.end()));
  stream.on("error", reject);
  const text = (): string => {
    if (problem) throw problem.thrown;
    return tail.text();
  };
  return { failed, text };
}
