/** Looks at everything the bot depends on and changes nothing. */
import type { Config } from "../config/config.ts";
import { systemClock } from "../core/clock.ts";
import { formatBytes } from "../core/format.ts";
import { createProcessRunner } from "../process/child-runner.ts";
import type { ChildRunner } from "../process/child-runner.ts";
import { findYtDlp } from "../sources/yt-dlp-find.ts";
import { checkBackups, checkDatabase } from "./database-findings.ts";
import { probeFileSystem } from "./file-system.ts";
import type { FileSystemFacts } from "./file-system.ts";
import type { Finding } from "./finding.ts";
import { cacheFolders } from "./folders.ts";
import { checkFfmpeg, tokenFinding, ytDlpFinding } from "./tool-findings.ts";
import { venvDirectory } from "./yt-dlp-install.ts";

/** What {@link examine} needs. */
export interface DoctorOptions {
  readonly config: Config;
  /** Sentences that reading the configuration gave. */
  readonly configWarnings: readonly string[];
}

type Check = (tools: DoctorTools, signal: AbortSignal) => Promise<Finding>;

interface DoctorTools extends DoctorOptions {
  readonly runner: ChildRunner;
}

const CHECKS: readonly Check[] = [
  checkNode,
  checkConfig,
  ({ runner, config }, signal) => checkFfmpeg(runner, config, signal),
  checkYtDlp,
  checkCacheFolder,
  ({ config }) => checkDatabase(config),
  ({ config }) => checkBackups(config, systemClock),
  async ({ config }) => tokenFinding(config),
  checkDave,
  checkLimits,
];

/** One finding after the other. */
export async function* examine(
  options: DoctorOptions,
  signal: AbortSignal,
): AsyncGenerator<Finding, void, undefined> {
  const runner = createProcessRunner({ path: options.config.system.searchPath });
  for (const check of CHECKS) yield await check({ ...options, runner }, signal);
}

async function checkNode(): Promise<Finding> {
  return {
    name: "Node",
    status: "ok",
    text: process.versions.node,
    facts: { version: process.versions.node },
  };
}

async function checkConfig({ configWarnings }: DoctorTools): Promise<Finding> {
  return configWarnings.length === 0
    ? { name: "settings", status: "ok", text: "valid" }
    : { name: "settings", status: "warning", text: configWarnings.join(" ") };
}

async function checkYtDlp({ config, runner }: DoctorTools, signal: AbortSignal): Promise<Finding> {
  const { ytdlpPath: configuredPath, toolsDirectory } = config.sources;
  const places = { configuredPath, venvDirectory: venvDirectory(toolsDirectory) };
  return ytDlpFinding(await findYtDlp(runner, places, signal), systemClock);
}

async function checkCacheFolder({ config }: DoctorTools): Promise<Finding> {
  const folder = cacheFolders(config).work;
  const name = "cache folder";
  try {
    return { name, ...judgeCacheFolder(await probeFileSystem(folder), config) };
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown";
    return { name, status: "problem", text: `${folder} cannot be used (${reason}). Run: npm run setup` };
  }
}

/** What a file system means for a cache on it. */
export function judgeCacheFolder(facts: FileSystemFacts, config: Config): Omit<Finding, "name"> {
  const { directory, freeDiskFloorBytes } = config.cache;
  const free = `${formatBytes(facts.freeBytes)} free`;
  const judged = (status: Finding["status"], text: string): Omit<Finding, "name"> => ({
    status,
    text,
    facts: { ...facts, directory },
  });
  if (!facts.writable)
    return judged("problem", `${directory} cannot be written. Change its owner or CACHE_DIR.`);
  if (!facts.caseSensitive) {
    return judged(
      "problem",
      `${directory} mixes up upper and lower case, so two songs could share one file. Set CACHE_DIR to another disk.`,
    );
  }
  if (facts.freeBytes < freeDiskFloorBytes) {
    return judged(
      "warning",
      `${free}, less than CACHE_FREE_DISK_FLOOR (${formatBytes(freeDiskFloorBytes)}): nothing new is stored. Free some space.`,
    );
  }
  if (facts.network !== undefined) {
    return judged(
      "warning",
      `${directory} is on a network file system (${facts.network}): slower, and stored less safely. A local disk is better.`,
    );
  }
  return judged("ok", `${directory}, writable, ${free}`);
}

async function checkDave(): Promise<Finding> {
  const name = "DAVE";
  try {
    const { DAVE_PROTOCOL_VERSION: version } = await import("@snazzah/davey");
    return { name, status: "ok", text: `library loads, protocol version ${version}`, facts: { version } };
  } catch {
    const text =
      "the library for end-to-end encrypted voice does not load, so no voice channel can be joined. Run: npm run setup";
    return { name, status: "problem", text };
  }
}

async function checkLimits({ runner }: DoctorTools): Promise<Finding> {
  const facts = { ...(await runner.limitsInForce()) };
  const missing = Object.entries(facts).filter(([, file]) => file === undefined);
  return missing.length === 0
    ? {
        name: "limits",
        status: "ok",
        text: `helper programs run under ${Object.keys(facts).join(", ")}`,
        facts,
      }
    : {
        name: "limits",
        status: "warning",
        text: `helper programs run without ${missing.map(([program]) => program).join(", ")}, which this system does not have`,
        facts,
      };
}
