import * as path from "node:path";
import type { Config } from "../config/config.ts";
import type { Clock } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import type { ProcessRunner } from "../process/runner.ts";
import { createDirectSource } from "../sources/direct.ts";
import type { Source } from "../sources/source.ts";
import { createYtDlp } from "../sources/yt-dlp.ts";
import { findYtDlp } from "../sources/yt-dlp-find.ts";

export interface ExtractorDeps {
  readonly config: Config;
  readonly runner: ProcessRunner;
  readonly clock: Clock;
  readonly log: Logger;
  /** Folder `data/`. */
  readonly dataDirectory: string;
}

/** The extractors of EXTRACTORS in their order as one source, and the source of direct links. */
export async function createSources(deps: ExtractorDeps, signal: AbortSignal): Promise<readonly Source[]> {
  const { config, clock, runner, dataDirectory } = deps;
  const proxyUrl = config.sources.proxyUrl?.reveal();
  const places = {
    configuredPath: config.sources.ytdlpPath,
    venvDirectory: path.join(dataDirectory, "tools", "venv"),
  };
  const found = await findYtDlp(runner, places, signal);
  return [
    createYtDlp({
      runner,
      command: found.command,
      homeDirectory: path.join(dataDirectory, "tools", "home"),
      nodePath: process.execPath,
      clock,
      proxy: proxyUrl,
      certFile: config.system.sslCertFile,
    }),
    createDirectSource({ openHosts: config.sources.directHosts, proxyUrl, clock }),
  ];
}
