// Reads what yt-dlp prints. It is the output of a program fed by a website: every field is checked.
import { z } from "zod";
import type { Chapter, Track } from "../core/track.ts";
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

/** One line of a download; `undefined` = none of ours. */
export function parseOutputLine(line: string): OutputLine | undefined {
  const value = parseJson(line.slice(2));
  switch (line.slice(0, 2)) {
    case "M ":
      return withFacts(value);
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
export function parseVideo(json: string): VideoFacts | undefined {
  return factsFrom(parseJson(json));
}

const LIVE = z.object({
  id: z.string(),
  is_live: z.boolean().nullish().catch(null),
  url: z.url(),
  protocol: text,
});

/** The address of a live stream's list in the document of `-J`; `undefined` = it is no live stream, or another one. */
export function parseLiveAddress(json: string, id: string): URL | undefined {
  const told = LIVE.safeParse(parseJson(json)).data;
  const isList = told?.is_live === true && told.protocol?.startsWith("m3u8") === true;
  return isList && told.id === id ? new URL(told.url) : undefined;
}

/** The document of a search; entries that are no recordings (channels, lists) are left out. */
export function parseSearch(json: string): readonly Track[] | undefined {
  const found = ENTRIES.safeParse(parseJson(json));
  return found.data?.entries.map((entry) => factsFrom(entry)?.track).filter((track) => track !== undefined);
}

/** One line of a list; `undefined` = not a recording, or one that is deleted or private. */
export function parseEntry(line: string): Track | undefined {
  const track = factsFrom(parseJson(line))?.track;
  const isGone = track?.durationMs === null && /^\[(?:Private|Deleted) video\]$/u.test(track.title);
  return isGone ? undefined : track;
}

function factsFrom(value: unknown): VideoFacts | undefined {
  const info = INFO.safeParse(value).data;
  if (!info) return undefined;
  try {
    const track = youtubeTrack({
      id: info.id,
      title: info.title,
      artist: info.channel ?? info.uploader,
      durationSeconds: info.duration,
      isLive: info.is_live === true || info.live_status === "is_live",
      chapters: info.chapters === undefined ? undefined : chaptersOf(info.chapters ?? []),
    });
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

function withFacts(value: unknown): OutputLine | undefined {
  const facts = factsFrom(value);
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
