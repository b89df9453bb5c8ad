/** What a recording in a profile is called, as a file and in the log. */
import type { AudioProfile } from "../core/audio-profile.ts";
import type { CacheKey } from "../core/track.ts";

/** Name of the file of a recording in a profile. */
export function blobRef(key: CacheKey, profile: Pick<AudioProfile, "id">): string {
  return `${profile.id}/${key}.opus`;
}

/** What each event of the cache names. */
export function fieldsOf(
  key: CacheKey,
  { profile, guildId }: { readonly profile: Pick<AudioProfile, "id">; readonly guildId: string },
): { key: CacheKey; profile: string; guildId: string } {
  return { key, profile: profile.id, guildId };
}
