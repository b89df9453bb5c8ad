import type { AudioCache } from "../cache/audio-cache.ts";
import type { GuildProfiles } from "../core/audio-profiles.ts";
import type { ProvideAudio } from "../player/guild-session.ts";

const PACKET_MS = 20;

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
      packets: () => from(audio.packets(), item.startMs),
      close: () => audio.close(),
    };
  };
}

/** The packets from a position on. */
async function* from(
  packets: AsyncGenerator<Buffer>,
  startMs: number,
): AsyncGenerator<Buffer, void, undefined> {
  let toSkip = Math.floor(startMs / PACKET_MS);
  for await (const packet of packets) {
    if (toSkip > 0) toSkip -= 1;
    else yield packet;
  }
}
