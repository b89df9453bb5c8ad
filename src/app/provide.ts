import type { AudioCache } from "../cache/audio-cache.ts";
import type { BackgroundFills } from "../cache/background-fills.ts";
import type { CachedAudio } from "../cache/cached-audio.ts";
import { type AudioProfile, tempoOf } from "../core/audio-profile.ts";
import type { GuildProfiles } from "../core/audio-profiles.ts";
import type { GuildVolumes } from "../core/guild-volumes.ts";
import type { Playback } from "../core/opus-packets.ts";
import type { LiveListening } from "../audio/live-streams.ts";
import type { QueueItem } from "../player/queue.ts";
import type { Asked } from "../policy/admission.ts";
import type { LiveAudio } from "./live-audio.ts";
import type { AudioAhead, PlayableAudio, ProvideAudio } from "../player/playable-audio.ts";

interface ProvideDeps {
  readonly cache: AudioCache;
  readonly liveAudio: Pick<LiveAudio, "join">;
  readonly background: BackgroundFills;
  readonly profiles: Pick<GuildProfiles, "profileOf">;
  readonly volumes: Pick<GuildVolumes, "volumeOf">;
}

/**
 * The player's ways to audio: through the cache, in the guild's profile.
 * @param limitKbpsOf most kbit/s that songs may have where a guild hears them; `undefined` = as they are
 */
export function provideFrom(
  { cache, liveAudio, background, profiles, volumes }: ProvideDeps,
  limitKbpsOf: (guildId: string) => number | undefined,
): { readonly provide: ProvideAudio; readonly ahead: AudioAhead } {
  const profileOf = (guildId: string): Promise<AudioProfile> => profiles.profileOf(guildId);
  const wishOf = async (guildId: string): Promise<HearingWish> => {
    const limitKbps = limitKbpsOf(guildId);
    const volumePercent = await volumes.volumeOf(guildId);
    return { volumePercent, ...(limitKbps !== undefined && { limitKbps }) };
  };
  return {
    provide: async ({ guildId, item, onProgress }, signal) => {
      const profile = await profileOf(guildId);
      const wish = (): Promise<HearingWish> => wishOf(guildId);
      if (item.track.isLive) return livePlayable(await liveAudio.join(item.track, profile, signal), wish);
      const request = { profile, ...askedFor(guildId, item), onProgress };
      return playable(await cache.acquire(item.track, request, signal), { tempo: tempoOf(profile), wish });
    },
    ahead: {
      fetch: async ({ guildId, item }, signal) =>
        await background.fetch(
          item.track,
          { profile: await profileOf(guildId), ...askedFor(guildId, item) },
          signal,
        ),
      find: async ({ guildId, item }) => {
        const profile = await profileOf(guildId);
        const audio = await cache.acquireCached(item.track, { profile, ...askedFor(guildId, item) });
        return audio && playable(audio, { tempo: tempoOf(profile), wish: () => wishOf(guildId) });
      },
    },
  };
}

/** What rules about storing and the history look at. */
function askedFor(guildId: string, { roomIds, playlistId, requestedBy, origin }: QueueItem): Asked {
  return { guildId, roomIds, playlistId, personId: requestedBy.id, isAutoplay: origin === "autoplay" };
}

/** What a guild wants of packets while they are read. */
type HearingWish = Omit<Playback, "startMs"> & { readonly volumePercent: number };

/** How a guild hears songs. */
interface Hearing {
  readonly tempo: number;
  readonly wish: () => Promise<HearingWish>;
}

/** Outside of the cache all positions are the recording's; a file is longer or shorter than that by its tempo. */
function playable(audio: CachedAudio, { tempo, wish }: Hearing): PlayableAudio {
  let volumePercent = 100;
  let now: Pick<CachedAudio, "entry" | "isArriving" | "isStored"> = audio;
  const settled = audio.arrived?.then((arrived) => {
    if (arrived) now = { ...arrived, isArriving: false };
    return undefined;
  });
  return {
    outcome: audio.outcome,
    ...(settled && { settled }),
    get bytes() {
      return now.entry.bytes;
    },
    get isArriving() {
      return now.isArriving;
    },
    get isStored() {
      return now.isStored;
    },
    get durationMs() {
      return Math.round(now.entry.durationMs * tempo);
    },
    tempo,
    get playCount() {
      return now.entry.playCount;
    },
    get volumePercent() {
      return volumePercent;
    },
    open: async ({ startMs }, ended) => {
      const wished = await wish();
      ({ volumePercent } = wished);
      return await audio.open({ startMs: startMs / tempo, ...wished }, ended);
    },
    started: () => audio.started(),
    close: () => audio.close(),
  };
}

/** It begins where it is by now, has no length, and is kept nowhere. */
function livePlayable(listening: LiveListening, wish: Hearing["wish"]): PlayableAudio {
  let volumePercent = 100;
  return {
    outcome: "miss",
    isLive: true,
    bytes: 0,
    isArriving: false,
    isStored: false,
    durationMs: 0,
    playCount: 0,
    get volumePercent() {
      return volumePercent;
    },
    open: async () => {
      const wished = await wish();
      ({ volumePercent } = wished);
      return listening.open(wished);
    },
    started: () => undefined,
    close: () => listening.close(),
  };
}
