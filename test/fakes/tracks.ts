/** Recordings to ask for. */
import type { Track } from "../../src/core/track.ts";

export function youtubeTrack(id: string, more: Partial<Track> = {}): Track {
  return {
    source: "youtube",
    id,
    title: `Title of ${id}`,
    artist: "Somebody",
    url: `https://www.youtube.com/watch?v=${id}`,
    durationMs: 1_000,
    isLive: false,
    thumbnailUrl: null,
    ...more,
  };
}

/** `aaaaaaaaa00`, `aaaaaaaaa01`, ...: a valid ID for each number below 100. */
export function youtubeId(number: number): string {
  return `aaaaaaaaa${String(number).padStart(2, "0")}`;
}
