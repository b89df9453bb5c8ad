/** The answer of YouTube's player API for each state of a recording. */
import type { PageState, SongEntry } from "./catalogue.ts";

interface Playability {
  readonly status: string;
  readonly reason?: string;
  readonly subreason?: string;
}

/** As YouTube words them. States that are no answer of the player are missing. */
const PLAYABILITY: Partial<Record<PageState, Playability>> = {
  private: {
    status: "LOGIN_REQUIRED",
    reason: "Private video",
    subreason: "Sign in if you've been granted access to this video",
  },
  removed: {
    status: "ERROR",
    reason: "Video unavailable",
    subreason: "This video has been removed by the uploader",
  },
  members: {
    status: "UNPLAYABLE",
    reason:
      "Join this channel to get access to members-only content like this video, and other exclusive perks.",
  },
  premium: { status: "UNPLAYABLE", reason: "This video is only available to Music Premium members" },
  age: {
    status: "LOGIN_REQUIRED",
    reason: "Sign in to confirm your age",
    subreason: "This video may be inappropriate for some users.",
  },
  geo: {
    status: "UNPLAYABLE",
    reason: "Video unavailable",
    subreason: "The uploader has not made this video available in your country",
  },
  "bot-check": { status: "LOGIN_REQUIRED", reason: "Sign in to confirm you’re not a bot" },
  upcoming: { status: "LIVE_STREAM_OFFLINE", reason: "Premieres in 2 hours" },
  "live-ended": { status: "UNPLAYABLE", reason: "This live stream recording is not available." },
  "rate-limited": { status: "UNPLAYABLE", reason: "This content isn't available, try again later." },
};

/** `undefined` entry = YouTube does not know the ID. A page counts as asked for here. */
export function playerAnswer(entry: SongEntry | undefined, id: string): unknown {
  if (!entry) {
    return { playabilityStatus: playabilityStatus({ status: "ERROR", reason: "Video unavailable" }) };
  }
  entry.counters.pageRequests += 1;
  if (entry.state === "broken") return {};
  const problem = PLAYABILITY[entry.state];
  return {
    responseContext: { visitorData: "bG9jYWw" },
    playabilityStatus: playabilityStatus(problem ?? { status: "OK" }),
    videoDetails: videoDetails(entry, id),
    microformat: { playerMicroformatRenderer: microformat(entry) },
    ...(!problem && { streamingData: streamingData(entry) }),
  };
}

function playabilityStatus({ status, reason, subreason }: Playability): unknown {
  const playerErrorMessageRenderer = {
    reason: { simpleText: reason },
    ...(subreason !== undefined && { subreason: { simpleText: subreason } }),
  };
  return {
    status,
    playableInEmbed: true,
    ...(reason !== undefined && { reason, errorScreen: { playerErrorMessageRenderer } }),
  };
}

function videoDetails({ song, state }: SongEntry, id: string): unknown {
  const isLive = state === "live";
  return {
    videoId: id,
    title: song.title,
    author: song.artist,
    channelId: "UC0000000000000000000000",
    lengthSeconds: isLive ? "0" : String(Math.round(song.durationMs / 1000)),
    isLive,
    isLiveContent: isLive,
    isUpcoming: state === "upcoming",
    isPrivate: state === "private",
    viewCount: "1000",
    shortDescription: "",
    keywords: [],
    isOwnerViewing: false,
    isCrawlable: true,
    allowRatings: true,
    thumbnail: { thumbnails: [{ url: `https://i.ytimg.com/vi/${id}/default.jpg`, width: 120, height: 90 }] },
  };
}

function microformat({ song, state }: SongEntry): unknown {
  const startTimestamp = "2026-11-01T00:00:00+00:00";
  return {
    title: { simpleText: song.title },
    description: { simpleText: "" },
    thumbnail: {
      thumbnails: [{ url: `https://i.ytimg.com/vi/${song.id}/default.jpg`, width: 120, height: 90 }],
    },
    embed: { iframeUrl: `https://www.youtube.com/embed/${song.id}`, width: 1280, height: 720 },
    lengthSeconds: String(Math.round(song.durationMs / 1000)),
    ownerProfileUrl: "http://www.youtube.com/@tones",
    ownerChannelName: song.artist,
    externalChannelId: "UC0000000000000000000000",
    isFamilySafe: true,
    isUnlisted: false,
    hasYpcMetadata: false,
    viewCount: "1000",
    category: "Music",
    publishDate: startTimestamp,
    uploadDate: startTimestamp,
    availableCountries: ["AQ"],
    ...(state === "live" && { liveBroadcastDetails: { isLiveNow: true, startTimestamp } }),
  };
}

function streamingData(entry: SongEntry): unknown {
  const adaptiveFormats = [audioFormat(entry)];
  const expiresInSeconds = "21540";
  if (entry.state !== "live") return { expiresInSeconds, adaptiveFormats };
  return { expiresInSeconds, adaptiveFormats, hlsManifestUrl: entry.song.hlsUrl };
}

function audioFormat(entry: SongEntry): unknown {
  const { song, state, faults } = entry;
  const isWebm = song.format === "webm";
  const itag = isWebm ? 251 : 140;
  const address = `https://rr1---sn-local.googlevideo.com/videoplayback?expire=1999999999&id=${song.id}&itag=${itag}&issue=${entry.issueAddress()}&ip=203.0.113.7&sig=AOq0QJ8wRQIhsecret`;
  return {
    itag,
    mimeType: isWebm ? 'audio/webm; codecs="opus"' : 'audio/mp4; codecs="mp4a.40.2"',
    bitrate: 130_000,
    averageBitrate: 128_000,
    loudnessDb: song.loudnessLufs + 14,
    initRange: { start: "0", end: "258" },
    indexRange: { start: "259", end: "300" },
    lastModified: "1700000000000000",
    quality: "tiny",
    projectionType: "RECTANGULAR",
    audioQuality: "AUDIO_QUALITY_MEDIUM",
    audioSampleRate: isWebm ? "48000" : "44100",
    audioChannels: 2,
    approxDurationMs: String(song.durationMs),
    ...(!faults.endless && !faults.hidesSize && { contentLength: String(song.bytes) }),
    ...(state === "drm" && { drmFamilies: ["WIDEVINE"] }),
    ...(state === "js-only"
      ? { signatureCipher: `s=AAAA&sp=sig&url=${encodeURIComponent(address)}` }
      : { url: address }),
  };
}
