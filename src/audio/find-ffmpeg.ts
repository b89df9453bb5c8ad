// Where ffmpeg is on this system, and whether it can do what we ask of it.
import { createRequire } from "node:module";
import { AppError } from "../core/errors.ts";
import type { ProcessRunner } from "../process/runner.ts";

export interface FindFfmpegOptions {
  readonly runner: ProcessRunner;
  /** The operator's own choice; tried first. */
  readonly configuredPath?: string | undefined;
  /** A file or folder from which npm packages are looked up. Default: this file. */
  readonly packagesFrom?: string;
}

export interface FfmpegHealth {
  readonly path: string;
  /** `null` = it does not run. */
  readonly version: string | null;
  readonly hasLibopus: boolean;
  /** Each one sentence with what to do; empty = all is well. */
  readonly problems: readonly string[];
}

const TIMEOUT_MS = 10_000;
const OLDEST = { major: 5, minor: 1 };
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  "-filters": ["aformat", "alimiter", "asetpts", "ebur128", "volume"],
  "-demuxers": ["aac", "flac", "matroska", "mov", "mp3", "ogg", "wav"],
  "-muxers": ["null", "ogg"],
};

/**
 * The first ffmpeg that runs: the configured one, one on PATH, the one that the npm packages `ffmpeg-static` or
 * `@ffmpeg-installer/ffmpeg` brought (their file may be missing, they fetch it in an install script).
 */
export async function findFfmpeg(
  { runner, configuredPath, packagesFrom = import.meta.url }: FindFfmpegOptions,
  signal: AbortSignal,
): Promise<string | undefined> {
  const require = createRequire(packagesFrom);
  const candidates = [
    configuredPath,
    "ffmpeg",
    pathIn(() => require("ffmpeg-static")),
    pathIn(() => require("@ffmpeg-installer/ffmpeg")),
  ];
  for (const path of candidates) {
    if (path && (await versionOf(runner, path, signal)) !== undefined) return path;
  }
  return undefined;
}

/** One package exports the path, the other an object with it. */
function pathIn(load: () => unknown): string | undefined {
  try {
    const loaded = load();
    const path = loaded && typeof loaded === "object" && "path" in loaded ? loaded.path : loaded;
    return typeof path === "string" ? path : undefined;
  } catch {
    return undefined;
  }
}

/** For `doctor`: asks the program itself. */
export async function ffmpegHealth(
  runner: ProcessRunner,
  path: string,
  signal: AbortSignal,
): Promise<FfmpegHealth> {
  const version = (await versionOf(runner, path, signal)) ?? null;
  if (version === null)
    return {
      path,
      version,
      hasLibopus: false,
      problems: [`${path} does not run. Install ffmpeg: npm run setup`],
    };
  const hasLibopus = (await namesIn(runner, path, "-encoders", signal)).has("libopus");
  const missing: string[] = [];
  for (const [list, needed] of Object.entries(NEEDED)) {
    const names = await namesIn(runner, path, list, signal);
    missing.push(...needed.filter((name) => !names.has(name)));
  }
  return { path, version, hasLibopus, problems: problems(version, hasLibopus, missing) };
}

function problems(version: string, hasLibopus: boolean, missing: readonly string[]): string[] {
  const found: string[] = [];
  const wanted = `${OLDEST.major}.${OLDEST.minor}`;
  if (isTooOld(version))
    found.push(`ffmpeg ${version} is too old. Install ${wanted} or newer: npm run setup`);
  if (!hasLibopus)
    found.push("This ffmpeg has no libopus encoder. Install a full build, or set FFMPEG_PATH to one.");
  if (missing.length > 0)
    found.push(`This ffmpeg lacks ${missing.join(", ")}. Install a full build, or set FFMPEG_PATH to one.`);
  return found;
}

/** A build from the repository has no number; it is taken as new. */
function isTooOld(version: string): boolean {
  const [, major, minor] = /^n?(\d+)\.(\d+)/u.exec(version)?.map(Number) ?? [];
  if (major === undefined || minor === undefined) return false;
  return major < OLDEST.major || (major === OLDEST.major && minor < OLDEST.minor);
}

async function versionOf(
  runner: ProcessRunner,
  path: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const text = await ask(runner, path, "-version", signal);
  return /^ffmpeg version (\S+)/u.exec(text)?.[1];
}

/** Names in the second column of one of ffmpeg's lists; some stand for several, joined by commas. */
async function namesIn(
  runner: ProcessRunner,
  path: string,
  list: string,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const text = await ask(runner, path, list, signal);
  const names = text.split("\n").flatMap((line) => /^ +\S+ +(\S+)/u.exec(line)?.[1]?.split(",") ?? []);
  return new Set(names);
}

/** What it prints; empty when it cannot be started or fails. */
async function ask(
  runner: ProcessRunner,
  path: string,
  question: string,
  signal: AbortSignal,
): Promise<string> {
  const spec = { command: path, args: ["-hide_banner", question], limits: { timeoutMs: TIMEOUT_MS } };
  try {
    const { exitCode, stdout } = await runner.run(spec, signal);
    return exitCode === 0 ? stdout : "";
  } catch (error) {
    if (error instanceof AppError && error.code === "CHILD_FAILED") return "";
    throw error;
  }
}
