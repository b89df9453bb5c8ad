// Whose recording a file is, from the comments that were written into it when it was published.
import { type ProfileId, parseProfileId } from "../core/audio-profile.ts";
import { type CacheKey, cacheKey, type Track } from "../core/track.ts";
import type { OggOpusFacts } from "../audio/transcoder.ts";

/** What a file says it is. */
export interface FileIdentity {
  readonly key: CacheKey;
  readonly profileId: ProfileId;
}

/** `undefined` = the file was not made by this bot, or says something impossible. */
export function identityOf({ tags }: Pick<OggOpusFacts, "tags">): FileIdentity | undefined {
  const { ENCORE_SOURCE: source, ENCORE_ID: id, ENCORE_PROFILE: profile } = tags;
  const profileId = parseProfileId(profile ?? "");
  if (source === undefined || id === undefined || profileId === undefined) return undefined;
  try {
    return { key: cacheKey({ source, id }), profileId };
  } catch {
    return undefined;
  }
}

/** What the comments tell about the recording; `undefined` = no title, no source. */
export function trackOf({ tags, durationMs }: Pick<OggOpusFacts, "tags" | "durationMs">): Track | undefined {
  const { ENCORE_SOURCE: source, ENCORE_ID: id, TITLE: title, ARTIST: artist, ENCORE_URL: url } = tags;
  if (source === undefined || id === undefined || title === undefined || title === "") return undefined;
  return {
    source,
    id,
    title,
    artist: artist ?? "",
    url: url ?? "",
    durationMs,
    isLive: false,
    thumbnailUrl: null,
  };
}
