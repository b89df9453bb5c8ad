// Starts yt-dlp with a small environment, and turns the ways it can end into errors.
import { mkdir } from "node:fs/promises";
import { AppError } from "../core/errors.ts";
import type { ProcessResult, ProcessRunner, ProcessSpec } from "../process/runner.ts";
import { onDisk } from "./disk-errors.ts";
import { extractorError, recognizeFailure } from "./extractor-errors.ts";
import type { Tier } from "./yt-dlp-args.ts";
import type { YtDlpCommand } from "./yt-dlp-find.ts";

export interface YtDlpProcessOptions {
  readonly runner: ProcessRunner;
  /** `undefined` = not installed. */
  readonly command: YtDlpCommand | undefined;
  /** An empty folder that stands for the home of yt-dlp, so that no settings or plugins of a person count. */
  readonly homeDirectory: string;
  /** Given by environment and not as an option, because it can hold a password and anyone may read options. */
  readonly proxy?: string | undefined;
  /** CA certificates in PEM that yt-dlp trusts instead of the system's. */
  readonly certFile?: string | undefined;
}

export interface YtDlpRun {
  readonly args: readonly string[];
  readonly timeoutMs: number;
  readonly outputBytes?: number;
  readonly fileBytes?: number;
  readonly onStdoutLine?: (line: string) => void;
}

/** One run of yt-dlp, ended in whatever way. */
export type StartYtDlp = (run: YtDlpRun, signal: AbortSignal) => Promise<ProcessResult>;

/** @throws {AppError} from the returned function: `EXTRACTOR_MISSING`, `CHILD_FAILED`, `ABORTED` */
export function ytDlpStarter(options: YtDlpProcessOptions): StartYtDlp {
  const { runner, command, homeDirectory } = options;
  return async (run, signal) => {
    if (!command) throw new AppError("EXTRACTOR_MISSING", { extractor: "yt-dlp" });
    await onDisk(mkdir(homeDirectory, { recursive: true, mode: 0o700 }));
    // No limit of address space: the JavaScript runtime it may start reserves far more than it uses.
    const { args, timeoutMs, outputBytes, fileBytes, onStdoutLine } = run;
    const spec: ProcessSpec = {
      command: command.command,
      args: [...command.leadingArgs, ...args],
      cwd: homeDirectory,
      env: environment(options),
      limits: {
        timeoutMs,
        niceness: 5,
        ...(outputBytes !== undefined && { outputBytes }),
        ...(fileBytes !== undefined && { fileBytes }),
      },
      ...(onStdoutLine && { onStdoutLine }),
    };
    try {
      return await runner.run(spec, signal);
    } catch (error) {
      const reason = error instanceof AppError && error.code === "CHILD_FAILED" && error.context["reason"];
      if (reason !== "ENOENT" && reason !== "EACCES") throw error;
      throw new AppError("EXTRACTOR_MISSING", { extractor: "yt-dlp", reason }, { cause: error });
    }
  };
}

/** The whole environment, besides the PATH and LANG that every child gets. */
function environment({ homeDirectory, proxy, certFile }: YtDlpProcessOptions): Record<string, string> {
  return {
    HOME: homeDirectory,
    TMPDIR: homeDirectory,
    PYTHONNOUSERSITE: "1",
    YTDLP_NO_PLUGINS: "1",
    ...(proxy !== undefined && { http_proxy: proxy, https_proxy: proxy }),
    ...(certFile !== undefined && { SSL_CERT_FILE: certFile }),
  };
}

/** An error of one run, and whether the second tier may do better. */
export class RunFailed extends Error {
  readonly error: AppError;
  readonly secondTier: boolean;

  constructor(error: AppError, secondTier: boolean) {
    super(error.message, { cause: error });
    this.error = error;
    this.secondTier = secondTier;
  }
}

/** What a run that did not end with 0 died of. */
export function runFailure(result: ProcessResult): RunFailed {
  const { exitCode, signal, stderr } = result;
  const failed = (code: AppError["code"], secondTier = false): RunFailed =>
    new RunFailed(extractorError(code, `exit ${exitCode ?? signal}: ${stderr}`), secondTier);
  if (result.timedOut) return failed("SOURCE_UNREACHABLE");
  if (signal === "SIGXFSZ") return failed("FILE_TOO_LARGE");
  if (signal !== null) return failed("CHILD_FAILED");
  if (exitCode === 2) return failed(/no such option/iu.test(stderr) ? "EXTRACTOR_TOO_OLD" : "INTERNAL");
  if (exitCode === 127 || /No module named yt_dlp/u.test(stderr)) return failed("EXTRACTOR_MISSING");
  const known = recognizeFailure(stderr);
  return known ? failed(known.code, known.secondTier) : failed("EXTRACTOR_BROKEN", true);
}

/**
 * Tries without a JavaScript runtime, and with one only where that can help: it costs seconds.
 * @throws {AppError} of the second try, unless the first already said something that a person can act on
 */
export async function inTiers<T>(attempt: (tier: Tier) => Promise<T>): Promise<T> {
  let first: RunFailed;
  try {
    return await attempt(1);
  } catch (error) {
    if (!(error instanceof RunFailed)) throw error;
    if (!error.secondTier) throw error.error;
    first = error;
  }
  try {
    return await attempt(2);
  } catch (error) {
    if (!(error instanceof RunFailed)) throw error;
    throw first.error.severity === "user" ? first.error : error.error;
  }
}
