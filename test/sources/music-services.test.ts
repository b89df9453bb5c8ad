import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import type { Track } from "../../src/core/track.ts";
import { createMusicServices } from "../../src/sources/music-services.ts";
import type { Namer } from "../../src/sources/named-song.ts";
import { parseQuery } from "../../src/sources/query.ts";
import { type MusicServices, type NamedSong, startMusicServices } from "../sandbox/media/music-services.ts";

const never = new AbortController().signal;
const HOSTILE = "a\u202Eb\u0007 @everyone";

let services: MusicServices;

beforeAll(async () => {
  services = await startMusicServices();
});

afterAll(async () => {
  await services.close();
});

afterEach(() => {
  services.answerWith(undefined);
});

function open(): ReturnType<typeof createMusicServices> {
  const urls = Object.fromEntries(services.serviceUrls.split(",").map((pair) => pair.split("=")));
  return createMusicServices({ urls, proxyUrl: undefined, clock: systemClock });
}

const namerOf = (name: string): Namer => {
  const found = open().namers.find((namer) => namer.serves(name));
  if (!found) throw new Error(name);
  return found;
};

async function song(link: string): Promise<Track> {
  const query = parseQuery(link);
  if (query.kind !== "named") throw new Error(query.kind);
  return await namerOf(query.target.source).resolve(query.target, never);
}

async function list(link: string, range = { from: 1, limit: 5_000 }): Promise<Track[]> {
  const query = parseQuery(link);
  if (query.kind !== "playlist") throw new Error(query.kind);
  return await Array.fromAsync(namerOf(query.playlist.source).playlist(query.playlist, range, never));
}

const SPOTIFY_ID = "4uLU6hMCjMI75M1A2tKUQC";
const named = (id: string, title = "Harder, Better"): NamedSong => ({
  id,
  title,
  artists: ["Daft Punk", "Somebody"],
  durationMs: 224_000,
});
const many = (count: number, id: (index: number) => string): NamedSong[] =>
  Array.from({ length: count }, (_, index) => named(id(index), `Song ${index + 1}`));
const spotifyId = (index: number): string => `${"s".repeat(18)}${String(index).padStart(4, "0")}`;

const SERVICES = [
  {
    name: "spotify",
    id: SPOTIFY_ID,
    url: `https://open.spotify.com/track/${SPOTIFY_ID}`,
    artist: "Daft Punk, Somebody",
    picture: "https://image-cdn-ak.spotifycdn.com/image/ab67616d00001e02",
    listPath: "playlist/37i9dQZF1DXcBWIGoYBM5M",
    listUrl: "https://open.spotify.com/playlist/37i9dQZF1DXcBWIGoYBM5M",
    ids: spotifyId,
  },
  {
    name: "apple",
    id: "1440857786",
    url: "https://music.apple.com/de/song/1440857786",
    artist: "Daft Punk, Somebody",
    picture: "https://is1-ssl.mzstatic.com/image/thumb/Music/v4/aa/cover.jpg/1200x630bb.jpg",
    listPath: "us/playlist/pl.f4d106fed2bd41149aaacabb233eb5eb",
    listUrl: "https://music.apple.com/us/playlist/hits/pl.f4d106fed2bd41149aaacabb233eb5eb",
    ids: (index: number) => String(1_000_000 + index),
  },
  {
    name: "deezer",
    id: "3135556",
    url: "https://www.deezer.com/track/3135556",
    artist: "Daft Punk, Somebody",
    picture: "https://cdn-images.dzcdn.net/images/cover/aa/250x250.jpg",
    listPath: "playlist/908622995",
    listUrl: "https://www.deezer.com/playlist/908622995",
    ids: (index: number) => String(1_000_000 + index),
  },
] as const;

