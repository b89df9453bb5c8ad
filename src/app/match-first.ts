/** Songs that are only named become recordings right before they are fetched, and what is only said of them facts. */
import { type ErrorCode, toAppError } from "../core/errors.ts";
import { isNamedOnly, type Track } from "../core/track.ts";
import type { AudioAhead, ProvideAudio } from "../player/playable-audio.ts";
import type { QueueItem } from "../player/queue.ts";
import type { Matcher } from "../sources/matcher.ts";
import type { Resolver } from "../sources/resolver.ts";

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

/** Who tells which recording a song is, and what is true of it. */
export interface Knowledge {
  readonly matcher: Matcher;
  readonly resolver: Pick<Resolver, "facts">;
}

/**
 * The same ways, for songs that are only named as well, and for those that a list tells of. A recording whose facts are
 * known takes no step more than before.
 */
export function matchFirst({ provide, ahead }: WaysToAudio, { matcher, resolver }: Knowledge): WaysToAudio {
  const matched = async (item: QueueItem, signal: AbortSignal): Promise<QueueItem> => {
    const { track } = item;
    const recording = track.isUnproven ? resolver.facts(track, signal) : matcher.match(track, signal);
    return { ...item, track: await recording };
  };
  return {
    provide: async (wish, signal) => {
      if (isPlain(wish.item.track)) return await provide(wish, signal);
      const item = await matched(wish.item, signal);
      try {
        return await provide({ ...wish, item }, signal);
      } catch (error) {
        const isMatch = isNamedOnly(wish.item.track);
        if (isMatch && GONE.has(toAppError(error).code)) await matcher.forget(wish.item.track);
        throw error;
      }
    },
    ahead: {
      fetch: async (wish, signal) =>
        isPlain(wish.item.track)
          ? await ahead.fetch(wish, signal)
          : await ahead.fetch({ ...wish, item: await matched(wish.item, signal) }, signal),
      find: async (wish) => {
        const track = await matcher.known(wish.item.track);
        return track && (await ahead.find({ ...wish, item: { ...wish.item, track } }));
      },
    },
  };
}

function isPlain(track: Track): boolean {
  return !isNamedOnly(track) && !track.isUnproven;
}
