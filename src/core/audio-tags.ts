import type { ProfileId } from "./audio-profile.ts";
import type { Track } from "./track.ts";

/** Vorbis comments of a finished file, from which a lost database can be rebuilt. */
export function audioTags(track: Track, profileId: ProfileId): Record<string, string> {
  return {
    TITLE: track.title,
    ARTIST: track.artist,
    ENCORE_SOURCE: track.source,
    ENCORE_ID: track.id,
    ENCORE_URL: track.url,
    ENCORE_PROFILE: profileId,
  };
}
