// The default extractor: yt-dlp as a child process, one short run per job.
import type { Clock } from "../core/clock.ts";
import { isSite, type Site } from "../core/sites.ts";
import type { Track } from "../core/track.ts";
import type { ProcessRunner } from "../process/runner.ts";
import { DEFAULT_PACE } from "./download-meter.ts";
import type { PaceLimits } from "./download-meter.ts";
import { extractorError } from "./extractor-errors.ts";
import type { GuardedFetch } from "./guarded-fetch.ts";
import { openHls, readHls } from "./hls.ts";
import { createSlots } from "./slots.ts";
import type { MediaTarget, Source } from "./source.ts";
import { liveArgs, playlistArgs, resolveArgs, searchArgs } from "./yt-dlp-args.ts";
import type { YtDlpArgsOptions } from "./yt-dlp-args.ts";
import { downloadWithYtDlp } from "./yt-dlp-download.ts";
import { judgeVersion, readVersion } from "./yt-dlp-find.ts";
import type { YtDlpCommand } from "./yt-dlp-find.ts";
import { parseLiveAddress, parseSearch, parseVideo } from "./yt-dlp-output.ts";
import { playlistEntries } from "./yt-dlp-playlist.ts";
import { RunFailed, inTiers, runFailure, ytDlpStarter } from "./yt-dlp-process.ts";
import type { StartYtDlp } from "./yt-dlp-process.ts";

export interface YtDlpOptions {
  readonly runner: ProcessRunner;
  /** From `findYtDlp`; `undefined` = not installed, and every call says so. */
  readonly command: YtDlpCommand | undefined;
  /** Absolute path of an empty folder; made when missing. */
  readonly homeDirectory: string;
  /** Node 22 or newer, absolute, for yt-dlp's second tier. */
  readonly nodePath: string;
  readonly clock: Clock;
  /** Further sites it may fetch from, besides YouTube. Default: none. */
  readonly sites?: readonly Site[];
  /** For live streams: yt-dlp names the address, and we read it. */
  readonly fetch: GuardedFetch;
  /** Given to yt-dlp; `undefined` = none. */
  readonly proxy?: string | undefined;
  /** PEM file, given as SSL_CERT_FILE. */
  readonly certFile?: string | undefined;
  /**
   * yt-dlp processes at the same time, for look-ups and for downloads each: a download that starves must not make
   * people wait for an answer. Default 2: more only slow each other down.
   */
  readonly processes?: number;
  readonly pace?: PaceLimits;
  /** Default 10. */
  readonly socketTimeoutSeconds?: number;
  /** yt-dlp's notation; default `exp=1:8`: 1, 2, 4, 8 seconds. */
  readonly retrySleep?: string;
  /** How often a running download is looked at. Default 1000. */
  readonly watchEveryMs?: number;
}

const ANSWER_TIMEOUT_MS = 45_000;
/** The JSON of a video with subtitles in a hundred languages has about one megabyte. */
const ANSWER_BYTES = 8 * 1024 * 1024;
const MAX_RESULTS = 50;
const MAX_ENTRIES = 5_000;

export function createYtDlp(options: YtDlpOptions): Source {
  const start = limitedStart(options);
  const args = argsOptions(options);
  const download = {
    start: limitedStart(options),
    args,
    clock: options.clock,
    pace: options.pace ?? DEFAULT_PACE,
    watchEveryMs: options.watchEveryMs ?? 1_000,
  };
  return {
    name: "yt-dlp",
    serves: (source) => source === "youtube" || (isSite(source) && options.sites?.includes(source) === true),
    health: (signal) => health(options, signal),
    resolve: (target, signal) =>
      inTiers(async (tier) => {
        const json = await answer(start, resolveArgs(target, tier, args), signal);
        return wanted(json, target);
      }),
    search: async (text, limit, signal) => {
      if (text.trim() === "" || limit < 1) return [];
      const count = Math.min(limit, MAX_RESULTS);
      return (await searchResults(start, searchArgs(text, count, args), signal)).slice(0, count);
    },
    playlist: (list, range, signal) => {
      const capped = { from: Math.max(1, range.from), limit: Math.min(range.limit, MAX_ENTRIES) };
      return playlistEntries(start, { list, args: playlistArgs(list, capped, args) }, signal);
    },
    download: (request, signal) => downloadWithYtDlp(request, download, signal),
    live: async function* (target, signal) {
      const list = await inTiers(async (tier) => {
        const json = await answer(start, liveArgs(target, tier, args), signal);
        return parseLiveAddress(json, target.id);
      });
      yield* readHls(await openHls(list, options, signal), options, signal);
    },
  };
}

function argsOptions(options: YtDlpOptions): YtDlpArgsOptions {
  return {
    nodePath: options.nodePath,
    socketTimeoutSeconds: options.socketTimeoutSeconds ?? 10,
    retrySleep: options.retrySleep ?? "exp=1:8",
    ownCertificates: options.certFile !== undefined,
  };
}

/** Starts yt-dlp when one of its own places is free. */
function limitedStart(options: YtDlpOptions): StartYtDlp {
  const slots = createSlots(options.processes ?? 2);
  const startNow = ytDlpStarter(options);
  return (run, signal) => slots.run(() => startNow(run, signal), signal);
}

async function answer(start: StartYtDlp, args: readonly string[], signal: AbortSignal): Promise<string> {
  const result = await start({ args, timeoutMs: ANSWER_TIMEOUT_MS, outputBytes: ANSWER_BYTES }, signal);
  // The exit code comes first: a failure prints a valid document too, the word null.
  if (result.exitCode !== 0) throw runFailure(result);
  return result.stdout;
}

function wanted(json: string, target: MediaTarget): Track {
  const { id } = target;
  const track = parseVideo(json, target)?.track;
  if (track?.id === id) return track;
  throw extractorError("EXTRACTOR_BROKEN", `asked for ${id}, answered ${track?.id ?? json.slice(0, 200)}`);
}

async function searchResults(
  start: StartYtDlp,
  args: readonly string[],
  signal: AbortSignal,
): Promise<readonly Track[]> {
  try {
    const json = await answer(start, args, signal);
    const tracks = parseSearch(json);
    if (tracks) return tracks;
    throw extractorError("EXTRACTOR_BROKEN", `not a search result: ${json.slice(0, 200)}`);
  } catch (error) {
    throw error instanceof RunFailed ? error.error : error;
  }
}

async function health(options: YtDlpOptions, signal: AbortSignal): ReturnType<Source["health"]> {
  const { command, runner, clock } = options;
  const version = command && (await readVersion(runner, command, signal));
  if (!version) {
    const problems = ["yt-dlp is missing or does not start. Run: npm run setup"];
    return { name: "yt-dlp", usable: false, version: null, ageDays: null, problems };
  }
  const { ageDays, isTooOld, problems } = judgeVersion(version, clock);
  return { name: "yt-dlp", usable: !isTooOld, version, ageDays, problems };
}
