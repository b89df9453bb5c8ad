/** How fast people and guilds may go: token buckets, apart for what costs little and for what costs a download. */

/** A bucket holds `burst` tokens at most and gets one back every `refillMs`. */
export interface Pace {
  readonly burst: number;
  readonly refillMs: number;
}

/** `command`: anything that is asked of the bot. `miss`: something that has to be fetched. */
export type Effort = "command" | "miss";

/** Fast enough that nobody who listens to music meets it, slow enough that nobody can keep the bot busy alone. */
export const PACES = {
  command: { person: { burst: 30, refillMs: 1_000 }, guild: { burst: 120, refillMs: 250 } },
  miss: { person: { burst: 8, refillMs: 6_000 }, guild: { burst: 30, refillMs: 1_500 } },
} as const satisfies Record<Effort, Record<"person" | "guild", Pace>>;

/** Whether it may go on, and when not, for how long and whether this was said before. */
export type Verdict =
  | { readonly status: "free" }
  | { readonly status: "wait"; readonly waitMs: number; readonly isToldAlready: boolean };

interface Bucket {
  readonly pace: Pace;
  /** When it will be full again: one number tells how many tokens it holds at any time. */
  fullAtMs: number;
  /** Its person was told to wait, and has not been let through since. */
  isTold: boolean;
}

/** So many buckets are remembered; full ones are forgotten first. */
const MOST_BUCKETS = 10_000;

/** The buckets of everybody. */
export class Cooldowns {
  readonly #nowMs: () => number;
  readonly #buckets = new Map<string, Bucket>();

  /** @param nowMs monotonic */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Takes a token from the person's bucket and one from the guild's, or none at all. */
  take(effort: Effort, { guildId, personId }: { guildId: string; personId: string }): Verdict {
    const nowMs = this.#nowMs();
    const person = this.#bucket(`${effort} ${guildId} ${personId}`, PACES[effort].person, nowMs);
    const guild = this.#bucket(`${effort} ${guildId}`, PACES[effort].guild, nowMs);
    const waitMs = Math.max(waitOf(person, nowMs), waitOf(guild, nowMs));
    if (waitMs > 0) {
      const isToldAlready = person.isTold;
      person.isTold = true;
      return { status: "wait", waitMs, isToldAlready };
    }
    for (const bucket of [person, guild]) bucket.fullAtMs += bucket.pace.refillMs;
    person.isTold = false;
    return { status: "free" };
  }

  #bucket(name: string, pace: Pace, nowMs: number): Bucket {
    const bucket = this.#buckets.get(name) ?? { pace, fullAtMs: nowMs, isTold: false };
    bucket.fullAtMs = Math.max(bucket.fullAtMs, nowMs);
    if (this.#buckets.size >= MOST_BUCKETS && !this.#buckets.has(name)) this.#forget(nowMs);
    this.#buckets.set(name, bucket);
    return bucket;
  }

  /** A full bucket is as good as none; when hardly any is full, all begin anew. */
  #forget(nowMs: number): void {
    for (const [name, { fullAtMs }] of this.#buckets) if (fullAtMs <= nowMs) this.#buckets.delete(name);
    if (this.#buckets.size >= MOST_BUCKETS) this.#buckets.clear();
  }
}

/** Until there is a whole token; 0 = there is one. */
function waitOf({ pace, fullAtMs }: Bucket, nowMs: number): number {
  return Math.max(0, Math.ceil(fullAtMs + pace.refillMs - nowMs - pace.burst * pace.refillMs));
}
