// Finds yt-dlp on this machine and judges its age.
import path from "node:path";
import type { Clock } from "../core/clock.ts";
import { AppError } from "../core/errors.ts";
import type { ProcessRunner } from "../process/runner.ts";

/** How to start yt-dlp: a program and the arguments that come before ours. */
export interface YtDlpCommand {
  readonly command: string;
  readonly leadingArgs: readonly string[];
}

/** Result of looking for yt-dlp. `problems` are sentences with what to do. */
export interface YtDlpFound {
  readonly command: YtDlpCommand | undefined;
  readonly version: string | null;
  readonly problems: readonly string[];
}

export interface YtDlpPlaces {
  /** YTDLP_PATH. */
  readonly configuredPath?: string | undefined;
  /** Folder of the virtual environment that setup makes: `data/tools/venv`. */
  readonly venvDirectory: string;
}

const VERSION_TIMEOUT_MS = 20_000;
/** The first version that can solve YouTube's script challenges with an outside runtime. */
const OLDEST_FOR_YOUTUBE = "2025.11.12";
const OLD_AFTER_DAYS = 90;
const DAY_MS = 24 * 60 * 60 * 1000;
const HOW_TO_GET = "Run npm run setup, or install it with pip: pip install -U yt-dlp";

/** The first of these that starts: YTDLP_PATH, setup's own, `yt-dlp` on PATH, Python's module. */
export async function findYtDlp(
  runner: ProcessRunner,
  places: YtDlpPlaces,
  signal: AbortSignal,
): Promise<YtDlpFound> {
  const problems: string[] = [];
  for (const command of candidates(places)) {
    const version = await readVersion(runner, command, signal);
    if (version !== undefined) return { command, version, problems };
    if (command.command === places.configuredPath) {
      problems.push(`YTDLP_PATH does not start: ${command.command}. Correct it or leave it empty.`);
    }
  }
  return { command: undefined, version: null, problems: [...problems, `yt-dlp is missing. ${HOW_TO_GET}`] };
}

/** What `--version` says; `undefined` = it does not start or is not yt-dlp. @throws {AppError} `ABORTED` */
export async function readVersion(
  runner: ProcessRunner,
  command: YtDlpCommand,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const { exitCode, stdout } = await runner.run(
      {
        command: command.command,
        args: [...command.leadingArgs, "--version"],
        env: { PYTHONNOUSERSITE: "1", YTDLP_NO_PLUGINS: "1" },
        limits: { timeoutMs: VERSION_TIMEOUT_MS },
      },
      signal,
    );
    const version = stdout.trim();
    return exitCode === 0 && /^\d{4}\.\d{2}\.\d{2}/u.test(version) ? version : undefined;
  } catch (error) {
    if (error instanceof AppError && error.code === "CHILD_FAILED") return undefined;
    throw error;
  }
}

/** Age of a version and what that means. Versions are dates: `2026.08.19`, nightly ones with a fourth number. */
export function judgeVersion(
  version: string,
  clock: Clock,
): { readonly ageDays: number; readonly isTooOld: boolean; readonly problems: readonly string[] } {
  const date = version.slice(0, OLDEST_FOR_YOUTUBE.length);
  const ageDays = Math.max(0, Math.floor((clock.nowMs() - Date.parse(date.replaceAll(".", "-"))) / DAY_MS));
  const isTooOld = date < OLDEST_FOR_YOUTUBE;
  if (isTooOld)
    return { ageDays, isTooOld, problems: [`yt-dlp ${version} is too old for YouTube. ${HOW_TO_GET}`] };
  const isOld = ageDays > OLD_AFTER_DAYS;
  return {
    ageDays,
    isTooOld,
    problems: isOld ? [`yt-dlp ${version} is ${ageDays} days old and may soon fail. ${HOW_TO_GET}`] : [],
  };
}

function candidates({ configuredPath, venvDirectory }: YtDlpPlaces): YtDlpCommand[] {
  return [
    ...(configuredPath ? [program(configuredPath)] : []),
    program(path.join(venvDirectory, "bin", "yt-dlp")),
    program("yt-dlp"),
    { command: "python3", leadingArgs: ["-m", "yt_dlp"] },
  ];
}

function program(command: string): YtDlpCommand {
  return { command, leadingArgs: [] };
}
