// The extractor of former years, kept behind the same interface: off unless configured, and honest about its state.
import { throwIfAborted, untilAborted } from "../core/abort.ts";
import { AppError, toAppError } from "../core/errors.ts";
import { formatDuration } from "../core/format.ts";
import type { Track, TrackRef } from "../core/track.ts";
import { extractorError, recognizeFailure } from "./extractor-errors.ts";
import type { MediaAddress } from "./ranged-download.ts";
import { downloadFound } from "./library-download.ts";
import type { LibraryDownloadOptions, Playable } from "./library-download.ts";
import type { DownloadRequest, Source, SourceHealth } from "./source.ts";
import { watchUrl, youtubeTrack } from "./youtube-track.ts";
import { loadYtdlCore, parseInfo } from "./ytdl-core-library.ts";
import type { YtdlCoreDetails, YtdlCoreFormat, YtdlCoreLibrary } from "./ytdl-core-library.ts";

/** `fetch` is for the media; {@link createExtractorFetch} makes one that honours a proxy. */
export interface YtdlCoreOptions extends LibraryDownloadOptions {
  /** For the library's own requests. */
  readonly proxy?: string | undefined;
  /** CA certificates in PEM for the same, behind a proxy. */
  readonly certificates?: string | undefined;
  /** Sets variables of this process; see {@link loadYtdlCore}. */
  readonly setEnvironment: (variables: Readonly<Record<string, string>>) => void;
}

/** Those that give plain addresses; the others need a signature that the library can no longer make. */
const CLIENTS = ["WEB_EMBEDDED", "IOS", "ANDROID", "TV"];
const STATE =
  "ytdl-core is no longer maintained and usually cannot read YouTube today. Prefer yt-dlp: take ytdl-core out of EXTRACTORS.";

type Info = NonNullable<ReturnType<typeof parseInfo>>;
type Ask = (how: "getBasicInfo" | "getInfo", target: TrackRef, signal: AbortSignal) => Promise<Info>;

export function createYtdlCore(options: YtdlCoreOptions): Source {
  const library = lazily(() => loadYtdlCore(options.setEnvironment));
  const ask = asker(library, options);
  return {
    name: "ytdl-core",
    serves: (source) => source === "youtube",
    health: () => health(library),
    resolve: async (target, signal) => trackOf((await ask("getBasicInfo", target, signal)).details),
    search: async () => {
      throw cannot("search");
    },
    playlist: () => ({
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(cannot("read playlists")) }),
    }),
    download: (request, signal) =>
      downloadFound(request, options, () => playable(ask, request, signal), signal),
  };
}

/** A kind of error with which the next extractor is asked. */
function cannot(what: string): AppError {
  return new AppError("EXTRACTOR_MISSING", { extractor: "ytdl-core", reason: `ytdl-core cannot ${what}` });
}

async function health(library: () => Promise<YtdlCoreLibrary>): Promise<SourceHealth> {
  const name = "ytdl-core";
  try {
    const { version } = await library();
    return { name, usable: true, version, ageDays: null, problems: [STATE] };
  } catch {
    const problems = [
      "ytdl-core is not installed. Take it out of EXTRACTORS, or run: npm install @distube/ytdl-core",
    ];
    return { name, usable: false, version: null, ageDays: null, problems };
  }
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

function asker(library: () => Promise<YtdlCoreLibrary>, { proxy, certificates }: YtdlCoreOptions): Ask {
  const agentOf = (core: YtdlCoreLibrary): unknown => {
    const requestTls = certificates === undefined ? {} : { ca: certificates };
    return proxy === undefined ? core.createAgent() : core.createProxyAgent({ uri: proxy, requestTls });
  };
  const agent = lazily(async () => agentOf(await library()));
  return async (how, target, signal) => {
    throwIfAborted(signal);
    const page = watchUrl(target);
    const core = await library();
    core.forget();
    const request = { agent: await agent(), playerClients: CLIENTS };
    const answer = await untilAborted(core[how](page, request), signal).catch((error: unknown) => {
      throw problemOf(error);
    });
    const info = parseInfo(answer);
    if (info?.details.videoId === target.id) return info;
    throw extractorError("EXTRACTOR_BROKEN", `asked for ${target.id}, answered ${info?.details.videoId}`);
  };
}

function problemOf(error: unknown): AppError {
  const known = toAppError(error);
  if (known.code !== "INTERNAL") return known;
  const text = error instanceof Error ? `${error.message}: ${String(error.cause)}` : String(error);
  return extractorError(codeOf(text), text, error);
}

function codeOf(text: string): AppError["code"] {
  const status = Number(/status code:? (\d+)/iu.exec(text)?.[1] ?? 0);
  if (status === 429) return "RATE_LIMITED";
  const isNetwork = /fetch failed|other side closed|socket|ECONN|ENOTFOUND|terminated/u.test(text);
  if (isNetwork || status >= 500) return "SOURCE_UNREACHABLE";
  return recognizeFailure(text)?.code ?? "EXTRACTOR_BROKEN";
}

function trackOf(details: YtdlCoreDetails): Track {
  return youtubeTrack({
    id: details.videoId,
    title: details.title,
    artist: details.author?.name ?? details.ownerChannelName,
    durationSeconds: details.lengthSeconds,
    isLive: details.isLive === true || details.liveBroadcastDetails?.isLiveNow === true,
  });
}

function addressOf(track: Track, formats: readonly YtdlCoreFormat[]): MediaAddress {
  const audio = formats.filter((format) => format.hasAudio && !format.hasVideo);
  const free = audio.filter(({ drmFamilies }) => !drmFamilies?.length);
  if (audio.length > 0 && free.length === 0) throw new AppError("DRM_PROTECTED");
  const [best] = free.toSorted((a, b) => rank(b) - rank(a));
  if (!best) throw extractorError("EXTRACTOR_BROKEN", "No video formats found");
  return {
    url: best.url,
    formatId: `${best.itag}.${best.lastModified ?? ""}`,
    bytes: best.contentLength ?? null,
    durationMs: track.durationMs,
    loudnessLufs: null,
  };
}

/** The default language before dubs, Opus before AAC, then the highest bit rate (always below a million kbit/s). */
function rank({ audioTrack, isDrc, mimeType, bitrate = 0 }: YtdlCoreFormat): number {
  const isDefault = (audioTrack?.audioIsDefault ?? true) && !isDrc;
  return Number(isDefault) * 2e9 + Number(mimeType.includes("opus")) * 1e9 + bitrate;
}

async function playable(ask: Ask, request: DownloadRequest, signal: AbortSignal): Promise<Playable> {
  const { target, limits } = request;
  const { details, formats } = await ask("getInfo", target, signal);
  const track = trackOf(details);
  if (track.isLive) throw new AppError("LIVE_NOT_SUPPORTED");
  if ((track.durationMs ?? 0) > limits.maxDurationMs) {
    throw new AppError("TRACK_TOO_LONG", { limit: formatDuration(limits.maxDurationMs) });
  }
  return { track, address: addressOf(track, formats) };
}