describe.each(SERVICES)("$name", ({ name, id, url, artist, picture, listPath, listUrl, ids }) => {
  test("a song has a name, an artist and a length", async () => {
    services.addSong(named(id));
    expect(await song(url)).toEqual<Track>({
      source: name,
      id,
      url,
      title: "Harder, Better",
      artist,
      durationMs: 224_000,
      isLive: false,
      thumbnailUrl: picture,
    });
  });

  test("names that try to look like something else are cleaned", async () => {
    services.addSong(named(id, HOSTILE));
    expect(await song(url)).toMatchObject({ title: "a b @everyone" });
  });

  test("a list tells its songs in their order, from any place on", async () => {
    services.addList(listPath, many(100, ids));
    const songs = await list(listUrl);
    expect(songs.map(({ title }) => title)).toEqual(many(100, ids).map(({ title }) => title));
    expect(songs[41]).toMatchObject({ source: name, id: ids(41), durationMs: 224_000 });
    expect((await list(listUrl, { from: 3, limit: 2 })).map(({ title }) => title)).toEqual([
      "Song 3",
      "Song 4",
    ]);
  });

  test("a song or list that is not there is said to be so", async () => {
    const gone = name === "spotify" ? "0".repeat(22) : "1";
    await expect(song(url.replace(id, gone))).rejects.toMatchObject({ code: "LINK_DEAD" });
    const noList = listUrl.replace(/[A-Za-z0-9]{9}$/u, "000000000");
    await expect(list(noList)).rejects.toMatchObject({ code: "PLAYLIST_UNAVAILABLE" });
  });

  test.each(["", "<html>", "{}", "null", '<script id="__NEXT_DATA__">{"props":', '{"data":{}}'])(
    "a page that is no longer as it was is not believed: %s",
    async (text) => {
      services.answerWith({ status: 200, text });
      await expect(song(url)).rejects.toMatchObject({ code: "SERVICE_UNREADABLE" });
      await expect(list(listUrl)).rejects.toMatchObject({ code: "SERVICE_UNREADABLE" });
    },
  );

  test("a service that does not answer is unreachable", async () => {
    services.answerWith({ status: 503, text: "" });
    await expect(song(url)).rejects.toMatchObject({ code: "SOURCE_UNREACHABLE" });
  });
});

test("Deezer is asked for a long list page by page, and for no page more than is read", async () => {
  services.addList("playlist/1", many(450, String));
  const before = services.requests.length;
  expect(await list("https://www.deezer.com/playlist/1")).toHaveLength(450);
  expect(services.requests.slice(before)).toHaveLength(5);
  const seen: string[] = [];
  for await (const { title } of namerOf("deezer").playlist(
    { source: "deezer", id: "playlist/1" },
    { from: 1, limit: 450 },
    never,
  )) {
    seen.push(title);
    if (seen.length === 2) break;
  }
  expect(services.requests.slice(before)).toHaveLength(6);
});

test("Deezer's quota is not taken for a missing song", async () => {
  services.answerWith({
    status: 200,
    text: '{"error":{"type":"Exception","message":"Quota limit exceeded","code":4}}',
  });
  await expect(song("https://www.deezer.com/track/3135556")).rejects.toMatchObject({ code: "RATE_LIMITED" });
});

test("a song of Apple Music without data for search engines is found among the rows of its page", async () => {
  services.addList("us/song/77", [named("76", "Another"), named("77", "This one")]);
  expect(await song("https://music.apple.com/us/song/x/77")).toMatchObject({
    title: "This one",
    artist: "Daft Punk & Somebody",
    thumbnailUrl: "https://is1-ssl.mzstatic.com/image/thumb/Music/v4/aa/cover.jpg/300x300bb.jpg",
  });
});

test("a short link means what its redirect names, and that is not fetched", async () => {
  services.addShortLink("link.deezer.com/s/abc", "https://www.deezer.com/track/3135556?host=0");
  services.addShortLink("spotify.link/x", "/short/elsewhere");
  services.addShortLink("elsewhere", `https://open.spotify.com/track/${SPOTIFY_ID}?si=1`);
  const { expand } = open();
  const meant = async (link: string): Promise<unknown> =>
    parseQuery((await expand(new URL(link), never)).href);
  expect(await meant("https://link.deezer.com/s/abc")).toMatchObject({
    target: { source: "deezer", id: "3135556" },
  });
  expect(await meant("https://spotify.link/x")).toMatchObject({
    target: { source: "spotify", id: SPOTIFY_ID },
  });
});

test("a short link that answers with a page means the link in it, and otherwise nothing", async () => {
  const text = `<a href="https://elsewhere.example/">no</a><a href="https://open.spotify.com/album/${SPOTIFY_ID}?si=a&amp;b=c">`;
  services.answerWith({ status: 200, text });
  const found = await open().expand(new URL("https://spotify.app.link/abc"), never);
  expect(parseQuery(found.href)).toMatchObject({
    playlist: { source: "spotify", id: `album/${SPOTIFY_ID}` },
  });
  services.answerWith({ status: 200, text: "<html>" });
  const nothing = open().expand(new URL("https://spotify.app.link/abc"), never);
  await expect(nothing).rejects.toMatchObject({ code: "LINK_DEAD" });
});
