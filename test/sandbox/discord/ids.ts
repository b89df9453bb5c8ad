// Snowflakes: the ids of everything on Discord.
import type { Clock } from "../../../src/core/clock.ts";

const DISCORD_EPOCH_MS = 1_420_070_400_000;
const FIRST_FIXED_MS = Date.UTC(2026, 0, 1);
/** Odd, so that the guilds of one world fall on different shards. */
const FIXED_STEP_MS = 60_007;
const COUNTER_BITS = 22n;

/** Makes ids that are unique within one local Discord. A snowflake is milliseconds since 2015 << 22 | counter. */
export class Ids {
  readonly #clock: Clock;
  #fixed = 0;
  #counted = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** For guilds, channels, people: the same order of calls gives the same ids. */
  fixed(): string {
    this.#fixed += 1;
    return snowflake(FIRST_FIXED_MS + this.#fixed * FIXED_STEP_MS, 0);
  }

  /** For messages and interactions: carries the time of its making, which clients read back. */
  now(): string {
    this.#counted = (this.#counted + 1) % 2 ** 22;
    return snowflake(this.#clock.nowMs(), this.#counted);
  }
}

function snowflake(timeMs: number, count: number): string {
  return String((BigInt(Math.floor(timeMs) - DISCORD_EPOCH_MS) << COUNTER_BITS) | BigInt(count));
}
