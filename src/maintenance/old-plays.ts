// Play statistics that nobody asks for any more.
import { throwIfAborted } from "../core/abort.ts";
import type { Clock } from "../core/clock.ts";
import type { PlayLog } from "../db/play-log.ts";
import { DAY_MS } from "../policy/retention.ts";
import type { Task } from "./record.ts";

/** The category of a clean-up. */
export const STATISTICS = "statistics";

export interface OldPlaysDeps {
  readonly plays: Pick<PlayLog, "countBefore" | "forgetBefore">;
  /** How long a play is remembered. */
  readonly statisticsDays: number;
  readonly clock: Clock;
}

const BATCH = 1_000;

/** How many plays a clean-up would forget now. */
export async function countOldPlays(deps: OldPlaysDeps): Promise<number> {
  return await deps.plays.countBefore(endMs(deps));
}

/** Forgets them, some at a time, so that nobody waits long for the database. @throws {AppError} `ABORTED` */
export async function forgetOldPlays(deps: OldPlaysDeps, task: Task): Promise<void> {
  const beforeMs = endMs(deps);
  const subject = `plays before ${new Date(beforeMs).toISOString().slice(0, 10)}`;
  const tell = (count: number): void =>
    task.record.step({ action: "forgotten", subject, reason: STATISTICS, bytes: 0, count });
  if (task.dryRun) return tell(await deps.plays.countBefore(beforeMs));
  for (let forgotten = BATCH; forgotten === BATCH;) {
    throwIfAborted(task.signal);
    forgotten = await deps.plays.forgetBefore(beforeMs, BATCH);
    if (forgotten > 0) tell(forgotten);
  }
}

function endMs({ clock, statisticsDays }: OldPlaysDeps): number {
  return clock.nowMs() - statisticsDays * DAY_MS;
}
