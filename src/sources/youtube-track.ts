// A YouTube recording's facts as a Track, the same from every extractor.
import { AppError } from "../core/errors.ts";
import { isYoutubeId } from "../core/track.ts";
import type { Track, TrackRef } from "../core/track.ts";
import type { PlaylistRef } from "./source.ts";
import { toldTrack, type ToldFacts } from "./told-track.ts";

const PLAYLIST_ID = /^[\w-]{2,64}$/u;

/** What extractors know of a video; all of it untrusted. */
export interface YoutubeFacts extends ToldFacts {
  readonly id: string;
}

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
  const picture = `https://i.ytimg.com/vi/${facts.id}/hqdefault.jpg`;
  return toldTrack({ ...ref, url: watchUrl(ref) }, facts, picture);
}
