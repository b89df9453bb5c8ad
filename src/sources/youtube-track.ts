// A YouTube recording's facts as a Track, the same from every extractor.
import { AppError } from "../core/errors.ts";
import { isYoutubeId } from "../core/track.ts";
import type { Chapter, Track, TrackRef } from "../core/track.ts";
import type { PlaylistRef } from "./source.ts";
import { cleanText } from "./untrusted-text.ts";

const PLAYLIST_ID = /^[\w-]{2,64}$/u;

/** What extractors know; all of it untrusted. */
export interface YoutubeFacts {
  readonly id: string;
  readonly title?: string | null | undefined;
  readonly artist?: string | null | undefined;
  /** `null` or 0 = unknown or live. */
  readonly durationSeconds?: number | null | undefined;
  readonly isLive?: boolean | null | undefined;
  readonly chapters?: readonly Chapter[] | undefined;
}

/** A recording with more parts than this is a list of seconds. */
const MOST_CHAPTERS = 300;

/** Address of a recording's page, built from its ID alone. @throws {AppError} `UNSAFE_ID` */
export function watchUrl(ref: TrackRef): string {
  if (!isYoutubeId(ref.id)) throw new AppError("UNSAFE_ID", { source: ref.source, id: ref.id });
  return `https://www.youtube.com/watch?v=${ref.id}`;
}

/** Address of a list's page. @throws {AppError} `UNSAFE_ID` */
export function playlistUrl(list: PlaylistRef): string {
  if (!PLAYLIST_ID.test(list.id)) throw new AppError("UNSAFE_ID", { source: list.source, id: list.id });
  return `https://www.youtube.com/playlist?list=${list.id}`;
}

/** @throws {AppError} `UNSAFE_ID` when the answer is about something that is no recording. */
export function youtubeTrack(facts: YoutubeFacts): Track {
  const ref = { source: "youtube", id: facts.id } as const;
  const seconds = facts.durationSeconds ?? 0;
  const isLive = facts.isLive === true;
  return {
    ...ref,
    title: cleanText(facts.title ?? "") || facts.id,
    artist: cleanText(facts.artist ?? ""),
    url: watchUrl(ref),
    durationMs: !isLive && seconds > 0 ? Math.round(seconds * 1000) : null,
    isLive,
    // Built here and not taken from the answer: the picture is shown to people, so nobody else chooses its address.
    thumbnailUrl: `https://i.ytimg.com/vi/${facts.id}/hqdefault.jpg`,
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
