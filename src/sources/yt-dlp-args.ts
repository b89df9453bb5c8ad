// The exact command lines for yt-dlp. Options first, then `--`, then the one address we built ourselves.
import type { TrackRef } from "../core/track.ts";
import type { PlaylistRef } from "./source.ts";
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

/** Sound alone, else, as live streams have it, the smallest picture with good sound. */
const ANY_AUDIO = "ba/b[height<=?360]/b";

/** Facts about one recording, and for a live stream the address of its list, as one JSON document. */
export function resolveArgs(ref: TrackRef, tier: Tier, options: YtDlpArgsOptions): string[] {
  const what = ["--no-playlist", "-q", "-f", ANY_AUDIO, "-S", "proto", "-J"];
  return [...baseArgs("youtube", options), ...tierArgs(tier, options), ...what, "--", watchUrl(ref)];
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
  const base = baseArgs("youtube:tab,youtube:playlist", options);
  return [...base, ...tierArgs(1, options), ...what, "--", playlistUrl(list)];
}

/**
 * One recording into a folder of ours. Lines on stdout: `M` facts, `F` format, `P` progress, `D` the finished file.
 * A folder and never stdout: with a server that ignores ranges, `-o -` repeats bytes and still ends with 0.
 */
export function downloadArgs(
  request: {
    readonly ref: TrackRef;
    readonly directory: string;
    readonly maxBytes: number;
    readonly maxDurationMs: number;
  },
  tier: Tier,
  options: YtDlpArgsOptions,
): string[] {
  return [
    baseArgs("youtube", options),
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
    ["--", watchUrl(request.ref)],
  ].flat();
}

/** `extractors`: regular expressions; anything else is refused by yt-dlp before a request is made. */
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
