import { type AudioProfile, tempoOf } from "../core/audio-profile.ts";

/** Assumed for a recording whose length nobody knows. */
const UNKNOWN_DURATION_MS = 10 * 60 * 1000;
/** libopus goes over its average with dense music, by 19 % with the tones of the tests. */
const MARGIN = 1.3;
/** Headers and tags, which count in very short songs. */
const HEADER_BYTES = 4 * 1024;

/** Bytes a song will take in the cache, estimated on the safe side. */
export function keptBytes(
  track: { readonly durationMs: number | null },
  profile: Pick<AudioProfile, "bitrateKbps" | "effect">,
): number {
  const durationMs = (track.durationMs ?? UNKNOWN_DURATION_MS) / tempoOf(profile);
  return HEADER_BYTES + Math.ceil(((durationMs * profile.bitrateKbps) / 8) * MARGIN);
}
