// The exact command lines for yt-dlp. Options first, then `--`, then the one address we built ourselves.
import { isSite } from "../core/sites.ts";
import { siteListUrl, siteUrl } from "./site-links.ts";
import type { MediaTarget, PlaylistRef } from "./source.ts";
import { cleanText } from "./untrusted-text.ts";
import { playlistUrl, watchUrl } from "./youtube-track.ts";

/**
 * 1: no JavaScript runtime, the quickest way. 2: with one, for what the first cannot read; several seconds slower.
 * Which of YouTube's clients is asked is left to yt-dlp, which changes it when YouTube does.
 */
export type Tier = 1 | 2;

export interface YtDlpArgsOptions {
  /** Node for yt-dlp's own scripts, absolute. */
  readonly nodePath: string;
  /** Seconds a socket may be silent. */
  readonly socketTimeoutSeconds: number;
  /** yt-dlp's notation: how long it waits before it tries again. */
  readonly retrySleep: string;
  /** A CA file is given by SSL_CERT_FILE, which yt-dlp heeds only when told not to use certifi. */
  readonly ownCertificates: boolean;
}

const METADATA_FIELDS =
  "id,title,duration,uploader,channel,is_live,live_status,age_limit,availability,release_timestamp,chapters,extractor_key";
const FORMAT_FIELDS =
  "format_id,ext,acodec,abr,asr,audio_channels,filesize,filesize_approx,protocol,language,available_at";
const ENTRY_FIELDS = "id,title,duration,channel,uploader,url,playlist_index,playlist_count,live_status";
const PROGRESS_FIELDS = "status,downloaded_bytes,total_bytes,tmpfilename,speed,eta";

/** Opus first: it is what the cache keeps. Never by number: dubbed recordings have `251-0`, `251-1` instead of `251`. */
const BEST_AUDIO = "ba[acodec=opus][ext=webm]/ba[acodec=opus]/ba/b";

/** Lists of HLS: sound alone, else the smallest picture with good sound. The rest is for what is live no more. */
const LIVE_AUDIO = "ba[protocol^=m3u8]/b[protocol^=m3u8][height<=?360]/b[protocol^=m3u8]/ba/b";

/** Facts about one recording, as one JSON document. */
export function resolveArgs(target: MediaTarget, tier: Tier, options: YtDlpArgsOptions): string[] {
  const what = ["--no-playlist", "-q", "-f", "ba/b", "-S", "proto", "-J"];
  return [...baseArgs(target.source, options), ...tierArgs(tier, options), ...what, "--", pageOf(target)];
}

/** The same with the address of a live stream's list. */
export function liveArgs(target: MediaTarget, tier: Tier, options: YtDlpArgsOptions): string[] {
  const what = ["--no-playlist", "-q", "-f", LIVE_AUDIO, "-J"];
  return [...baseArgs(target.source, options), ...tierArgs(tier, options), ...what, "--", pageOf(target)];
}

export function searchArgs(text: string, limit: number, options: YtDlpArgsOptions): string[] {
  const base = baseArgs("youtube:search", options);
  const what = ["--flat-playlist", "-q", "-J"];
  return [...base, ...tierArgs(1, options), ...what, "--", `ytsearch${limit}:${cleanText(text)}`];
}

/** One JSON line per entry, as its page arrives. */
export function playlistArgs(
  list: PlaylistRef,
  range: { readonly from: number; readonly limit: number },
  options: YtDlpArgsOptions,
): string[] {
  const items = `${range.from}:${range.from + range.limit - 1}`;
  const what = ["--flat-playlist", "--lazy-playlist", "-q", "-I", items, "--print", `%(.{${ENTRY_FIELDS}})j`];
  const [extractors, url] = isSite(list.source)
    ? [`${list.source}:album`, siteListUrl(list)]
    : ["youtube:tab,youtube:playlist", playlistUrl(list)];
  return [...baseArgs(extractors, options), ...tierArgs(1, options), ...what, "--", url];
}

/**
 * One recording into a folder of ours. Lines on stdout: `M` facts, `F` format, `P` progress, `D` the finished file.
 * A folder and never stdout: with a server that ignores ranges, `-o -` repeats bytes and still ends with 0.
 */
export function downloadArgs(
  request: {
    readonly target: MediaTarget;
    readonly directory: string;
    readonly maxBytes: number;
    readonly maxDurationMs: number;
  },
  tier: Tier,
  options: YtDlpArgsOptions,
): string[] {
  return [
    baseArgs(request.target.source, options),
    tierArgs(tier, options),
    ["--no-playlist", "-q", "--progress", "--newline", "--no-simulate"],
    ["-f", BEST_AUDIO, "-S", "proto"],
    ["-R", "3", "--fragment-retries", "3", "--extractor-retries", "2", "--retry-sleep", options.retrySleep],
    ["--abort-on-unavailable-fragments", "-N", "2"],
    ["--max-filesize", String(request.maxBytes)],
    // Else ffmpeg, where yt-dlp finds one, rewrites each M4A, and its size no longer proves that it is whole.
    ["--fixup", "never"],
    // The `?` lets an unknown length pass; our own limits hold for it.
    ["--break-match-filters", `!is_live & duration<=?${Math.floor(request.maxDurationMs / 1000)}`],
    ["--progress-template", `download:P %(progress.{${PROGRESS_FIELDS}})j`],
    ["--print", `pre_process:M %(.{${METADATA_FIELDS}})j`],
    ["--print", `before_dl:F %(.{${FORMAT_FIELDS}})j`],
    ["--print", "after_move:D %(filepath)j"],
    ["-P", request.directory, "-o", "%(id)s.%(format_id)s.%(ext)s"],
    ["--", pageOf(request.target)],
  ].flat();
}

/** An address we built ourselves, whatever the target says. @throws {AppError} `UNSAFE_ID` */
function pageOf(target: MediaTarget): string {
  return isSite(target.source) ? siteUrl(target) : watchUrl(target);
}

/** `extractors`: regular expressions, which are named like our families; anything else is refused by yt-dlp before a request is made. */
function baseArgs(extractors: string, options: YtDlpArgsOptions): string[] {
  return [
    ["--ignore-config", "--no-plugin-dirs", "--no-update", "--no-cache-dir", "--no-exec"],
    ["--color", "no_color", "--no-mtime", "--abort-on-error"],
    ["--socket-timeout", String(options.socketTimeoutSeconds)],
    ["--ies", extractors],
    options.ownCertificates ? ["--compat-options", "no-certifi"] : [],
  ].flat();
}

function tierArgs(tier: Tier, { nodePath }: YtDlpArgsOptions): string[] {
  return tier === 1 ? ["--no-js-runtimes"] : ["--js-runtimes", `node:${nodePath}`];
}
