import type { Readable, Writable } from "node:stream";

/** What a child process may use. Enforced where the system can; `doctor` says where it cannot. */
export interface ProcessLimits {
  /** Wall clock; after it the whole process group is killed. Always enforced. */
  readonly timeoutMs: number;
  /** Bytes of stdout and of stderr kept in memory, each; the rest is dropped. Default 256 KiB. Always enforced. */
  readonly outputBytes?: number;
  /** Address space in bytes (`prlimit --as`). */
  readonly memoryBytes?: number;
  /** Processor time in seconds (`prlimit --cpu`). */
  readonly cpuSeconds?: number;
  /** Largest file it may write, in bytes (`prlimit --fsize`). */
  readonly fileBytes?: number;
  /** Scheduling niceness, 0 to 19. Default 0. */
  readonly niceness?: number;
}

export interface ProcessSpec {
  /** Absolute path or a name on PATH. Never a shell line. */
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** The whole environment of the child besides PATH and LANG: nothing is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  readonly limits: ProcessLimits;
  /** Called for each complete line of stdout as it arrives, at most 64 KiB each. Lines are not kept then. */
  readonly onStdoutLine?: (line: string) => void;
  readonly onStderrLine?: (line: string) => void;
  /** Given = bytes go in and out: it gets a stdin, and its stdout is left to whoever takes these. Called as it starts. */
  readonly onPipes?: (pipes: ChildPipes) => void;
}

/** Both ends break when the child does; errors of `stdin` show in the callbacks of its writes. */
export interface ChildPipes {
  readonly stdin: Writable;
  /** Who has begun to iterate over it can do so to its end, also after the child has ended by itself. */
  readonly stdout: Readable;
}

export interface ProcessResult {
  /** `null` when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  readonly durationMs: number;
}

/** Runs one child process from start to end. It owns the whole process group and leaves none behind. */
export interface ProcessRunner {
  /**
   * Resolves however the child ends; judging the exit code is the caller's part.
   * @throws {AppError} `CHILD_FAILED` when it cannot be started (`context.reason` = ENOENT, EACCES, EMFILE ...),
   * `ABORTED` when the signal fired; the group is dead by then.
   */
  run(spec: ProcessSpec, signal: AbortSignal): Promise<ProcessResult>;
  /** Process ids of the children running now, for status and tests. */
  running(): readonly number[];
}
