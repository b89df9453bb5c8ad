import { createFfmpegTranscoder } from "../audio/ffmpeg.ts";
import { findFfmpeg } from "../audio/find-ffmpeg.ts";
import { createLiveTranscoder } from "../audio/live-leg.ts";
import { LiveStreams } from "../audio/live-streams.ts";
import type { LiveTranscoder } from "../audio/live.ts";
import type { Examiner, OpenOpusFile, Transcoder } from "../audio/transcoder.ts";
import { createOpusOpener } from "../audio/volume.ts";
import type { Config } from "../config/config.ts";
import { systemClock } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import type { ProcessRunner } from "../process/runner.ts";

/** What works on sound. */
export interface AudioWorkers {
  readonly transcoder: Transcoder & Examiner;
  readonly live: LiveTranscoder;
  readonly streams: LiveStreams;
  readonly openOpusFile: OpenOpusFile;
}

/** Looks for ffmpeg; without one, what is cached still plays. */
export async function createAudioWorkers(
  config: Config,
  runner: ProcessRunner,
  logger: Logger,
  signal: AbortSignal,
): Promise<AudioWorkers> {
  const ffmpegPath = await findFfmpeg({ runner, configuredPath: config.audio.ffmpegPath }, signal);
  if (ffmpegPath) logger.info("ffmpeg.found", { path: ffmpegPath });
  else logger.warn("ffmpeg.missing", { cure: "npm run setup", still: "cached songs play" });
  const deps = { runner, ffmpegPath, logger };
  const openOpusFile = createOpusOpener(deps);
  return {
    transcoder: createFfmpegTranscoder({ ...deps, clock: systemClock }),
    live: createLiveTranscoder({ ...deps, openOpusFile }),
    streams: new LiveStreams({ ...deps, clock: systemClock }),
    openOpusFile,
  };
}
