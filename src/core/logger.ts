/** Names of the log events that people watch and tests rely on; each is one JSON line with a field `event`. */
export type EventName =
  | "cache.hit"
  | "cache.miss"
  | "cache.shared"
  | "cache.published"
  | "cache.fill_failed"
  | "cache.removed"
  | "cache.kept"
  | "cache.repaired"
  | "player.started"
  | "player.finished"
  | "player.failed"
  | "command.run"
  | "ready"
  | (string & {});

export type LogFields = Readonly<Record<string, unknown>>;

/** Where events go. Telling is all it does: no decision may depend on it. */
export interface Logger {
  debug(event: EventName, fields?: LogFields): void;
  info(event: EventName, fields?: LogFields): void;
  warn(event: EventName, fields?: LogFields): void;
  error(event: EventName, fields?: LogFields): void;
}

const nothing = (): void => undefined;

/** For places where nobody listens. */
export const silentLogger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };
