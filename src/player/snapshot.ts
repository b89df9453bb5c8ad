import { z } from "zod";
import type { SavedOrder } from "./play-order.ts";
import type { QueueItem } from "./queue.ts";
import type { Sleep } from "./sleep-timer.ts";
import type { VoiceChannelRef } from "./voice-link.ts";

/** A session as plain data: what is needed to go on after a restart. */
export interface SessionSnapshot extends SavedOrder {
  readonly version: 1;
  /** Somebody held the song. */
  readonly isPaused: boolean;
  readonly sleep: Sleep | null;
  /** Where it plays; `null` = the queue is kept without playing. */
  readonly channel: VoiceChannelRef | null;
}

const MS = z.number().min(0);
const ITEM = z.looseObject({
  id: z.string(),
  track: z.looseObject({
    source: z.string(),
    id: z.string(),
    title: z.string(),
    artist: z.string(),
    url: z.string(),
    durationMs: MS.nullable(),
    isLive: z.boolean(),
    thumbnailUrl: z.string().nullable(),
  }),
  startMs: MS,
  endMs: MS.exactOptional(),
  chapter: z.string().exactOptional(),
  resumeMs: MS.exactOptional(),
  requestedBy: z.object({ id: z.string(), name: z.string() }),
  textChannelId: z.string(),
  roomIds: z.array(z.string()).exactOptional(),
  playlistId: z.string().exactOptional(),
  requestedAtMs: z.number(),
  origin: z.literal("autoplay").exactOptional(),
  note: z.string().exactOptional(),
});

const SNAPSHOT = z.object({
  version: z.literal(1),
  current: z.object({ item: ITEM, positionMs: MS }).nullable(),
  waiting: z.array(ITEM),
  history: z.array(
    z.object({
      item: ITEM,
      ending: z.enum(["finished", "interrupted", "cancelled", "failed"]),
      endedAtMs: z.number(),
    }),
  ),
  loop: z.enum(["off", "track", "queue"]),
  isPaused: z.boolean(),
  sleep: z.union([z.object({ after: z.literal("song") }), z.object({ atMs: z.number() })]).nullable(),
  channel: z.object({ guildId: z.string(), channelId: z.string(), name: z.string() }).nullable(),
});

/** An entry of a queue from data of unknown kind. @throws {Error} when it is none */
export function readItem(data: unknown): QueueItem {
  return ITEM.parse(data);
}

/** A snapshot from data of unknown kind. @throws {Error} when it is none, or one of another version */
export function readSnapshot(data: unknown): SessionSnapshot {
  return SNAPSHOT.parse(data);
}
