import { AppError } from "../core/errors.ts";
import type { Track } from "../core/track.ts";
import { formatDuration } from "../core/format.ts";

export interface AdmissionLimits {
  readonly maxDurationMs: number;
}

/** Why a recording may not be fetched; `undefined` = it may. */
export function refuseAdmission(track: Track, limits: AdmissionLimits): AppError | undefined {
  if (track.isLive) return new AppError("LIVE_NOT_SUPPORTED");
  if (track.durationMs !== null && track.durationMs > limits.maxDurationMs) {
    return new AppError("TRACK_TOO_LONG", { limit: formatDuration(limits.maxDurationMs) });
  }
  return undefined;
}
