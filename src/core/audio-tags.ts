import { type ProfileId, parseProfileId } from "./audio-profile.ts";
import { type CacheKey, cacheKey, type Track, type TrackRef } from "./track.ts";

/** Vorbis comments of a finished file, from which a lost database can be rebuilt. `tempo`: how much faster it passes. */
export function audioTags(track: Track, profileId: ProfileId, tempo = 1): Record<string, string> {
  return {
    TITLE: track.title,
    ARTIST: track.artist,
    ENCORE_SOURCE: track.source,
    ENCORE_ID: track.id,
    ENCORE_URL: track.url,
    ENCORE_PROFILE: profileId,
    ...(tempo !== 1 && { ENCORE_TEMPO: String(tempo) }),
  };
}

/** What a file says it is. */
export interface FileIdentity {
  readonly key: CacheKey;
  readonly profileId: ProfileId;
}

interface Tagged {
  readonly tags: Readonly<Record<string, string>>;
}

/** `undefined` = the file was not made by this bot, or says something impossible. */
export function identityOf({ tags }: Tagged): FileIdentity | undefined {
  const recording = recordingOf({ tags });
  const profileId = parseProfileId(tags["ENCORE_PROFILE"] ?? "");
  return recording && profileId && { key: recording.key, profileId };
}

/** What the comments tell about the recording; `undefined` = no title, or none of ours. */
export function trackOf({
  tags,
  durationMs: heardMs,
}: Tagged & { readonly durationMs: number }): Track | undefined {
  const durationMs = Math.round(heardMs * tempoIn(tags));
  const { TITLE: title = "", ARTIST: artist = "", ENCORE_URL: url = "" } = tags;
  const recording = recordingOf({ tags });
  if (!recording || title === "") return undefined;
  const { source, id } = recording.ref;
  return { source, id, title, artist, url: trusted(url), durationMs, isLive: false, thumbnailUrl: null };
}

function recordingOf({ tags }: Tagged): { readonly key: CacheKey; readonly ref: TrackRef } | undefined {
  const { ENCORE_SOURCE: source, ENCORE_ID: id } = tags;
  if (source === undefined || id === undefined) return undefined;
  try {
    return { key: cacheKey({ source, id }), ref: { source, id } };
  } catch {
    return undefined;
  }
}

function tempoIn(tags: Tagged["tags"]): number {
  const tempo = Number(tags["ENCORE_TEMPO"] ?? 1);
  return tempo >= 0.5 && tempo <= 2 ? tempo : 1;
}

/** A file can come from anywhere, and people will follow the link. */
function trusted(url: string): string {
  return /^https?:\/\//u.test(url) && URL.canParse(url) ? url : "";
}
