/** Writes events: JSON lines for machines, one readable line each for people. */
import { pino } from "pino";
import { prettyFactory } from "pino-pretty";
import type { Clock } from "../core/clock.ts";
import type { EventName, LogFields, Logger } from "../core/logger.ts";
import { createCleanText } from "./clean-text.ts";
import { serializeFields } from "./serialize.ts";
import type { Plain } from "./serialize.ts";

/** What {@link createLogger} needs. */
export interface LoggerOptions {
  readonly format: "pretty" | "json";
  readonly level: "debug" | "info" | "warn" | "error";
  /** Values that must never be written. */
  readonly secrets: readonly string[];
  /** Takes one finished line with its line end. The bot gives it standard output, where containers look for it. */
  readonly write: (line: string) => void;
  readonly clock: Clock;
  /** Colours in the pretty format. Nothing is said by colour alone. */
  readonly colours?: boolean;
}

const LONGEST_EVENT_NAME = 64;

/** Names that every line has already. */
const OWN_NAMES: ReadonlySet<string> = new Set(["time", "level", "event"]);

/**
 * A logger whose lines hold `time` (ISO 8601), `level`, `event` and the event's fields. Texts are untrusted: control
 * characters are escaped, long ones cut (512 characters, `detail` 2,000), secrets masked, errors reduced to code,
 * message, context and causes.
 */
export function createLogger(options: LoggerOptions): Logger {
  const clean = createCleanText(options.secrets);
  const sink = pino(
    {
      level: options.level,
      base: null,
      timestamp: () => `,"time":"${new Date(options.clock.nowMs()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: options.format === "json" ? options.write : prettyWriter(options) },
  );
  const line = (event: EventName, fields: LogFields = {}): Record<string, Plain> => ({
    event: clean(event, LONGEST_EVENT_NAME),
    ...Object.fromEntries(
      Object.entries(serializeFields(fields, clean)).map(([name, value]) => [
        OWN_NAMES.has(name) ? `${name}_` : name,
        value,
      ]),
    ),
  });
  return {
    debug: (event, fields) => sink.debug(line(event, fields)),
    info: (event, fields) => sink.info(line(event, fields)),
    warn: (event, fields) => sink.warn(line(event, fields)),
    error: (event, fields) => sink.error(line(event, fields)),
  };
}

function prettyWriter(options: LoggerOptions): (line: string) => void {
  const pretty = prettyFactory({
    colorize: options.colours ?? false,
    messageKey: "event",
    singleLine: true,
    translateTime: "SYS:HH:MM:ss",
  });
  return (line) => options.write(pretty(line));
}
