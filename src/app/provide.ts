import type { AudioCache } from "../cache/audio-cache.ts";
import type { GuildProfiles } from "../core/audio-profiles.ts";
import type { ProvideAudio } from "../player/playable-audio.ts";

/** The player's way to audio: through the cache, in the guild's profile. */
export function provideFrom(cache: AudioCache, profiles: Pick<GuildProfiles, "profileOf">): ProvideAudio {
  return async ({ guildId, item, onProgress }, signal) => {
    const profile = await profiles.profileOf(guildId);
    const audio = await cache.acquire(item.track, { profile, guildId, onProgress }, signal);
    return {
      outcome: audio.outcome,
      bytes: audio.entry.bytes,
      isStored: audio.isStored,
      durationMs: audio.entry.durationMs,
      playCount: audio.entry.playCount,
      open: (playback, ended) => audio.open(playback, ended),
      started: () => audio.started(),
      close: () => audio.close(),
    };
  };
}
