/** Songs that are only named become recordings right before they are fetched, and not before. */
import { type ErrorCode, toAppError } from "../core/errors.ts";
import { isNamedOnly } from "../core/track.ts";
import type { AudioAhead, ProvideAudio } from "../player/playable-audio.ts";
import type { QueueItem } from "../player/queue.ts";
import type { Matcher } from "../sources/matcher.ts";

/** The player's ways to audio. */
export interface WaysToAudio {
  readonly provide: ProvideAudio;
  readonly ahead: AudioAhead;
}

/** The recording that was found for a song is there no more; another may be. */
const GONE: ReadonlySet<ErrorCode> = new Set([
  "VIDEO_REMOVED",
  "PRIVATE_VIDEO",
  "REGION_BLOCKED",
  "PAID_CONTENT",
]);

/** The same ways, for songs that are only named as well. A recording takes no step more than before. */
export function matchFirst({ provide, ahead }: WaysToAudio, matcher: Matcher): WaysToAudio {
  const matched = async (item: QueueItem, signal: AbortSignal): Promise<QueueItem> => ({
    ...item,
    track: await matcher.match(item.track, signal),
  });
  return {
    provide: async (wish, signal) => {
      if (!isNamedOnly(wish.item.track)) return await provide(wish, signal);
      const item = await matched(wish.item, signal);
      try {
        return await provide({ ...wish, item }, signal);
      } catch (error) {
        if (GONE.has(toAppError(error).code)) await matcher.forget(wish.item.track);
        throw error;
      }
    },
    ahead: {
      fetch: async (wish, signal) =>
        isNamedOnly(wish.item.track)
          ? await ahead.fetch({ ...wish, item: await matched(wish.item, signal) }, signal)
          : await ahead.fetch(wish, signal),
      find: async (wish) => {
        const track = await matcher.known(wish.item.track);
        return track && (await ahead.find({ ...wish, item: { ...wish.item, track } }));
      },
    },
  };
}
