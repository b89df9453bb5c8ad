import type { ListedSong } from "../core/list-file.ts";
import { namedTrack, type Track } from "../core/track.ts";
import { parseQuery } from "../sources/query.ts";

/**
 * The recordings that a file's links name, with what it says about them. A link that is no recording, or only a song's
 * name at a service, is left out: what a file claims a song is called must not decide which recording that is.
 */
export function recordingsIn(songs: readonly ListedSong[]): readonly Track[] {
  return songs.flatMap(({ link, title, artist, durationMs }) => {
    const target = targetOf(link);
    return target ? [{ ...namedTrack(target), title, artist, durationMs }] : [];
  });
}

function targetOf(link: string): Parameters<typeof namedTrack>[0] | undefined {
  try {
    const query = parseQuery(link);
    return query.kind === "track" ? query.target : undefined;
  } catch {
    return undefined;
  }
}
