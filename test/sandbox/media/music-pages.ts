/** What the pages of music services look like, as far as names of songs are read from them. */
import type { NamedSong } from "./music-services.ts";

/** Lists in Spotify's embedded pages end here. */
const SPOTIFY_ENTRIES = 100;

/** `https://open.spotify.com/embed/…`: a page of Next.js with its data as JSON. */
export function spotifyPage(
  song: NamedSong | undefined,
  list: readonly NamedSong[] | undefined,
): string | undefined {
  const entity = list ? spotifyList(list) : song && spotifySong(song);
  if (!entity) return undefined;
  const state = { data: { entity, embeded_entity_uri: "x", defaultAudioFileObject: null }, settings: {} };
  const data = { props: { pageProps: { state, config: { locale: "en" } } }, page: "/[type]/[id]", query: {} };
  return `<!DOCTYPE html><html lang="en"><head><title>Spotify – Web Player</title></head><body><div id="__next"></div>
<script id="__NEXT_DATA__" type="application/json">${JSON.stringify(data)}</script></body></html>`;
}

function spotifySong({ id, title, artists, durationMs }: NamedSong): unknown {
  return {
    type: "track",
    name: title,
    uri: `spotify:track:${id}`,
    id,
    title,
    artists: artists.map((name) => ({ name, uri: "spotify:artist:4tZwfgrHOc3mvqYlEYSvVi" })),
    releaseDate: { isoString: "2001-03-12T00:00:00Z" },
    duration: durationMs,
    isPlayable: true,
    isExplicit: false,
    audioPreview: { url: "https://p.scdn.co/mp3-preview/0" },
    hasVideo: false,
    visualIdentity: {
      image: [
        { url: "https://image-cdn-ak.spotifycdn.com/image/ab67616d00001e02", maxHeight: 300, maxWidth: 300 },
      ],
    },
  };
}

function spotifyList(songs: readonly NamedSong[]): unknown {
  const trackList = songs.slice(0, SPOTIFY_ENTRIES).map(({ id, title, artists, durationMs }) => ({
    uri: `spotify:track:${id}`,
    uid: "6364",
    title,
    subtitle: artists.join(",\u00A0"),
    isExplicit: false,
    isNineteenPlus: false,
    duration: durationMs,
    isPlayable: true,
    audioPreview: null,
    entityType: "track",
  }));
  const episode = {
    uri: "spotify:episode:43cbJh4ccRD7lzM2730YK3",
    title: "Talk",
    subtitle: "Show",
    duration: 1,
  };
  const coverArt = {
    extractedColors: {},
    sources: [{ url: "https://i.scdn.co/image/ab67", height: 640, width: 640 }],
  };
  return {
    type: "playlist",
    name: "A list",
    title: "A list",
    subtitle: "Somebody",
    trackList: [...trackList, episode],
    coverArt,
  };
}

/** `https://music.apple.com/…`: JSON-LD for search engines on a song's page, data for its own scripts on every page. */
export function applePage(
  song: NamedSong | undefined,
  list: readonly NamedSong[] | undefined,
): string | undefined {
  if (!list && !song) return undefined;
  const items = (list ?? []).map(appleRow);
  const header = {
    itemKind: "containerDetailHeaderLockup",
    items: [{ title: "A list", subtitleLinks: [{ title: "Somebody" }] }],
  };
  const rows = { id: "track-list", itemKind: "trackLockup", presentation: "trackLockup", items };
  const data = [
    { intent: { $kind: "ContainerDetailPageIntent" }, data: { sections: [header, rows], seoData: {} } },
  ];
  const schema =
    song && !list
      ? `<script id=schema:song type="application/ld+json">${JSON.stringify(appleSchema(song))}</script>`
      : "";
  return `<!DOCTYPE html><html><head><title>Apple Music</title>${schema}</head><body>
<script type="application/json" id="serialized-server-data">${JSON.stringify({ data, userTokenHash: "" })}</script></body></html>`;
}

function appleRow({ id, title, artists, durationMs }: NamedSong, index: number): unknown {
  return {
    id: `track-lockup - pl.x - ${id}`,
    title,
    artistName: artists.join(" & "),
    subtitleLinks: artists.map((name) => ({ title: name })),
    trackNumber: index + 1,
    duration: durationMs,
    contentDescriptor: {
      kind: "song",
      identifiers: { storeAdamID: id, storeAdamIDs: null },
      locations: null,
      url: `https://music.apple.com/us/song/x/${id}`,
    },
    artwork: {
      dictionary: {
        url: "https://is1-ssl.mzstatic.com/image/thumb/Music/v4/aa/cover.jpg/{w}x{h}{c}.{f}",
        width: 3000,
        height: 3000,
      },
    },
    playAction: { $kind: "PlaybackAction", items: [{ title, artistName: artists.join(" & ") }] },
  };
}

function appleSchema({ id, title, artists, durationMs }: NamedSong): unknown {
  const duration = `PT${Math.floor(durationMs / 60_000)}M${Math.floor((durationMs % 60_000) / 1_000)}S`;
  return {
    "@context": "http://schema.org",
    "@type": "MusicComposition",
    name: title,
    url: `https://music.apple.com/us/song/x/${id}`,
    audio: {
      "@type": "MusicRecording",
      name: title,
      url: `https://music.apple.com/us/song/x/${id}`,
      byArtist: artists.map((name) => ({
        "@type": "MusicGroup",
        name,
        url: "https://music.apple.com/us/artist/1",
      })),
      duration,
      thumbnailUrl: "https://is1-ssl.mzstatic.com/image/thumb/Music/v4/aa/cover.jpg/1200x630bb.jpg",
    },
  };
}

/** `https://api.deezer.com/track/ID`, `/album/ID/tracks?index=&limit=`; what is not there is status 200 with an error. */
export function deezerAnswer(
  song: NamedSong | undefined,
  list: readonly NamedSong[] | undefined,
  query: URLSearchParams,
): string {
  if (list) {
    const index = Number(query.get("index") ?? 0);
    const data = list
      .slice(index, index + Number(query.get("limit") ?? 25))
      .map((one) => deezerSong(one, false));
    return JSON.stringify({ data, total: list.length, checksum: "0" });
  }
  if (song) return JSON.stringify(deezerSong(song, true));
  return JSON.stringify({ error: { type: "DataException", message: "no data", code: 800 } });
}

function deezerSong({ id, title, artists, durationMs }: NamedSong, isWhole: boolean): unknown {
  return {
    id: Number(id),
    readable: true,
    title,
    title_short: title,
    title_version: "",
    link: `https://www.deezer.com/track/${id}`,
    duration: Math.round(durationMs / 1_000),
    rank: 890_000,
    ...(isWhole && { contributors: artists.map(deezerArtist), isrc: "GBDUW0000059", bpm: 123.4 }),
    artist: deezerArtist(artists[0] ?? ""),
    album: {
      id: 302_127,
      title: "An album",
      cover_medium: "https://cdn-images.dzcdn.net/images/cover/aa/250x250.jpg",
    },
    type: "track",
  };
}

function deezerArtist(name: string): unknown {
  return { id: 27, name, link: "https://www.deezer.com/artist/27", type: "artist" };
}
