// The in-process extractor: youtubei.js with the one client of YouTube's that needs neither player script nor tokens.
import { createRequire } from "node:module";
import type { Innertube, Misc, YT } from "youtubei.js";
import { throwIfAborted } from "../core/abort.ts";
import { AppError } from "../core/errors.ts";
import { formatDuration } from "../core/format.ts";
import type { Track, TrackRef } from "../core/track.ts";
import { errorFromText, extractorError } from "./extractor-errors.ts";
import type { GuardedFetch } from "./guarded-fetch.ts";
import { openHls, readHls } from "./hls.ts";
import { downloadFound } from "./library-download.ts";
import type { LibraryDownloadOptions, Playable } from "./library-download.ts";
import type { DownloadRequest, PlaylistRef, Source } from "./source.ts";
import { playlistUrl, watchUrl, youtubeTrack } from "./youtube-track.ts";
import { entryTrack } from "./youtubei-entries.ts";
import { createYoutubeiSession, playabilityText } from "./youtubei-session.ts";
import type { WithSession } from "./youtubei-session.ts";

/** `fetch`: everything goes through it; {@link createExtractorFetch} makes one that honours a proxy. */
export interface YoutubeiOptions extends LibraryDownloadOptions {
  /** For live streams, whose pieces may be anywhere. */
  readonly guardedFetch: GuardedFetch;
}

const MAX_RESULTS = 50;
const MAX_ENTRIES = 5_000;

export function createYoutubei(options: YoutubeiOptions): Source {
  const withSession = createYoutubeiSession(options.fetch);
  return {
    name: "youtubei",
    serves: (source) => source === "youtube",
    health: async () => ({
      name: "youtubei",
      usable: true,
      version: libraryVersion(),
      ageDays: null,
      problems: [],
    }),
    resolve: async (target, signal) => (await videoInfo(withSession, target, signal)).track,
    search: async (text, limit, signal) => {
      throwIfAborted(signal);
      if (text.trim() === "" || limit < 1) return [];
      const found = await withSession((session) => session.search(text, { type: "video" }), signal);
      const tracks = found.videos.map((video) => entryTrack(video)).filter((track) => track !== undefined);
      return tracks.slice(0, Math.min(limit, MAX_RESULTS));
    },
    playlist: (list, range, signal) => entries(withSession, list, { ...range, signal }),
    download: (request, signal) =>
      downloadFound(request, options, () => playable(withSession, request, signal), signal),
    live: async function* (target, signal) {
      const { info, track } = await videoInfo(withSession, target, signal);
      const list = URL.parse(info.streaming_data?.hls_manifest_url ?? "");
      if (!track.isLive || !list) throw new AppError("LIVE_ENDED");
      const reading = { fetch: options.guardedFetch, clock: options.clock };
      yield* readHls(await openHls(list, reading, signal), reading, signal);
    },
  };
}

async function videoInfo(
  withSession: WithSession,
  target: TrackRef,
  signal: AbortSignal,
): Promise<{ readonly info: YT.VideoInfo; readonly track: Track }> {
  watchUrl(target);
  const info = await withSession((session) => askPlayer(session, target.id), signal);
  const { id, title, author, duration, is_live: isLive } = info.basic_info;
  if (id !== target.id) throw extractorError("EXTRACTOR_BROKEN", `asked for ${target.id}, answered ${id}`);
  const track = youtubeTrack({ id, title, artist: author, durationSeconds: duration, isLive });
  return { info, track };
}

/** Only the status ERROR makes the library throw; every other refusal has to be looked for. */
async function askPlayer(session: Innertube, id: string): Promise<YT.VideoInfo> {
  const info = await session.getBasicInfo(id, { client: "VISIONOS" });
  const { playability_status: status } = info;
  if (status?.status !== "OK") {
    throw errorFromText(playabilityText(status) || `no playability: ${status?.status}`);
  }
  return info;
}

async function playable(
  withSession: WithSession,
  { target, limits }: DownloadRequest,
  signal: AbortSignal,
): Promise<Playable> {
  const { info, track } = await videoInfo(withSession, target, signal);
  if (track.isLive) throw new AppError("LIVE_NOT_SUPPORTED");
  if (info.basic_info.is_upcoming) throw new AppError("NOT_STARTED");
  if ((track.durationMs ?? 0) > limits.maxDurationMs) {
    throw new AppError("TRACK_TOO_LONG", { limit: formatDuration(limits.maxDurationMs) });
  }
  const format = bestAudio(info.streaming_data?.adaptive_formats ?? []);
  const { url = "", itag, content_length: bytes = null } = format;
  const formatId = `${itag}.${format.xtags ?? ""}.${format.last_modified_ms}`;
  const { durationMs } = track;
  return { track, address: { url, formatId, bytes, durationMs, loudnessLufs: loudnessOf(format) } };
}

/** YouTube tells how much louder than its own target a recording is: -14 LUFS. */
function loudnessOf({ loudness_db: aboveTargetDb }: Misc.Format): number | null {
  return aboveTargetDb === undefined ? null : -14 + aboveTargetDb;
}

/** The original language before dubs, Opus before AAC, then the highest bit rate. */
function bestAudio(formats: readonly Misc.Format[]): Misc.Format {
  const audio = formats.filter((format) => format.has_audio && !format.has_video);
  const free = audio.filter(({ drm_families: families }) => !families?.length);
  if (audio.length > 0 && free.length === 0) throw new AppError("DRM_PROTECTED");
  const [best] = free
    .filter(({ url }) => url !== undefined)
    .toSorted((a, b) => compareRanks(rank(b), rank(a)));
  if (!best) throw extractorError("EXTRACTOR_BROKEN", "No video formats found");
  return best;
}

function rank(format: Misc.Format): readonly number[] {
  const isOriginal = !format.is_dubbed && !format.is_auto_dubbed && !format.is_descriptive;
  const isOpus = format.mime_type.includes("opus");
  return [Number(isOriginal), Number(!format.is_drc), Number(isOpus), format.bitrate];
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return (a[at] ?? 0) - (b[at] ?? 0);
}

async function* entries(
  withSession: WithSession,
  list: PlaylistRef,
  { from, limit, signal }: { readonly from: number; readonly limit: number; readonly signal: AbortSignal },
): AsyncGenerator<Track, void, undefined> {
  playlistUrl(list);
  const end = Math.max(1, from) + Math.min(limit, MAX_ENTRIES);
  let page = await withSession((session) => session.getPlaylist(list.id), signal).catch((error: unknown) => {
    const isGone = error instanceof AppError && ["VIDEO_REMOVED", "PRIVATE_VIDEO"].includes(error.code);
    throw isGone ? new AppError("PLAYLIST_UNAVAILABLE", error.context, { cause: error }) : error;
  });
  for (let number = 1; ;) {
    for (const item of page.items) {
      const track = number >= from && number < end ? entryTrack(item) : undefined;
      number += 1;
      if (track) yield track;
    }
    if (number >= end || !page.has_continuation || page.items.length === 0) return;
    const current = page;
    page = await withSession(() => current.getContinuation(), signal);
  }
}

function libraryVersion(): string | null {
  const found: unknown = createRequire(import.meta.url)("youtubei.js/package.json");
  const version = typeof found === "object" && found !== null && "version" in found ? found.version : null;
  return typeof version === "string" ? version : null;
}
