// One run of ffmpeg on one file that nobody vouches for: fixed demuxer, no network, only audio, bounded in everything.
import { AppError } from "../core/errors.ts";
import type { ErrorContext } from "../core/errors.ts";
import type { ChildPipes, ProcessLimits, ProcessResult, ProcessRunner } from "../process/runner.ts";
import { complaints, failureIn } from "./ffmpeg-log.ts";
import type { LiveDemuxer } from "./sniff.ts";

export interface FfmpegDeps {
  readonly runner: ProcessRunner;
  /** Absolute path, or a name on the runner's PATH; `undefined` = there is none on this system. */
  readonly ffmpegPath: string | undefined;
}

export interface FfmpegInput {
  /** `null` = it comes through stdin. */
  readonly path: string | null;
  readonly demuxer: LiveDemuxer;
}

// Decoders of pictures, subtitles and the rest cannot be reached, whatever a file holds.
const DECODERS =
  "aac,ac3,alac,eac3,flac,mp2,mp2float,mp3,mp3float,opus,vorbis," +
  "pcm_u8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_f32le,pcm_f64le";

/** What every run begins with: says what {@link complaints} can read, and asks nobody. */
export const GENERAL_ARGS: readonly string[] =
  "-nostdin -hide_banner -nostats -loglevel level+info -filter_threads 1".split(" ");

/** How everything is encoded, to be kept and to be heard once. */
export const OPUS_ARGS: readonly string[] =
  "-c:a libopus -vbr on -application audio -frame_duration 20 -threads 1".split(" ");

/** Arguments before the output's own: how every input is opened. */
export function inputArgs({ path, demuxer }: FfmpegInput): string[] {
  const bounds = ["-protocol_whitelist", "file,pipe", "-codec_whitelist", DECODERS, "-threads", "1"];
  const onlyAudio = ["-vn", "-sn", "-dn"];
  const from =
    path === null ? [...QUICK, "-f", demuxer, "-i", "pipe:0"] : ["-f", demuxer, "-i", `file:${path}`];
  return [...GENERAL_ARGS, ...bounds, ...onlyAudio, ...from, "-map", "0:a:0"];
}

// What comes in slowly is decoded before half a minute of it has been looked at.
const QUICK = ["-probesize", "65536", "-analyzeduration", "500000"];

/** One run: its arguments, and who takes its bytes where they go through pipes. */
export interface FfmpegJob {
  readonly args: readonly string[];
  readonly onPipes?: (pipes: ChildPipes) => void;
}

/** Bounds of one run; each is far above what an honest file of this length needs. */
export interface Budget {
  /** Length of the audio that must fit. */
  readonly durationMs: number;
  /** Largest file ffmpeg may write; 0 = it writes none. */
  readonly fileBytes: number;
  /** Scheduling niceness; default 10, below the bot itself: a frame of voice is due every 20 ms. */
  readonly niceness?: number;
}

// Measured need: 130 MB of address space, and 0.4 s of processor time per minute of audio. Small boards are ten times
// slower, and newer releases keep a thread and its arena for every part of the pipeline.
const MEMORY_BYTES = 2 ** 30;
const CPU_SHARE = 0.2;
const CPU_BASE_SECONDS = 30;
const TIME_BASE_MS = 60_000;

function limits({ durationMs, fileBytes, niceness = 10 }: Budget): ProcessLimits {
  return {
    timeoutMs: TIME_BASE_MS + durationMs,
    cpuSeconds: Math.ceil(CPU_BASE_SECONDS + (durationMs / 1000) * CPU_SHARE),
    memoryBytes: MEMORY_BYTES,
    fileBytes,
    niceness,
  };
}

/**
 * Runs ffmpeg to its end and judges how it ended. Success says nothing about completeness: ffmpeg exits with 0 on half
 * a song.
 * @throws {AppError} `FFMPEG_MISSING`, `DISK_FULL`, `FILE_TOO_LARGE`, `NOT_AUDIO`, `AUDIO_INCOMPLETE`,
 * `TRANSCODE_FAILED`, `ABORTED`
 */
export async function runFfmpeg(
  deps: FfmpegDeps,
  job: FfmpegJob,
  budget: Budget,
  signal: AbortSignal,
): Promise<ProcessResult> {
  const result = await start(deps, job, budget, signal);
  const { exitCode, signal: killedBy, timedOut } = result;
  const detail = complaints(result.stderr).slice(-5).join("\n");
  const context = { exitCode, killedBy, timedOut, detail };
  if (timedOut) throw new AppError("TRANSCODE_FAILED", context);
  if (killedBy === "SIGXFSZ") throw tooLarge(budget, context);
  const failure = failureIn(result.stderr);
  // A full disk is not always admitted in the exit code.
  if (failure === "DISK_FULL") throw new AppError(failure, context);
  if (exitCode === 0) return result;
  if (failure === "FILE_TOO_LARGE") throw tooLarge(budget, context);
  // Killed, by a limit or by a fault of its own: what it complained about before is not the reason.
  throw new AppError((exitCode !== null && failure) || "TRANSCODE_FAILED", context);
}

async function start(
  { runner, ffmpegPath }: FfmpegDeps,
  job: FfmpegJob,
  budget: Budget,
  signal: AbortSignal,
): Promise<ProcessResult> {
  if (ffmpegPath === undefined) throw new AppError("FFMPEG_MISSING");
  try {
    return await runner.run({ command: ffmpegPath, ...job, limits: limits(budget) }, signal);
  } catch (error) {
    const isMissing =
      error instanceof AppError &&
      error.code === "CHILD_FAILED" &&
      /^(?:ENOENT|EACCES|ENOEXEC)$/u.test(String(error.context["reason"]));
    throw isMissing ? new AppError("FFMPEG_MISSING", { path: ffmpegPath }, { cause: error }) : error;
  }
}

function tooLarge({ fileBytes }: Budget, context: ErrorContext): AppError {
  return new AppError("FILE_TOO_LARGE", { ...context, limitBytes: fileBytes });
}
