// The download that the in-process extractors share: find an address, fetch it in ranges, ask once for a fresh one.
import { rename, rm } from "node:fs/promises";
import type { Clock } from "../core/clock.ts";
import { AppError } from "../core/errors.ts";
import type { Track } from "../core/track.ts";
import { onDisk } from "./disk-errors.ts";
import { DEFAULT_PACE } from "./download-meter.ts";
import type { PaceLimits } from "./download-meter.ts";
import type { ExtractorFetch } from "./extractor-fetch.ts";
import { RangedDownload } from "./ranged-download.ts";
import type { MediaAddress } from "./ranged-download.ts";
import type { Download, DownloadRequest } from "./source.ts";

export interface LibraryDownloadOptions {
  readonly fetch: ExtractorFetch;
  readonly clock: Clock;
  readonly pace?: PaceLimits;
  /** How often a running download is looked at, in milliseconds. Default 1000. */
  readonly watchEveryMs?: number;
}

/** A playable recording with the address of its audio. */
export interface Playable {
  readonly track: Track;
  readonly address: MediaAddress;
}

/**
 * Puts a recording at `request.toPath`, or throws and leaves nothing.
 * @param find asks the library; a second time when the first address is refused, which may only have expired
 */
export async function downloadFound(
  request: DownloadRequest,
  options: LibraryDownloadOptions,
  find: () => Promise<Playable>,
  signal: AbortSignal,
): Promise<Download> {
  const path = `${request.toPath}.part`;
  const { fetch, clock, pace = DEFAULT_PACE, watchEveryMs = 1_000 } = options;
  const file = new RangedDownload({ fetch, clock, pace, watchEveryMs }, { ...request, path });
  const attempt = async (): Promise<Download> => {
    const { track, address } = await find();
    request.onTrack?.(track);
    return { track, bytes: await file.from(address, signal) };
  };
  try {
    const done = await attempt().catch((error: unknown) => {
      // The fresh address goes on where this one ended.
      if (error instanceof AppError && error.code === "MEDIA_FORBIDDEN") return attempt();
      throw error;
    });
    await onDisk(rename(path, request.toPath));
    return done;
  } finally {
    await rm(path, { force: true });
  }
}
