import type { Clock } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import type { CacheEntry } from "../core/audio-profile.ts";
import type { PlayTally } from "../db/play-tally.ts";
import { evictionKey } from "../policy/eviction.ts";
import { fieldsOf } from "./names.ts";
import type { Arrived, AudioRequest, Outcome } from "./cached-audio.ts";

export interface PlayCounterDeps {
  readonly tally: PlayTally;
  /** Clock of the eviction policy, for the rank a play gives a file. */
  readonly evictionClock: () => number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** One song that was asked for and is about to be heard. */
export interface Play {
  readonly entry: CacheEntry;
  readonly outcome: Outcome;
  readonly request: Pick<AudioRequest, "profile" | "guildId" | "personId" | "isAutoplay">;
  readonly waitedMs: number;
  /** Given for a song that is still arriving: resolves when there is a row to count it in. */
  readonly arrived?: Promise<Arrived | undefined>;
}

/** Counts plays; nobody waits for it. */
export function countPlay(deps: PlayCounterDeps, play: Play): void {
  const { entry, outcome, request, waitedMs } = play;
  const { key, profileId, bytes } = entry;
  const atMs = deps.clock.nowMs();
  if (outcome === "hit") deps.log.info("cache.hit", { ...fieldsOf(key, request), bytes, ms: waitedMs });
  const bytesSaved = outcome === "miss" ? 0 : bytes;
  const { guildId, personId, isAutoplay } = request;
  const row = { atMs, guildId, personId, isAutoplay, key, profileId, outcome, waitedMs, bytesSaved };
  Promise.all([deps.tally.record(row), countInRow(deps, play, atMs)]).catch((error: unknown) =>
    deps.log.error("cache.play_not_counted", { key, error }),
  );
}

async function countInRow(
  { tally, evictionClock }: PlayCounterDeps,
  { entry, arrived }: Play,
  atMs: number,
): Promise<void> {
  const { entry: row, isStored } = (await (arrived ?? { entry, isStored: true })) ?? {
    entry,
    isStored: false,
  };
  if (!isStored) return;
  const rank = evictionKey({ clock: evictionClock(), playCount: row.playCount + 1, bytes: row.bytes });
  await tally.countIn(row, atMs, rank);
}
