// Which programs and libraries fetch recordings, as the operator ordered them.
import { readFile } from "node:fs/promises";
import * as path from "node:path";
import type { Config } from "../config/config.ts";
import { setEnvironment } from "../config/environment.ts";
import type { Clock } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import type { ProcessRunner } from "../process/runner.ts";
import { createAddressGuard } from "../sources/address-guard.ts";
import { createDirectSource } from "../sources/direct.ts";
import { createExtractorFetch } from "../sources/extractor-fetch.ts";
import { createGuardedFetch } from "../sources/guarded-fetch.ts";
import type { GuardedFetch } from "../sources/guarded-fetch.ts";
import { lookUpHost } from "../sources/look-up-host.ts";
import type { Source } from "../sources/source.ts";
import { chainSources } from "../sources/source-chain.ts";
import { createYoutubei } from "../sources/youtubei.ts";
import { createYtDlp } from "../sources/yt-dlp.ts";
import { findYtDlp } from "../sources/yt-dlp-find.ts";
import { createYtdlCore } from "../sources/ytdl-core.ts";

export interface ExtractorDeps {
  readonly config: Config;
  readonly runner: ProcessRunner;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What the libraries in this process fetch with. */
interface Line {
  /** For addresses that are not ours to trust: pieces of live streams. */
  readonly fetch: GuardedFetch;
  readonly proxy: string | undefined;
  /** PEM; `undefined` = those of the system. */
  readonly certificates: string | undefined;
}

const ANSWER_MS = 15_000;

/** The extractors of EXTRACTORS in their order as one source, and the source of direct links. */
export async function createSources(deps: ExtractorDeps, signal: AbortSignal): Promise<readonly Source[]> {
  const { config, clock, log } = deps;
  const proxy = config.sources.proxyUrl?.reveal();
  const fetch = createGuardedFetch({
    guard: createAddressGuard(config.sources.directHosts, lookUpHost),
    proxyUrl: proxy,
    connectTimeoutMs: ANSWER_MS,
    firstByteTimeoutMs: ANSWER_MS,
  });
  const line: Line = { fetch, proxy, certificates: await readCertificates(config, log) };
  const extractors = config.sources.extractors.map((name) => createExtractor(name, deps, line, signal));
  return [
    chainSources(await Promise.all(extractors), log),
    createDirectSource({ openHosts: config.sources.directHosts, proxyUrl: proxy, clock }),
  ];
}

async function createExtractor(
  name: Config["sources"]["extractors"][number],
  deps: ExtractorDeps,
  line: Line,
  signal: AbortSignal,
): Promise<Source> {
  const { clock } = deps;
  switch (name) {
    case "yt-dlp":
      return createConfiguredYtDlp(deps, line, signal);
    case "youtubei":
      return createYoutubei({ fetch: createExtractorFetch(line), guardedFetch: line.fetch, clock });
    case "ytdl-core":
      return createYtdlCore({ ...line, fetch: createExtractorFetch(line), clock, setEnvironment });
  }
}

async function createConfiguredYtDlp(
  { config, runner, clock, log }: ExtractorDeps,
  { fetch, proxy }: Line,
  signal: AbortSignal,
): Promise<Source> {
  const tools = path.join(path.dirname(config.database.path), "tools");
  const places = { configuredPath: config.sources.ytdlpPath, venvDirectory: path.join(tools, "venv") };
  const found = await findYtDlp(runner, places, signal);
  if (found.version !== null) log.info("yt-dlp.found", { version: found.version });
  for (const problem of found.problems) log.warn("yt-dlp.problem", { problem });
  return createYtDlp({
    runner,
    command: found.command,
    homeDirectory: path.join(tools, "home"),
    nodePath: process.execPath,
    clock,
    sites: config.sources.sites,
    fetch,
    proxy,
    certFile: config.system.sslCertFile,
  });
}

/** Node itself honours NODE_EXTRA_CA_CERTS, but not SSL_CERT_FILE. */
async function readCertificates(config: Config, log: Logger): Promise<string | undefined> {
  const file = config.system.sslCertFile;
  if (file === undefined) return undefined;
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    log.warn("certificates.unreadable", { file, error });
    return undefined;
  }
}
