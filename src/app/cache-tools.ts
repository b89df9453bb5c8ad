import type { AudioCache } from "../cache/audio-cache.ts";
import type { CacheTools } from "../command/cache-tools.ts";
import { systemClock } from "../core/clock.ts";
import type { GuildProfiles } from "../core/audio-profiles.ts";
import { CacheRows } from "../db/cache-rows.ts";
import { PlayLog } from "../db/play-log.ts";
import type { Database } from "../db/schema.ts";
import type { Matcher } from "../sources/matcher.ts";

export interface CacheToolsDeps {
  readonly cache: AudioCache;
  readonly profiles: GuildProfiles;
  readonly matcher: Pick<Matcher, "match">;
  readonly db: Database;
}

const WINDOW_MS = 30 * 24 * 60 * 60 * 1000;

/** Single songs of the cache in the hands of commands, each in the profile that the guild hears. */
export function createCacheTools({ cache, profiles, matcher, db }: CacheToolsDeps): CacheTools {
  const rows = new CacheRows(db);
  const plays = new PlayLog(db);
  return {
    pin: (key, pinned) => rows.pin(key, pinned),
    refresh: async (track, guildId, signal) => {
      const profile = await profiles.profileOf(guildId);
      await cache.refresh(track, { profile, guildId }, signal);
      return await cache.peek(track, profile);
    },
    prepare: async (track, asked, signal) => {
      const recording = await matcher.match(track, signal);
      return await cache.prepare(
        recording,
        { profile: await profiles.profileOf(asked.guildId), ...asked },
        signal,
      );
    },
    playsOf: (guildId) => plays.countSince(systemClock.nowMs() - WINDOW_MS, guildId),
  };
}
