import type { ErrorCode } from "../core/errors.ts";

/** What the source says when it has had enough of us. */
export const THROTTLED_BY: readonly ErrorCode[] = ["RATE_LIMITED", "BOT_CHECK", "MEDIA_FORBIDDEN"];

/** After such a refusal, or for want of room, nothing is fetched that nobody waits for. */
const QUIET_MS = 60 * 60 * 1000;

export interface PrefetchFacts {
  /** Songs that were fetched ahead today, in all guilds. */
  readonly fetchedToday: number;
  /** Most of them in a day; 0 = none at all. */
  readonly perDay: number;
  /** When the source refused us last for asking too much; `undefined` = not lately. */
  readonly throttledAtMs: number | undefined;
  /** When a song that was fetched ahead could not be stored last; `undefined` = not lately. */
  readonly unstoredAtMs: number | undefined;
  /** Whether the song will be stored; fetching it for nothing is no help. */
  readonly isKept: boolean;
  readonly nowMs: number;
}

/** Why a song that nobody waits for yet is not fetched now; `undefined` = it may be. */
export function refusePrefetch(
  facts: PrefetchFacts,
): "daily cap" | "throttled" | "no room" | "not kept" | undefined {
  const isLately = (atMs: number | undefined): boolean => atMs !== undefined && facts.nowMs - atMs < QUIET_MS;
  if (facts.fetchedToday >= facts.perDay) return "daily cap";
  if (isLately(facts.throttledAtMs)) return "throttled";
  if (isLately(facts.unstoredAtMs)) return "no room";
  return facts.isKept ? undefined : "not kept";
}
