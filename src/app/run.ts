// The life of the process: configuration in, bot up, wait for a signal, exit code out.
import * as path from "node:path";
import { type Config, loadConfig, secretValues } from "../config/config.ts";
import { configFiles, readEnvironment } from "../config/environment.ts";
import { systemClock } from "../core/clock.ts";
import { type AppError, toAppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { createLogger } from "../telemetry/logger.ts";
import { startBot } from "./bot.ts";

const ROOT = path.join(import.meta.dirname, "../..");
/** Docker and systemd wait for ten seconds or more before they kill. */
const SHUTDOWN_MS = 8_000;

export const EXIT = { done: 0, failed: 1, badConfiguration: 5 } as const;

/** Runs the bot until a signal ends it. Resolves with the exit code. */
export async function run(): Promise<number> {
  let config: Config;
  let log: Logger;
  try {
    const loaded = loadConfig(readEnvironment(ROOT), configFiles(ROOT));
    config = loaded.config;
    log = logger(config);
    for (const warning of loaded.warnings) log.warn("config.warning", { warning });
  } catch (error) {
    return explain(toAppError(error));
  }
  const ended = Promise.withResolvers<AppError | NodeJS.Signals>();
  // `on`, not `once`: a terminal sends Ctrl-C to us and to our launcher, which hands it on, so it comes twice.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => ended.resolve(signal));
  process.on("uncaughtException", (error) => {
    log.error("crashed", { error });
    ended.resolve(toAppError(error));
  });
  try {
    const bot = await startBot({ config, log, onFatal: (error) => ended.resolve(error) });
    const reason = await ended.promise;
    log.info("stopping", { reason: typeof reason === "string" ? reason : reason.code });
    hurry(log);
    await bot.close();
    return typeof reason === "string" ? EXIT.done : explain(reason);
  } catch (error) {
    const failure = toAppError(error);
    if (failure.code !== "CONFIG_INVALID") log.error("start_failed", { error: failure });
    return explain(failure);
  }
}

function logger(config: Config): Logger {
  const isTerminal = process.stdout.isTTY;
  const format = config.logging.format === "auto" ? (isTerminal ? "pretty" : "json") : config.logging.format;
  return createLogger({
    format,
    level: config.logging.level,
    secrets: secretValues(config),
    write: (line) => process.stdout.write(line),
    clock: systemClock,
    colours: isTerminal,
  });
}

function explain(error: AppError): number {
  process.stderr.write(`${error.message}\n`);
  return error.code === "CONFIG_INVALID" ? EXIT.badConfiguration : EXIT.failed;
}

/** Leaving must not take longer than a supervisor's patience. */
function hurry(log: Logger): void {
  const timer = setTimeout(() => {
    log.error("stopping_too_slow", { afterMs: SHUTDOWN_MS });
    process.exit(EXIT.failed);
  }, SHUTDOWN_MS);
  timer.unref();
}
