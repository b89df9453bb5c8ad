/** Names of songs and lists on Spotify, from the pages that other sites embed: no account, no key. */
import { z } from "zod";
import type { Track } from "../core/track.ts";
import { spotifySong } from "./music-links.ts";
import { existing, inRange, namedSong, type Namer, parseJson, scriptOf, unreadable } from "./named-song.ts";
import type { SideService } from "./side-service.ts";

const TEXT = z.string().catch("");
const NUMBER = z.number().nullish().catch(null);
const PICTURES = z
  .array(z.object({ url: z.string() }))
  .optional()
  .catch(undefined);

const SONG = z.object({
  id: TEXT,
  name: TEXT,
  artists: z.array(z.object({ name: TEXT })).catch([]),
  duration: NUMBER,
  visualIdentity: z.object({ image: PICTURES }).optional().catch(undefined),
});

const LIST = z.object({
  trackList: z.array(z.object({ uri: TEXT, title: TEXT, subtitle: TEXT, duration: NUMBER })),
  coverArt: z.object({ sources: PICTURES }).nullish().catch(null),
});

const PAGE = z.object({
  props: z.object({
    pageProps: z.object({ state: z.object({ data: z.object({ entity: z.unknown() }) }) }),
  }),
});

/**
 * Reads `/embed/track/ID`, `/embed/album/ID`, `/embed/playlist/ID`. Such a page has the first 100 songs of a list at
 * most, and Spotify tells the rest to nobody without an account.
 */
export function createSpotify(service: SideService): Namer {
  return {
    name: "spotify",
    serves: (source) => source === "spotify",
    resolve: async (target, signal) => {
      const page = existing(await service.read(`/embed/track/${target.id}`, signal), "song");
      const song = SONG.safeParse(entityOf(page.text)).data;
      if (!song || song.name === "" || song.id !== target.id) throw unreadable("Spotify");
      const { name: title, artists, duration: durationMs, visualIdentity } = song;
      const pictureUrl = visualIdentity?.image?.[0]?.url;
      return namedSong(target, { title, artists: artists.map(({ name }) => name), durationMs, pictureUrl });
    },
    playlist: async function* (list, range, signal) {
      const page = existing(await service.read(`/embed/${list.id}`, signal), "list");
      const found = LIST.safeParse(entityOf(page.text)).data;
      if (!found) throw unreadable("Spotify");
      yield* inRange(songsOf(found), range);
    },
  };
}

function entityOf(html: string): unknown {
  const page = PAGE.safeParse(parseJson(scriptOf(html, "__NEXT_DATA__"))).data;
  return page?.props.pageProps.state.data.entity;
}

/** Episodes and local files of a list are left out. */
function songsOf({ trackList, coverArt }: z.infer<typeof LIST>): Track[] {
  return trackList.flatMap(({ uri, title, subtitle, duration: durationMs }) => {
    const target = uri.startsWith("spotify:track:")
      ? spotifySong(uri.slice("spotify:track:".length))
      : undefined;
    const pictureUrl = coverArt?.sources?.[0]?.url;
    return target ? [namedSong(target, { title, artists: [subtitle], durationMs, pictureUrl })] : [];
  });
}
