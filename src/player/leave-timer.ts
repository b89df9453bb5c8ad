import type { Clock } from "../core/clock.ts";
import type { GuildOptions } from "../core/guild-options.ts";

/** Why a channel is left although nobody said so: nobody listens, or nothing is played. */
export type LeaveReason = "alone" | "idle";

interface LeaveTimerDeps {
  readonly options: () => GuildOptions;
  readonly leave: (why: LeaveReason) => void;
  readonly clock: Pick<Clock, "monotonicMs">;
}

const MINUTE_MS = 60_000;

/** Leaves a voice channel when there has been a reason for as long as the guild wants it. */
export class LeaveTimer {
  readonly #deps: LeaveTimerDeps;
  readonly #sinceMs = new Map<LeaveReason, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: LeaveTimerDeps) {
    this.#deps = deps;
  }

  /** There is that reason now, or there is none any more. */
  note(why: LeaveReason, isSo: boolean): void {
    if (!isSo) this.#sinceMs.delete(why);
    else if (!this.#sinceMs.has(why)) this.#sinceMs.set(why, this.#deps.clock.monotonicMs());
    this.look();
  }

  /** The guild may have chosen otherwise. */
  look(): void {
    const { options, leave, clock } = this.#deps;
    clearTimeout(this.#timer);
    const { stay, leaveAloneMinutes, leaveIdleMinutes } = options();
    if (stay) return;
    const delayMs = { alone: leaveAloneMinutes * MINUTE_MS, idle: leaveIdleMinutes * MINUTE_MS };
    const dues = [...this.#sinceMs].map(([why, sinceMs]) => ({ why, atMs: sinceMs + delayMs[why] }));
    const first = dues.toSorted((a, b) => a.atMs - b.atMs)[0];
    if (!first) return;
    this.#timer = setTimeout(() => leave(first.why), Math.max(0, first.atMs - clock.monotonicMs()));
    this.#timer.unref();
  }

  /** The channel was left. */
  reset(): void {
    this.#sinceMs.clear();
    clearTimeout(this.#timer);
  }
}
