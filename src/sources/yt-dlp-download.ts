// Downloads one recording with yt-dlp: into a folder of its own, watched, checked, then moved to its place.
import { lstat, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { Clock } from "../core/clock.ts";
import { AppError } from "../core/errors.ts";
import { formatDuration } from "../core/format.ts";
import type { ProcessResult } from "../process/runner.ts";
import { onDisk } from "./disk-errors.ts";
import { DownloadMeter, downloadTimeMs, watched } from "./download-meter.ts";
import type { PaceLimits } from "./download-meter.ts";
import { extractorError } from "./extractor-errors.ts";
import type { Download, DownloadRequest } from "./source.ts";
import { downloadArgs } from "./yt-dlp-args.ts";
import type { Tier, YtDlpArgsOptions } from "./yt-dlp-args.ts";
import { parseOutputLine } from "./yt-dlp-output.ts";
import type { OutputLine, VideoFacts } from "./yt-dlp-output.ts";
import { RunFailed, inTiers, runFailure } from "./yt-dlp-process.ts";
import type { StartYtDlp } from "./yt-dlp-process.ts";

export interface YtDlpDownloadOptions {
  readonly start: StartYtDlp;
  readonly clock: Clock;
  readonly args: YtDlpArgsOptions;
  readonly pace: PaceLimits;
  /** How often the scratch folder is looked at, in milliseconds. */
  readonly watchEveryMs: number;
}

type FormatLine = Extract<OutputLine, { kind: "format" }>;
type ProgressLine = Extract<OutputLine, { kind: "progress" }>;

/** What one run has told so far. */
interface Told {
  facts?: VideoFacts;
  format?: FormatLine;
  /** By the latest progress line. */
  receivedBytes?: number;
  path?: string;
}

/** yt-dlp writes buffers, and the limit of the system is a last resort behind our own watch. */
const FILE_LIMIT_MARGIN_BYTES = 16 * 1024 * 1024;

/** @throws {AppError} every code of a source; the scratch folder is gone then, and so is `toPath` */
export async function downloadWithYtDlp(
  request: DownloadRequest,
  options: YtDlpDownloadOptions,
  signal: AbortSignal,
): Promise<Download> {
  const directory = `${request.toPath}.d`;
  await onDisk(rm(directory, { recursive: true, force: true }));
  await onDisk(mkdir(directory, { mode: 0o700 }));
  const heard = { ...request, onFile: withoutRepeats(request.onFile) };
  try {
    return await inTiers((tier) =>
      twiceIfForbidden(new DownloadRun(heard, options, directory), tier, signal),
    );
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** A second run goes on with the file of the first, unless it fetches another format. */
function withoutRepeats(onFile: DownloadRequest["onFile"]): NonNullable<DownloadRequest["onFile"]> {
  let former: string | undefined;
  return (file) => {
    if (file.path === former) return;
    former = file.path;
    onFile?.(file);
  };
}

/** A refused address may have expired: a second run gets a fresh one and goes on where the first ended. */
async function twiceIfForbidden(run: DownloadRun, tier: Tier, signal: AbortSignal): Promise<Download> {
  try {
    return await run.attempt(tier, signal);
  } catch (error) {
    const isForbidden = error instanceof RunFailed && error.error.code === "MEDIA_FORBIDDEN";
    if (!isForbidden || tier === 2) throw error;
  }
  try {
    return await run.attempt(tier, signal);
  } catch (error) {
    if (!(error instanceof RunFailed)) throw error;
    throw new RunFailed(error.error, error.secondTier || error.error.code === "MEDIA_FORBIDDEN");
  }
}

/** Runs for one recording in one scratch folder. */
class DownloadRun {
  readonly #request: DownloadRequest;
  readonly #options: YtDlpDownloadOptions;
  readonly #directory: string;
  #told: Told = {};
  #formerFormat: FormatLine | undefined;

  constructor(request: DownloadRequest, options: YtDlpDownloadOptions, directory: string) {
    this.#request = request;
    this.#options = options;
    this.#directory = directory;
  }

  async attempt(tier: Tier, signal: AbortSignal): Promise<Download> {
    this.#formerFormat = this.#told.format;
    this.#told = {};
    const result = await this.#run(tier, signal);
    // 101 = our own filter said no; the facts printed before tell why.
    if (result.exitCode !== 0 && result.exitCode !== 101) throw runFailure(result);
    if (this.#told.path === undefined) throw this.#whyNoFile(result);
    return this.#accept(this.#told.path);
  }

  async #run(tier: Tier, signal: AbortSignal): Promise<ProcessResult> {
    const { target, limits } = this.#request;
    const { start, args, clock, pace, watchEveryMs: everyMs } = this.#options;
    const meter = new DownloadMeter({ clock, maxBytes: limits.maxBytes, pace });
    // At the folder itself: progress lines are only what yt-dlp says. But what came last may not be written yet.
    const look = async (): Promise<void> =>
      meter.check(Math.max(await folderBytes(this.#directory), this.#told.receivedBytes ?? 0));
    const run = {
      args: downloadArgs({ target, directory: this.#directory, ...limits }, tier, args),
      timeoutMs: downloadTimeMs(limits.maxDurationMs),
      fileBytes: limits.maxBytes + FILE_LIMIT_MARGIN_BYTES,
      onStdoutLine: (line: string) => this.#hear(line, meter),
    };
    return await watched((ended) => start(run, ended), { look, everyMs }, signal);
  }

  #hear(line: string, meter: DownloadMeter): void {
    const heard = parseOutputLine(line, this.#request.target);
    if (heard?.kind === "facts") this.#hearFacts(heard.facts);
    if (heard?.kind === "format") this.#hearFormat(heard, meter);
    if (heard?.kind === "done") this.#told.path = heard.path;
    if (heard?.kind === "progress") this.#hearProgress(heard, meter);
  }

  #hearProgress({ receivedBytes, totalBytes, growingPath }: ProgressLine, meter: DownloadMeter): void {
    const { onProgress, onFile } = this.#request;
    this.#told.receivedBytes = receivedBytes;
    meter.check(receivedBytes);
    if (growingPath !== null && this.#isOurs(growingPath))
      onFile?.({ path: growingPath, loudnessLufs: null });
    onProgress?.({ receivedBytes, totalBytes });
  }

  #hearFacts(facts: VideoFacts): void {
    const { target, onTrack } = this.#request;
    if (facts.track.id !== target.id) {
      throw extractorError("EXTRACTOR_BROKEN", `asked for ${target.id}, answered ${facts.track.id}`);
    }
    this.#told.facts = facts;
    onTrack?.(facts.track);
  }

  #hearFormat(format: FormatLine, meter: DownloadMeter): void {
    const former = this.#formerFormat;
    // The same name with another size is another upload: going on would splice two files together.
    if (former?.formatId === format.formatId && former.bytes !== format.bytes) {
      throw extractorError("DOWNLOAD_INCOMPLETE", "the recording was replaced while it was fetched");
    }
    this.#told.format = format;
    const durationMs = this.#told.facts?.track.durationMs ?? this.#request.limits.maxDurationMs;
    const waitMs = Math.max(0, (format.availableAtMs ?? 0) - this.#options.clock.nowMs());
    meter.start(downloadTimeMs(durationMs), waitMs);
  }

  /** yt-dlp ends with 0 or 101 and without a file when a filter or a limit said no. */
  #whyNoFile(result: ProcessResult): AppError {
    const { facts, format } = this.#told;
    const { maxBytes, maxDurationMs } = this.#request.limits;
    if (facts?.track.isLive) return new AppError("LIVE_NOT_SUPPORTED");
    if (facts?.isUpcoming) return new AppError("NOT_STARTED");
    if ((facts?.track.durationMs ?? 0) > maxDurationMs) {
      return new AppError("TRACK_TOO_LONG", { limit: formatDuration(maxDurationMs) });
    }
    if (format) return new AppError("FILE_TOO_LARGE", { limitBytes: maxBytes });
    return extractorError("EXTRACTOR_BROKEN", `exit ${result.exitCode} without a file: ${result.stderr}`);
  }

  /** Where a server ignores ranges, yt-dlp adds the whole to what it had, and ends with 0: only the sum tells. */
  #expectedBytes(): number | undefined {
    const { format, receivedBytes } = this.#told;
    return format?.bytes ?? (format?.isOneFile ? receivedBytes : undefined);
  }

  #isOurs(file: string): boolean {
    return path.dirname(path.resolve(file)) === path.resolve(this.#directory);
  }

  async #accept(file: string): Promise<Download> {
    const { toPath, target } = this.#request;
    const { facts } = this.#told;
    const found = this.#isOurs(file) ? await lstat(file).catch(() => undefined) : undefined;
    if (!facts || !found?.isFile()) {
      throw extractorError("EXTRACTOR_BROKEN", `no facts or no file for ${target.id}`);
    }
    await judgeSize(file, { bytes: found.size, expected: this.#expectedBytes() ?? found.size });
    if (found.size > this.#request.limits.maxBytes) {
      throw new AppError("FILE_TOO_LARGE", { limitBytes: this.#request.limits.maxBytes });
    }
    await onDisk(rename(file, toPath));
    return { bytes: found.size, track: facts.track };
  }
}

async function judgeSize(file: string, size: { bytes: number; expected: number }): Promise<void> {
  if (size.bytes > 0 && size.bytes === size.expected) return;
  if (await isMarkup(file)) throw extractorError("NOT_AUDIO", "a web page came instead of audio");
  throw extractorError("DOWNLOAD_INCOMPLETE", `${size.bytes} bytes instead of ${size.expected}`);
}

async function folderBytes(directory: string): Promise<number> {
  const names = await readdir(directory).catch(() => []);
  const sizes = names.map(
    async (name) => (await stat(path.join(directory, name)).catch(() => undefined))?.size,
  );
  return (await Promise.all(sizes)).reduce<number>((sum, size) => sum + (size ?? 0), 0);
}

async function isMarkup(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    return /^\s*[<{]/u.test(buffer.subarray(0, bytesRead).toString("latin1"));
  } finally {
    await handle.close();
  }
}
