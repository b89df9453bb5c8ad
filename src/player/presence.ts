import type { Clock } from "../core/clock.ts";
import type { GuildOptions } from "../core/guild-options.ts";
import type { Logger } from "../core/logger.ts";
import { type LeaveReason, LeaveTimer } from "./leave-timer.ts";
import type { PauseReason, PlayLoop } from "./play-loop.ts";
import type { QueueItem } from "./queue.ts";
import { SleepTimer } from "./sleep-timer.ts";
import type { Standby } from "./standby.ts";
import type { VoiceSeat } from "./voice-seat.ts";

interface PresenceDeps {
  readonly guildId: string;
  readonly loop: PlayLoop;
  readonly seat: VoiceSeat;
  readonly standby: Standby;
  readonly options: () => GuildOptions;
  readonly onLeft: () => void;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Whether the bot plays and stays where it is: by who listens there, and by what the guild wants. */
export class Presence {
  readonly #deps: PresenceDeps;
  readonly #leaveTimer: LeaveTimer;
  readonly sleepTimer: SleepTimer;
  /** Id of the song that was held before a restart, and is held again when it begins. */
  heldId: string | undefined;
  /** `undefined` = nobody has told. */
  #audience: ReadonlySet<string> | undefined;

  constructor(deps: PresenceDeps) {
    this.#deps = deps;
    const leave = (why: LeaveReason): void => this.#rest(why);
    this.#leaveTimer = new LeaveTimer({ ...deps, leave });
    this.sleepTimer = new SleepTimer({ ...deps, fallAsleep: () => this.#rest("asleep") });
  }

  /** Who listens in the bot's channel, `undefined` = as before; and the guild may have chosen otherwise. */
  look(audience = this.#audience): void {
    const { loop } = this.#deps;
    this.#audience = audience;
    this.#leaveTimer.note("alone", audience?.size === 0);
    const because = this.pauseReason;
    if (because) loop.pause(because);
    else if (loop.state.status === "paused" && loop.state.because === "alone") loop.resume();
  }

  /** Why nothing is to be played now; `undefined` = it may be. */
  get pauseReason(): PauseReason | undefined {
    return this.#audience?.size === 0 && this.#deps.options().pauseAlone ? "alone" : undefined;
  }

  /** Why this song is to be held from its beginning; `undefined` = it is not. */
  pauseAtStart({ id }: QueueItem): PauseReason | undefined {
    if (id !== this.heldId) return this.pauseReason;
    this.heldId = undefined;
    return "asked";
  }

  /** Songs are played, or none is left. */
  noteIdle(isIdle: boolean): void {
    this.#leaveTimer.note("idle", isIdle && this.#deps.seat.link !== undefined);
  }

  /** Leaves the channel. */
  leave(): void {
    const { standby, seat, onLeft } = this.#deps;
    this.#leaveTimer.reset();
    this.#audience = undefined;
    standby.keep([]);
    seat.leave();
    onLeft();
  }

  /** Plays no more. The queue is kept, and the song goes on from here when somebody wants it to. */
  #rest(why: LeaveReason | "asleep"): void {
    const { guildId, loop, options, log } = this.#deps;
    log.info("player.rested", { guildId, why });
    loop.suspend();
    if (why !== "asleep" || !options().stay) this.leave();
  }
}
