// Turns downloads into kept files with ffmpeg: measure, gain, limiter if needed, Opus, measure again.
import { rm, stat } from "node:fs/promises";
import { type AudioProfile, type Loudness, tempoOf } from "../core/audio-profile.ts";
import { systemClock } from "../core/clock.ts";
import type { Clock } from "../core/clock.ts";
import { AppError, toAppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { checkResult, checkSource } from "./completeness.ts";
import type { SourceEvidence } from "./completeness.ts";
import { containerEnding } from "./container-ending.ts";
import { decodedMs, decodeErrors, isMalformed, isTorn, promisedDurationMs } from "./ffmpeg-log.ts";
import { inputArgs, OPUS_ARGS, runFfmpeg } from "./ffmpeg-run.ts";
import type { FfmpegDeps, FfmpegInput } from "./ffmpeg-run.ts";
import { countFilter, measureFilter, normalizeFilter, type Shape, tagArgs } from "./filters.ts";
import { correctGain, parseLoudness, planCompression, planGain, raisedBy } from "./loudness.ts";
import type { GainPlan } from "./loudness.ts";
import { inspectOggOpus } from "./ogg-opus.ts";
import { type Demuxer, sniff } from "./sniff.ts";
import type { Examiner, NormalizedAudio, NormalizeRequest, SourceFacts, Transcoder } from "./transcoder.ts";

export interface FfmpegTranscoderDeps extends FfmpegDeps {
  readonly clock?: Clock;
  readonly logger: Logger;
}

interface Measured extends SourceEvidence {
  readonly loudness: Loudness;
}

type FileInput = FfmpegInput & { readonly path: string; readonly demuxer: Demuxer };

/** Not measuring the loudness makes it twice as fast. */
async function examine(
  deps: FfmpegDeps,
  { path, expectedMs }: { readonly path: string; readonly expectedMs: number | null },
  signal: AbortSignal,
): Promise<SourceFacts> {
  const container = await sniff(path);
  if (container === undefined) throw new AppError("NOT_AUDIO", { detail: "no known container" });
  const job = { input: { path, demuxer: container }, expectedMs };
  const { evidence } = await decode(deps, { ...job, filter: countFilter() }, signal);
  checkSource(evidence, expectedMs);
  return { container, durationMs: evidence.decodedMs };
}

/**
 * A transcoder on ffmpeg 5.1 or newer. Two processes per song, one more each for an effect and for a compressor, and one
 * more when the first result missed the target.
 */
export function createFfmpegTranscoder(deps: FfmpegTranscoderDeps): Transcoder & Examiner {
  const { clock = systemClock, logger } = deps;
  return {
    normalize: async (request, signal) => {
      const startedAtMs = clock.monotonicMs();
      try {
        const audio = await normalize(deps, request, signal);
        logger.debug("audio.normalized", { ...audio, ms: Math.round(clock.monotonicMs() - startedAtMs) });
        return audio;
      } catch (error) {
        await rm(request.toPath, { force: true });
        throw toAppError(error);
      }
    },
    inspect: inspectOggOpus,
    examine: (path, expectedMs, signal) => withAppError(examine(deps, { path, expectedMs }, signal)),
    measure: (path, signal) => withAppError(measure(deps, path, signal)),
  };
}

async function withAppError<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw toAppError(error);
  }
}

async function measure(deps: FfmpegDeps, path: string, signal: AbortSignal): Promise<Loudness> {
  const demuxer = await sniff(path);
  if (demuxer === undefined) throw new AppError("TRANSCODE_FAILED", { detail: "no known container" });
  return (await measureFile(deps, { input: { path, demuxer }, expectedMs: null }, signal)).loudness;
}

async function normalize(
  deps: FfmpegDeps,
  request: NormalizeRequest,
  signal: AbortSignal,
): Promise<NormalizedAudio> {
  const { fromPath, toPath, profile, expectedDurationMs } = request;
  const demuxer = await sniff(fromPath);
  if (demuxer === undefined) throw new AppError("NOT_AUDIO", { detail: "no known container" });
  const input = { path: fromPath, demuxer };
  const measuring = { input, expectedMs: expectedDurationMs };
  const source = await measureFile(deps, measuring, signal);
  checkSource(source, expectedDurationMs);
  // How loud and how long a song is behind an effect, and how loud behind a compressor, cannot be computed.
  const { effect } = profile;
  const heard = effect ? await measureFile(deps, { ...measuring, shape: { effect } }, signal) : source;
  request.onMeasured?.(heard.loudness);
  const shape = { effect, compression: planCompression(heard.loudness, profile) };
  const shaped = shape.compression ? await measureFile(deps, { ...measuring, shape }, signal) : heard;
  const durationMs = (await lengthBudgetMs(fromPath, expectedDurationMs)) / tempoOf(profile);
  const job = { input, request, durationMs, shape, shaped: shaped.loudness };

  let plan = planGain(shaped.loudness, profile);
  let loudness = await encode(deps, job, plan, signal);
  let passes = 1;
  const improve = (): GainPlan | undefined =>
    correctGain(plan, shaped.loudness, { result: loudness, profile, passes });
  for (let better = improve(); better; better = improve()) {
    plan = better;
    loudness = await encode(deps, job, plan, signal);
    passes += 1;
  }
  checkResult(await resultMs(toPath, signal), heard.decodedMs);
  return {
    sourceLoudness: source.loudness,
    loudness,
    gainDb: Math.round((plan.gainDb + (shape.compression?.preGainDb ?? 0)) * 10) / 10,
    limited: plan.limitDbfs !== null,
    passes,
  };
}

