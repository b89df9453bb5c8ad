// The life of the process: configuration in, bot up, wait for a signal, exit code out.
import * as path from "node:path";
import { type Config, loadConfig, secretValues } from "../config/config.ts";
import { configFiles, readEnvironment } from "../config/environment.ts";
import { systemClock } from "../core/clock.ts";
import { AppError, toAppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { isLateKeepAlive } from "../discord/rtp-session.ts";
import { createLogger } from "../telemetry/logger.ts";
import { type BotDeps, startBot } from "./bot.ts";

const ROOT = path.join(import.meta.dirname, "../..");
/** Docker and systemd wait for ten seconds or more before they kill. */
const SHUTDOWN_MS = 8_000;

/** Why the bot ends: a signal, or what went wrong. */
type Reason = NodeJS.Signals | AppError;

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
  return supervise({ config, log });
}

/** Starts the bot, waits for a reason to end it, and ends it, also when it is still starting. */
async function supervise(deps: Pick<BotDeps, "config" | "log">): Promise<number> {
  const { log } = deps;
  const ended = Promise.withResolvers<Reason>();
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => ended.resolve(signal));
  // Nobody may read the log any more; the music goes on.
  process.stdout.on("error", () => undefined);
  process.on("uncaughtException", (error) => {
    if (isLateKeepAlive(error)) return log.debug("voice.late_keep_alive", {});
    log.error("crashed", { error });
    ended.resolve(new AppError("INTERNAL", {}, { cause: error }));
  });
  void ended.promise.then((reason) => {
    log.info("stopping", { reason: typeof reason === "string" ? reason : reason.code });
    hurry(log);
    return stopping.abort();
  });
  try {
    const bot = await startBot({ ...deps, onFatal: ended.resolve }, stopping.signal);
    const reason = await ended.promise;
    await bot.close();
    return codeOf(reason);
  } catch (error) {
    if (stopping.signal.aborted) return codeOf(await ended.promise);
    const failure = toAppError(error);
    if (failure.code !== "CONFIG_INVALID") log.error("start_failed", { error: failure });
    return explain(failure);
  }
}

function codeOf(reason: Reason): number {
  return typeof reason === "string" ? EXIT.done : explain(reason);
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
