// Entries of searches and lists as youtubei.js parses them. YouTube changes their shape often, so each is checked.
import { z } from "zod";
import { isYoutubeId } from "../core/track.ts";
import type { Track } from "../core/track.ts";
import { youtubeTrack } from "./youtube-track.ts";

const TEXT = z.object({ text: z.string().optional() }).optional().catch(undefined);

/** `videoRenderer` and `playlistVideoRenderer`. */
const VIDEO = z
  .object({
    id: z.string(),
    title: TEXT,
    author: z.object({ name: z.string().optional() }).optional().catch(undefined),
    duration: z.object({ seconds: z.number() }).optional().catch(undefined),
    is_live: z.boolean().optional().catch(undefined),
  })
  .transform(({ id, title, author, duration, is_live: isLive }) => ({
    id,
    title: title?.text,
    artist: author?.name,
    durationSeconds: duration?.seconds,
    isLive,
  }));

/** `lockupViewModel`, which is taking their place and has the length only as a badge on the picture. */
const LOCKUP = z
  .object({
    content_id: z.string(),
    content_type: z.literal("VIDEO"),
    metadata: z.object({ title: TEXT }).nullish(),
  })
  .transform(({ content_id: id, metadata }) => ({ id, title: metadata?.title?.text }));

/** `undefined` = not a recording, or one that is deleted or private. */
export function entryTrack(entry: unknown): Track | undefined {
  const facts = VIDEO.or(LOCKUP).safeParse(entry).data;
  if (!facts || !isYoutubeId(facts.id)) return undefined;
  return /^\[(?:Private|Deleted) video\]$/u.test(facts.title ?? "") ? undefined : youtubeTrack(facts);
}
