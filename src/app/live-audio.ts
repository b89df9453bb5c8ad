import type { Connect } from "../audio/live-stream.ts";
import type { LiveListening, LiveStreams } from "../audio/live-streams.ts";
import type { AudioProfile } from "../core/audio-profile.ts";
import { AppError } from "../core/errors.ts";
import { cacheKey, type Track } from "../core/track.ts";
import type { Source } from "../sources/source.ts";

/** Live streams by the recordings that they are known as. They go past the cache: there is nothing to keep. */
export interface LiveAudio {
  /** @throws {AppError} why there is nothing to hear; `LIVE_NOT_SUPPORTED` where no source has live streams */
  join(track: Track, profile: AudioProfile, signal: AbortSignal): Promise<LiveListening>;
  close(): Promise<void>;
}

/** Asks the first source that serves a recording's family and has live streams. */
export function createLiveAudio(streams: LiveStreams, sources: readonly Source[]): LiveAudio {
  const connectTo =
    (track: Track): Connect =>
    (signal) => {
      const bytes = sources
        .find((source) => source.live && source.serves(track.source))
        ?.live?.(track, signal);
      if (!bytes) throw new AppError("LIVE_NOT_SUPPORTED");
      return bytes;
    };
  return {
    join: (track, profile, signal) =>
      streams.join({ key: cacheKey(track), connect: connectTo(track), profile }, signal),
    close: () => streams.close(),
  };
}
