/** Installs yt-dlp into a Python environment of its own below `data/tools`. */
import { lstat, mkdir, readdir, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Clock } from "../core/clock.ts";
import { AppError } from "../core/errors.ts";
import type { ProcessResult, ProcessRunner } from "../process/runner.ts";
import { readVersion } from "../sources/yt-dlp-find.ts";

/** What {@link installYtDlp} needs. */
export interface YtDlpInstallOptions {
  readonly runner: ProcessRunner;
  readonly clock: Clock;
  readonly toolsDirectory: string;
  /** From {@link pipEnvironment}. */
  readonly environment: Readonly<Record<string, string>>;
}

/** `reason` is half a sentence with the cure; `lacks` the package that would help. */
export type YtDlpInstalled =
  | { readonly status: "installed"; readonly version: string }
  | { readonly status: "failed"; readonly reason: string; readonly lacks?: string };

/** Long enough for a slow line, short enough that nobody thinks that it hangs. */
const PIP_TIMEOUT_MS = 120_000;
/** pip would try an index that cannot be reached five times, waiting longer each time, for every package. */
const PIP_OPTIONS = ["--quiet", "--no-input", "--upgrade", "--retries", "1", "--timeout", "20"];
const VENV_TIMEOUT_MS = 60_000;
const ASK_AGAIN_AFTER_MS = 86_400_000;
/** The current one and the one before, which a running bot may still use. */
const KEPT_ENVIRONMENTS = 2;

/** Where the newest environment is; a link, so that an update replaces all of it at once. */
export function venvDirectory(toolsDirectory: string): string {
  return path.join(toolsDirectory, "venv");
}

/** What pip may see: its own settings, proxies and certificates. */
export function pipEnvironment(environment: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const names =
    /^(?:PIP_[A-Z_]{1,64}|HOME|(?:https?|no|all)_proxy|SSL_CERT_FILE|SSL_CERT_DIR|REQUESTS_CA_BUNDLE)$/iu;
  const wanted = Object.entries(environment).filter(
    ([name, value]) => names.test(name) && value !== undefined,
  );
  return Object.fromEntries(wanted) as Record<string, string>;
}

/** False when pip gave its newest within the last day, so that setup stays quick while there is nothing newer. */
export async function isInstallDue(options: YtDlpInstallOptions): Promise<boolean> {
  const asked = await stat(marker(options)).catch(() => undefined);
  return asked === undefined || options.clock.nowMs() - asked.mtimeMs > ASK_AGAIN_AFTER_MS;
}

/** Makes a new environment beside the old one and switches over when the program in it starts. */
export async function installYtDlp(
  options: YtDlpInstallOptions,
  signal: AbortSignal,
): Promise<YtDlpInstalled> {
  await mkdir(options.toolsDirectory, { recursive: true });
  const directory = path.join(options.toolsDirectory, `venv-${options.clock.nowMs()}`);
  try {
    const installed = await fillEnvironment(options, directory, signal);
    if (installed.status === "failed") {
      await rm(directory, { recursive: true, force: true });
    } else {
      await switchTo(directory, options.toolsDirectory);
      await writeFile(marker(options), "");
    }
    return installed;
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

function marker({ toolsDirectory }: YtDlpInstallOptions): string {
  return path.join(toolsDirectory, "yt-dlp-asked");
}

async function fillEnvironment(
  options: YtDlpInstallOptions,
  directory: string,
  signal: AbortSignal,
): Promise<YtDlpInstalled> {
  const run = (
    command: string,
    args: readonly string[],
    timeoutMs: number,
  ): Promise<ProcessResult | undefined> => tryRun(options, { command, args, timeoutMs }, signal);
  const made = await run("python3", ["-m", "venv", directory], VENV_TIMEOUT_MS);
  if (made?.exitCode !== 0) {
    return { status: "failed", reason: "it needs Python with its venv module", lacks: "python3-venv" };
  }
  const pip = path.join(directory, "bin", "pip");
  for (const wanted of ["yt-dlp[default]", "yt-dlp"]) {
    const result = await run(pip, ["install", ...PIP_OPTIONS, wanted], PIP_TIMEOUT_MS);
    if (result?.exitCode === 0) return await judge(options, directory, signal);
  }
  return { status: "failed", reason: "pip could not fetch it; check the network" };
}

async function judge(
  { runner }: YtDlpInstallOptions,
  directory: string,
  signal: AbortSignal,
): Promise<YtDlpInstalled> {
  const command = { command: path.join(directory, "bin", "yt-dlp"), leadingArgs: [] };
  const version = await readVersion(runner, command, signal);
  return version === undefined
    ? { status: "failed", reason: "what pip installed does not start" }
    : { status: "installed", version };
}

async function tryRun(
  { runner, environment, toolsDirectory }: YtDlpInstallOptions,
  job: { readonly command: string; readonly args: readonly string[]; readonly timeoutMs: number },
  signal: AbortSignal,
): Promise<ProcessResult | undefined> {
  try {
    return await runner.run(
      {
        command: job.command,
        args: job.args,
        cwd: toolsDirectory,
        env: environment,
        limits: { timeoutMs: job.timeoutMs },
      },
      signal,
    );
  } catch (error) {
    if (error instanceof AppError && error.code === "CHILD_FAILED") return undefined;
    throw error;
  }
}

async function switchTo(directory: string, toolsDirectory: string): Promise<void> {
  const link = venvDirectory(toolsDirectory);
  const fresh = `${link}.new`;
  await rm(fresh, { force: true });
  await symlink(path.basename(directory), fresh);
  // A folder of that name would be in the way of the link.
  if ((await lstat(link).catch(() => undefined))?.isDirectory()) await rm(link, { recursive: true });
  await rename(fresh, link);
  const all = (await readdir(toolsDirectory)).filter((name) => /^venv-\d+$/u.test(name)).toSorted();
  for (const old of all.slice(0, -KEPT_ENVIRONMENTS)) {
    await rm(path.join(toolsDirectory, old), { recursive: true });
  }
}
