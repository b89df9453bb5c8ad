// What the bot does for its cache by itself, and when.
import type { Clock } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";

/** One thing that is done from time to time. */
export interface Chore {
  readonly name: string;
  /** Whether it is due, given when it was last done; `undefined` = never. Pure. */
  readonly isDue: (lastMs: number | undefined, nowMs: number) => boolean;
  readonly work: (signal: AbortSignal) => Promise<void>;
}

export interface ScheduleDeps {
  readonly chores: readonly Chore[];
  /** Outlives the process, so that a restart does not begin everything anew. */
  readonly memory: {
    get(name: string): Promise<string | undefined>;
    set(name: string, value: string): Promise<void>;
  };
  readonly clock: Clock;
  readonly log: Logger;
}

const TICK_MS = 60_000;
const HOUR_MS = 60 * 60 * 1000;
/** Local time at which few people listen. */
const NIGHT_HOUR = 4;

/** True once every night, later on the same day when the bot was not running at that hour. */
export function isNightly(lastMs: number | undefined, nowMs: number): boolean {
  const night = new Date(nowMs).setHours(NIGHT_HOUR, 0, 0, 0);
  return nowMs >= night && (lastMs === undefined || lastMs < night);
}

/** True when an hour has passed; also when the clock was set back by more than that. */
export function isHourly(lastMs: number | undefined, nowMs: number): boolean {
  return lastMs === undefined || Math.abs(nowMs - lastMs) >= HOUR_MS;
}

/** True when a day has passed. */
export function isDaily(lastMs: number | undefined, nowMs: number): boolean {
  return lastMs === undefined || Math.abs(nowMs - lastMs) >= 24 * HOUR_MS;
}

/** Does chores when they are due, one after the other, until it is closed. Never keeps the process alive. */
export class Schedule {
  readonly #deps: ScheduleDeps;
  readonly #shutdown = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> | undefined;

  constructor(deps: ScheduleDeps) {
    this.#deps = deps;
    this.#timer = setInterval(() => void this.tick(), TICK_MS).unref();
  }

  /** Does what is due now, unless that is going on already. Never rejects: what fails is logged and tried next time. */
  async tick(): Promise<void> {
    this.#running ??= this.#doChores().finally(() => {
      this.#running = undefined;
    });
    await this.#running;
  }

  /** Stops what runs and waits for it. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#shutdown.abort();
    await this.#running;
  }

  async #doChores(): Promise<void> {
    for (const chore of this.#deps.chores) {
      if (this.#shutdown.signal.aborted) return;
      try {
        await this.#doIfDue(chore);
      } catch (error) {
        this.#deps.log.warn("cache.chore_failed", { chore: chore.name, error });
      }
    }
  }

  async #doIfDue({ name, isDue, work }: Chore): Promise<void> {
    const { memory, clock } = this.#deps;
    const noted = Number((await memory.get(`chore.${name}`)) ?? Number.NaN);
    const nowMs = clock.nowMs();
    if (!isDue(Number.isFinite(noted) ? noted : undefined, nowMs)) return;
    // Noted before it is done: another process need not do it too, and what always fails is not tried every minute.
    await memory.set(`chore.${name}`, String(nowMs));
    await work(this.#shutdown.signal);
  }
}