/** A result that its own reader refuses is no incomplete download, but a failed conversion. */
async function resultMs(path: string, signal: AbortSignal): Promise<number> {
  try {
    return (await inspectOggOpus(path, signal)).durationMs;
  } catch (error) {
    const { code, context } = toAppError(error);
    throw code === "AUDIO_INCOMPLETE" ? new AppError("TRANSCODE_FAILED", context, { cause: error }) : error;
  }
}

interface MeasureJob {
  readonly input: FileInput;
  readonly expectedMs: number | null;
  /** Given = measured in it. */
  readonly shape?: Shape;
}

/** Decodes everything, as stereo at 48 kHz: that is what will be heard, so its loudness is the one that counts. */
async function measureFile(
  deps: FfmpegDeps,
  { shape, ...job }: MeasureJob,
  signal: AbortSignal,
): Promise<Measured> {
  const { evidence, log } = await decode(deps, { ...job, filter: measureFilter(shape) }, signal);
  return { ...evidence, loudness: parseLoudness(log) };
}

async function decode(
  deps: FfmpegDeps,
  { input, expectedMs, filter }: Omit<MeasureJob, "shape"> & { readonly filter: string },
  signal: AbortSignal,
): Promise<{ readonly evidence: SourceEvidence; readonly log: string }> {
  const args = [...inputArgs(input), "-af", filter, "-progress", "pipe:1", "-f", "null", "-"];
  const budget = { durationMs: await lengthBudgetMs(input.path, expectedMs), fileBytes: 0 };
  const { stdout, stderr } = await runFfmpeg(deps, { args }, budget, signal);
  const ending = await containerEnding(input.path, input.demuxer);
  const evidence = {
    decodedMs: decodedMs(stdout),
    promisedMs: promisedDurationMs(stderr),
    decodeErrors: decodeErrors(stderr),
    isTorn: isTorn(stderr) || ending === "cut",
    isOpenEnded: ending === "open",
    isMalformed: isMalformed(stderr),
  };
  return { evidence, log: stderr };
}

interface EncodeJob {
  readonly input: FileInput;
  readonly request: NormalizeRequest;
  readonly durationMs: number;
  readonly shape: Shape;
  /** Loudness in that shape. */
  readonly shaped: Loudness;
}

// The same input gives the same bytes: no version in the tags, no random serial number.
const REPEATABLE_ARGS = "-flags:a +bitexact -fflags +bitexact".split(" ");

/** Writes the result and gives back the loudness of what went into the encoder. */
async function encode(
  deps: FfmpegDeps,
  { input, request, durationMs, shape, shaped }: EncodeJob,
  plan: GainPlan,
  signal: AbortSignal,
): Promise<Loudness> {
  const { profile, toPath, tags } = request;
  const metadata = ["-map_metadata", "-1", "-map_chapters", "-1", ...tagArgs(tags)];
  const filter = ["-af", normalizeFilter(plan, shape)];
  const output = ["-b:a", `${profile.bitrateKbps}k`, "-f", "ogg", "-y", `file:${toPath}`];
  const args = [...inputArgs(input), ...metadata, ...filter, ...OPUS_ARGS, ...REPEATABLE_ARGS, ...output];
  const { stderr } = await runFfmpeg(
    deps,
    { args },
    { durationMs, fileBytes: fileBudget(profile, durationMs) },
    signal,
  );
  return plan.limitDbfs === null ? raisedBy(plan.gainDb, shaped) : parseLoudness(stderr);
}

const DAY_MS = 24 * 3600 * 1000;
/** Nobody codes music with less: 8 kbit/s. */
const LEAST_BYTES_PER_MS = 1;

/** How long the audio may be: half as long again as announced, else what fits into so many bytes. */
async function lengthBudgetMs(path: string, expectedMs: number | null): Promise<number> {
  if (expectedMs !== null) return expectedMs * 1.5 + 30_000;
  return Math.min((await stat(path)).size / LEAST_BYTES_PER_MS, DAY_MS);
}

/** The bit rate is an average: quiet or tonal songs stay below it, dense ones go above. */
function fileBudget(profile: AudioProfile, durationMs: number): number {
  return Math.ceil((profile.bitrateKbps / 8) * durationMs * 1.5) + 2 ** 20;
}
