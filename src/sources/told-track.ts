// What an extractor told about a recording, as a Track.
import type { Chapter, Track } from "../core/track.ts";
import type { MediaTarget } from "./source.ts";
import { cleanText } from "./untrusted-text.ts";

/** What extractors know; all of it untrusted. */
export interface ToldFacts {
  readonly title?: string | null | undefined;
  readonly artist?: string | null | undefined;
  /** `null` or 0 = unknown or live. */
  readonly durationSeconds?: number | null | undefined;
  readonly isLive?: boolean | null | undefined;
  readonly chapters?: readonly Chapter[] | undefined;
}

/** A recording with more parts than this is a list of seconds. */
const MOST_CHAPTERS = 300;

/** `thumbnailUrl` is shown to people, so nobody else chooses it. */
export function toldTrack(target: MediaTarget, facts: ToldFacts, thumbnailUrl: string | null): Track {
  const { source, id, url } = target;
  const seconds = facts.durationSeconds ?? 0;
  const isLive = facts.isLive === true;
  return {
    source,
    id,
    title: cleanText(facts.title ?? "") || id,
    artist: cleanText(facts.artist ?? ""),
    url,
    durationMs: !isLive && seconds > 0 ? Math.round(seconds * 1000) : null,
    isLive,
    thumbnailUrl,
    ...(facts.chapters && { chapters: sound(facts.chapters) }),
  };
}

/** In their order, each with a name and a length. */
function sound(chapters: readonly Chapter[]): Chapter[] {
  return chapters
    .filter(({ startMs, endMs }) => startMs >= 0 && endMs > startMs)
    .toSorted((a, b) => a.startMs - b.startMs)
    .slice(0, MOST_CHAPTERS)
    .map((chapter, index) => ({ ...chapter, title: cleanText(chapter.title) || `${index + 1}` }));
}
