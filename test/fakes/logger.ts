/** A log that a test can read. */
import type { LogFields, Logger } from "../../src/core/logger.ts";

export interface LoggedEvent {
  readonly level: keyof Logger;
  readonly event: string;
  readonly fields: LogFields;
}

export class RecordingLogger implements Logger {
  readonly events: LoggedEvent[] = [];

  debug(event: string, fields: LogFields = {}): void {
    this.events.push({ level: "debug", event, fields });
  }

  info(event: string, fields: LogFields = {}): void {
    this.events.push({ level: "info", event, fields });
  }

  warn(event: string, fields: LogFields = {}): void {
    this.events.push({ level: "warn", event, fields });
  }

  error(event: string, fields: LogFields = {}): void {
    this.events.push({ level: "error", event, fields });
  }

  /** Fields of every event of a name. */
  named(event: string): readonly LogFields[] {
    return this.events.filter((logged) => logged.event === event).map(({ fields }) => fields);
  }
}
