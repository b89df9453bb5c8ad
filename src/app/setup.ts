/** Makes a machine ready for the bot, step by step; each step says one line. */
import type { Config } from "../config/config.ts";
import { systemClock } from "../core/clock.ts";
import type { Clock } from "../core/clock.ts";
import { toAppError } from "../core/errors.ts";
import { formatBytes } from "../core/format.ts";
import { BALLAST_BYTES } from "../maintenance/ballast.ts";
import { createProcessRunner } from "../process/child-runner.ts";
import type { ProcessRunner } from "../process/runner.ts";
import { findYtDlp, judgeVersion } from "../sources/yt-dlp-find.ts";
import type { YtDlpFound, YtDlpPlaces } from "../sources/yt-dlp-find.ts";
import { setUpDatabase } from "./database-findings.ts";
import type { Finding } from "./finding.ts";
import { layBallastIn, prepareFolders } from "./folders.ts";
import { checkFfmpeg, tokenFinding, ytDlpFinding } from "./tool-findings.ts";
import { installYtDlp, isInstallDue, pipEnvironment, venvDirectory } from "./yt-dlp-install.ts";
import type { YtDlpInstallOptions } from "./yt-dlp-install.ts";

/** What {@link runSetup} needs. */
export interface SetupOptions {
  readonly config: Config;
  /** pip gets its settings, proxies and certificates from it, and nothing else. */
  readonly environment: NodeJS.ProcessEnv;
  readonly packages: SystemPackages;
  /** Told before something that takes long. */
  readonly onSlowStep: (text: string) => void;
}

/** The system's package manager. */
export interface SystemPackages {
  /** True when packages can be installed here without asking anybody. */
  canInstall(): Promise<boolean>;
  /** False when it failed. */
  install(name: string): Promise<boolean>;
}

/** Runs every step, whatever the others found. Nothing is done twice: a second run changes nothing. */
export async function* runSetup(
  options: SetupOptions,
  signal: AbortSignal,
): AsyncGenerator<Finding, void, undefined> {
  yield await setUpFolders(options.config);
  yield await setUpBallast(options.config);
  yield await setUpDatabase(options.config, signal);
  const runner = createProcessRunner({ path: options.config.system.searchPath });
  yield await setUpFfmpeg(options, runner, signal);
  yield await setUpYtDlp(options, runner, signal);
  const token = tokenFinding(options.config);
  // Set-up is complete without it: the demo and the tests need none.
  yield token.status === "problem" ? { ...token, status: "warning" } : token;
}

async function setUpFolders(config: Config): Promise<Finding> {
  const name = "folders";
  try {
    const made = await prepareFolders(config);
    const text = made.length === 0 ? "all there" : `made ${made.length}`;
    return { name, status: "ok", text: `${text}, cache in ${config.cache.directory}` };
  } catch (error) {
    const { context } = toAppError(error);
    const text = `${String(context["path"])} cannot be written (${String(context["reason"])}). Change its owner or CACHE_DIR.`;
    return { name, status: "problem", text };
  }
}

async function setUpBallast(config: Config): Promise<Finding> {
  const name = "ballast";
  const size = formatBytes(BALLAST_BYTES);
  const laid = await layBallastIn(config).catch(() => "no room");
  if (laid !== "no room")
    return {
      name,
      status: "ok",
      text: `${size} ${laid}, given up when the disk is full so that it can be cleaned`,
    };
  const text = `no room for ${size} above CACHE_FREE_DISK_FLOOR, so a full disk will be harder to clean. Make room on it.`;
  return { name, status: "warning", text };
}

async function setUpFfmpeg(
  options: SetupOptions,
  runner: ProcessRunner,
  signal: AbortSignal,
): Promise<Finding> {
  const { config, packages } = options;
  const found = await checkFfmpeg(runner, config, signal);
  if (found.facts?.["path"] !== null || !(await packages.canInstall())) return found;
  options.onSlowStep("installing the package ffmpeg");
  await packages.install("ffmpeg");
  return await checkFfmpeg(runner, config, signal);
}

async function setUpYtDlp(
  options: SetupOptions,
  runner: ProcessRunner,
  signal: AbortSignal,
): Promise<Finding> {
  const { toolsDirectory, ytdlpPath: configuredPath } = options.config.sources;
  const clock = systemClock;
  const places: YtDlpPlaces = { configuredPath, venvDirectory: venvDirectory(toolsDirectory) };
  const found = await findYtDlp(runner, places, signal);
  const install = { runner, clock, toolsDirectory, environment: pipEnvironment(options.environment) };
  // A path that is set is the operator's to keep up to date.
  const isOurs = configuredPath === undefined && process.platform !== "win32";
  if (!isOurs || !needsUpdate(found, clock)) return ytDlpFinding(found, clock);
  if (!(await isInstallDue(install))) return asNewAsThereIs(found, clock);
  const failure = await tryInstall(options, install, signal);
  const now = await findYtDlp(runner, places, signal);
  if (failure === undefined) return asNewAsThereIs(now, clock);
  const finding = ytDlpFinding(now, clock);
  return { ...finding, text: `${finding.text} (Tried just now: ${failure}.)` };
}

/** An old version is no reason to warn while pip has none that is newer. */
function asNewAsThereIs(found: YtDlpFound, clock: Clock): Finding {
  const finding = ytDlpFinding(found, clock);
  if (found.version === null || judgeVersion(found.version, clock).isTooOld) return finding;
  const { ageDays } = judgeVersion(found.version, clock);
  const text = `${found.version}, ${found.command?.command ?? ""} (${ageDays} days old; pip had no newer one)`;
  return { ...finding, status: "ok", text };
}

function needsUpdate({ version }: YtDlpFound, clock: Clock): boolean {
  return version === null || judgeVersion(version, clock).problems.length > 0;
}

/** Why it did not work; `undefined` = it did. */
async function tryInstall(
  { packages, onSlowStep }: SetupOptions,
  install: YtDlpInstallOptions,
  signal: AbortSignal,
): Promise<string | undefined> {
  onSlowStep("installing yt-dlp with pip into data/tools");
  let result = await installYtDlp(install, signal);
  if (result.status === "failed" && result.lacks !== undefined && (await packages.canInstall())) {
    onSlowStep(`installing the package ${result.lacks}`);
    if (await packages.install(result.lacks)) result = await installYtDlp(install, signal);
  }
  return result.status === "failed" ? result.reason : undefined;
}
