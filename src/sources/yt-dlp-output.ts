// Reads what yt-dlp prints. It is the output of a program fed by a website: every field is checked.
import { z } from "zod";
import { AppError } from "../core/errors.ts";
import type { Chapter, Track } from "../core/track.ts";
import { extractorError } from "./extractor-errors.ts";
import { parseSiteUrl } from "./site-links.ts";
import type { MediaTarget, PlaylistRef } from "./source.ts";
import { toldTrack } from "./told-track.ts";
import { youtubeTrack } from "./youtube-track.ts";

const text = z.string().nullish().catch(null);
const count = z.number().nonnegative().nullish().catch(null);

const INFO = z.object({
  id: z.string(),
  title: text,
  channel: text,
  uploader: text,
  duration: count,
  is_live: z.boolean().nullish().catch(null),
  live_status: text,
  url: text,
  chapters: z
    .array(z.object({ start_time: z.number(), end_time: z.number(), title: text }))
    .nullish()
    // Without that field nobody was asked.
    .catch(undefined),
});

const FORMAT = z.object({ format_id: z.string(), filesize: count, available_at: count, protocol: text });
const PROGRESS = z.object({ downloaded_bytes: count, total_bytes: count, tmpfilename: text });
const ENTRIES = z.object({ entries: z.array(z.unknown()) });

/** Facts about a recording, before it is known whether it may be played. */
export interface VideoFacts {
  readonly track: Track;
  readonly isUpcoming: boolean;
}

export type OutputLine =
  | { readonly kind: "facts"; readonly facts: VideoFacts }
  | {
      readonly kind: "format";
      readonly formatId: string;
      /** `null` = the source did not say. */
      readonly bytes: number | null;
      /** One address, not a list of fragments: as many bytes are written as are received. */
      readonly isOneFile: boolean;
      /** Wall clock in milliseconds before which the address does not work (an advertisement would run). */
      readonly availableAtMs: number | null;
    }
  | {
      readonly kind: "progress";
      readonly receivedBytes: number;
      readonly totalBytes: number | null;
      /** The file it writes; `null` = it is finished. */
      readonly growingPath: string | null;
    }
  | { readonly kind: "done"; readonly path: string };

/** One line of a download of `target`; `undefined` = none of ours. */
export function parseOutputLine(line: string, target: MediaTarget): OutputLine | undefined {
  const value = parseJson(line.slice(2));
  switch (line.slice(0, 2)) {
    case "M ":
      return withFacts(value, target);
    case "F ":
      return withFormat(value);
    case "P ":
      return withProgress(value);
    case "D ":
      return typeof value === "string" ? { kind: "done", path: value } : undefined;
    default:
      return undefined;
  }
}

/** The document of `-J` for one recording; `undefined` = not that (`null` is what a failure prints). */
export function parseVideo(json: string, target: MediaTarget): VideoFacts | undefined {
  return factsFrom(parseJson(json), target);
}

const LIVE = z.object({
  id: z.string(),
  is_live: z.boolean().nullish().catch(null),
  url: z.url(),
  protocol: text,
});

/**
 * The address of a live stream's list in the document of `-J`.
 * @throws {AppError} `LIVE_ENDED`, `EXTRACTOR_BROKEN` when it is live and has no such list, or is another recording
 */
export function parseLiveAddress(json: string, id: string): URL {
  const told = LIVE.safeParse(parseJson(json)).data;
  if (told?.id === id && told.is_live !== true) throw new AppError("LIVE_ENDED");
  const isList = told?.id === id && told.protocol?.startsWith("m3u8") === true;
  if (!isList) throw extractorError("EXTRACTOR_BROKEN", `no list of a live stream: ${json.slice(0, 200)}`);
  return new URL(told.url);
}

/** The document of a search; entries that are no recordings (channels, lists) are left out. */
export function parseSearch(json: string): readonly Track[] | undefined {
  const found = ENTRIES.safeParse(parseJson(json));
  return found.data?.entries.map((entry) => factsFrom(entry)?.track).filter((track) => track !== undefined);
}

/** One line of a list; `undefined` = not a recording, or one that is deleted or private. */
export function parseEntry(line: string, list: PlaylistRef): Track | undefined {
  const value = parseJson(line);
  const target = list.source === "youtube" ? undefined : siteEntry(value);
  if (list.source !== target?.source && list.source !== "youtube") return undefined;
  const track = factsFrom(value, target)?.track;
  const isGone = track?.durationMs === null && /^\[(?:Private|Deleted) video\]$/u.test(track.title);
  return isGone ? undefined : track;
}

/** The song at the address that an entry of an album tells. */
function siteEntry(value: unknown): MediaTarget | undefined {
  const url = URL.parse(INFO.safeParse(value).data?.url ?? "");
  const link = url && parseSiteUrl(url);
  return link?.kind === "track" ? link.target : undefined;
}

/** @param target what was asked for, when its own ID counts and not the one that is told: songs of further sites */
function factsFrom(value: unknown, target?: MediaTarget): VideoFacts | undefined {
  const info = INFO.safeParse(value).data;
  if (!info) return undefined;
  const facts = {
    id: info.id,
    title: info.title,
    artist: info.channel ?? info.uploader,
    durationSeconds: info.duration,
    isLive: info.is_live === true || info.live_status === "is_live",
    chapters: info.chapters === undefined ? undefined : chaptersOf(info.chapters ?? []),
  };
  try {
    const isOwn = target !== undefined && target.source !== "youtube";
    const track = isOwn ? toldTrack(target, facts, null) : youtubeTrack(facts);
    return { track, isUpcoming: info.live_status === "is_upcoming" };
  } catch {
    return undefined;
  }
}

function chaptersOf(told: NonNullable<z.infer<typeof INFO>["chapters"]>): Chapter[] {
  return told.map(({ start_time: start, end_time: end, title }) => ({
    title: title ?? "",
    startMs: Math.round(start * 1_000),
    endMs: Math.round(end * 1_000),
  }));
}

function withFacts(value: unknown, target: MediaTarget): OutputLine | undefined {
  const facts = factsFrom(value, target);
  return facts && { kind: "facts", facts };
}

function withFormat(value: unknown): OutputLine | undefined {
  const format = FORMAT.safeParse(value).data;
  if (!format) return undefined;
  const availableAtMs = format.available_at ? format.available_at * 1000 : null;
  const isOneFile = /^https?$/u.test(format.protocol ?? "");
  return {
    kind: "format",
    formatId: format.format_id,
    bytes: format.filesize ?? null,
    isOneFile,
    availableAtMs,
  };
}

function withProgress(value: unknown): OutputLine | undefined {
  const progress = PROGRESS.safeParse(value).data;
  if (typeof progress?.downloaded_bytes !== "number") return undefined;
  const { downloaded_bytes: receivedBytes, total_bytes: totalBytes = null, tmpfilename = null } = progress;
  return { kind: "progress", receivedBytes, totalBytes, growingPath: tmpfilename };
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
