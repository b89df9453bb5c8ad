import { beforeEach, expect, test, vi } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import type { Track, TrackRef } from "../../src/core/track.ts";
import type { ListWish } from "../../src/core/list-wish.ts";
import { createResolver } from "../../src/sources/resolver.ts";
import type { BeginFetching, ResolutionMemory, Resolver } from "../../src/sources/resolver.ts";
import type { Namer } from "../../src/sources/named-song.ts";
import type { MediaTarget, Source } from "../../src/sources/source.ts";

const ID = "dQw4w9WgXcQ";
const LINK = `https://youtu.be/${ID}`;
const never = new AbortController().signal;

function youtubeTrack(id: string, facts: Partial<Track> = {}): Track {
  const url = `https://www.youtube.com/watch?v=${id}`;
  const about = {
    title: `Song ${id}`,
    artist: "Someone",
    durationMs: 1_000,
    isLive: false,
    thumbnailUrl: null,
  };
  return { source: "youtube", id, url, ...about, ...facts };
}

/** A memory like the database's, in a map. */
class MapMemory implements ResolutionMemory {
  readonly searches = new Map<string, { tracks: readonly Track[]; expiresAtMs: number }>();
  readonly tracks = new Map<string, Track>();

  async find(query: string, nowMs: number): Promise<readonly Track[] | undefined> {
    const known = this.searches.get(query);
    return known && known.expiresAtMs > nowMs ? known.tracks : undefined;
  }

  async remember(query: string, tracks: readonly Track[], expiresAtMs: number): Promise<void> {
    this.searches.set(query, { tracks, expiresAtMs });
  }

  async findTrack({ source, id }: TrackRef): Promise<Track | undefined> {
    return this.tracks.get(`${source}:${id}`);
  }

  async rememberTrack(track: Track): Promise<void> {
    this.tracks.set(`${track.source}:${track.id}`, track);
  }
}

/** A source that notes what it was asked. */
class NotingSource implements Source {
  readonly name = "noting";
  readonly asked: string[] = [];
  found: readonly Track[] = [];
  entries: readonly Track[] = [];
  listEnded = false;
  answer: (target: MediaTarget) => Promise<Track> = async ({ id }) => youtubeTrack(id);

  serves(source: string): boolean {
    return source === "youtube";
  }

  health(): never {
    throw new Error("not asked here");
  }

  download(): never {
    throw new Error("resolving never downloads");
  }

  async resolve(target: MediaTarget): Promise<Track> {
    this.asked.push(`resolve ${target.id}`);
    return await this.answer(target);
  }

  async search(text: string): Promise<readonly Track[]> {
    this.asked.push(`search ${text}`);
    return this.found;
  }

  async *playlist(list: TrackRef, range: { from: number; limit: number }): AsyncGenerator<Track> {
    this.asked.push(`playlist ${list.id} ${range.from}+${range.limit}`);
    try {
      yield* this.entries;
    } finally {
      this.listEnded = true;
    }
  }
}

const SPOTIFY_SONG = "4uLU6hMCjMI75M1A2tKUQC";

function namedSong(source: string, id: string): Track {
  return { ...youtubeTrack(id), source, url: `https://${source}.example/${id}`, title: `Named ${id}` };
}

/** A service that names songs, and what those are. */
const namer: Namer = {
  name: "noting",
  serves: (family) => family === "spotify" || family === "deezer",
  resolve: async ({ source: family, id }) => namedSong(family, id),
  playlist: async function* (list) {
    for (const id of ["one", "two"]) yield namedSong(list.source, id);
  },
};

let source: NotingSource;
let memory: MapMemory;
let nowMs: number;
let matched: Map<string, Track>;
let resolver: Resolver;

beforeEach(() => {
  source = new NotingSource();
  memory = new MapMemory();
  nowMs = 1_000_000;
  matched = new Map();
  resolver = createResolver({
    sources: [source],
    namers: [namer],
    expand: async () => new URL(`https://open.spotify.com/track/${SPOTIFY_SONG}`),
    matcher: {
      known: async ({ id }) => matched.get(id),
      match: async (song) => youtubeTrack(ID, { title: `Match of ${song.title}` }),
    },
    memory,
    clock: { nowMs: () => nowMs, monotonicMs: () => nowMs },
    random: () => 0,
  });
});

async function tracksOf(text: string, list?: ListWish): Promise<readonly string[]> {
  const resolution = await resolver.resolve({ text, list }, never);
  if (resolution.kind === "tracks") return resolution.tracks.map(({ id }) => id);
  const ids: string[] = [];
  for await (const { id } of resolution.entries) ids.push(id);
  return ids;
}

test("a link is asked once, then its facts are remembered", async () => {
  await expect(resolver.resolve({ text: `${LINK}?t=5` }, never)).resolves.toEqual({
    kind: "tracks",
    tracks: [youtubeTrack(ID)],
    startMs: 5_000,
  });
  await tracksOf(LINK);
  await tracksOf(ID);
  expect(source.asked).toEqual([`resolve ${ID}`]);
});

test("a live stream is asked again, because it may be over", async () => {
  source.answer = async ({ id }) => youtubeTrack(id, { isLive: true, durationMs: null });
  await tracksOf(LINK);
  await tracksOf(LINK);
  expect(source.asked).toHaveLength(2);
});

test("a link that is wanted now is begun to be fetched, which tells its facts once and for all", async () => {
  const begun: string[] = [];
  const begin = async (target: MediaTarget): Promise<Track> => {
    begun.push(target.id);
    return youtubeTrack(target.id, { title: "Told by the download" });
  };
  for (const title of ["Told by the download", "Told by the download"])
    expect(await resolver.resolve({ text: LINK, begin }, never)).toMatchObject({
      tracks: [{ title }],
    });
  expect(begun).toEqual([ID]);
  expect(source.asked).toEqual([]);
});

test("a link whose fetching tells nothing is asked for", async () => {
  const resolution = await resolver.resolve({ text: LINK, begin: async () => undefined }, never);
  expect(resolution).toMatchObject({ tracks: [youtubeTrack(ID)] });
  expect(source.asked).toEqual([`resolve ${ID}`]);
});

test("a link that cannot be fetched is not asked for again", async () => {
  const begin = vi.fn<BeginFetching>().mockRejectedValue(new AppError("VIDEO_REMOVED"));
  await expect(resolver.resolve({ text: LINK, begin }, never)).rejects.toMatchObject({
    code: "VIDEO_REMOVED",
  });
  expect(source.asked).toEqual([]);
});

test("twenty who ask for one link at once cause one look-up", async () => {
  await Promise.all(Array.from({ length: 20 }, () => tracksOf(LINK)));
  expect(source.asked).toEqual([`resolve ${ID}`]);
});

test("one who stops waiting does not take the answer from the others", async () => {
  let answer: ((track: Track) => void) | undefined;
  source.answer = () =>
    new Promise((resolve) => {
      answer = resolve;
    });
  const stop = new AbortController();
  const first = resolver.resolve({ text: LINK }, stop.signal);
  const second = tracksOf(LINK);
  await expect.poll(() => answer).toBeDefined();
  stop.abort();
  await expect(first).rejects.toMatchObject({ code: "ABORTED" });
  answer?.(youtubeTrack(ID));
  await expect(second).resolves.toEqual([ID]);
});

test("a failure is told to all and not remembered", async () => {
  source.answer = async () => {
    throw new AppError("PRIVATE_VIDEO");
  };
  const both = await Promise.allSettled([tracksOf(LINK), tracksOf(LINK)]);
  expect(both.map((one) => one.status === "rejected" && (one.reason as AppError).code)).toEqual([
    "PRIVATE_VIDEO",
    "PRIVATE_VIDEO",
  ]);
  source.answer = async ({ id }) => youtubeTrack(id);
  await expect(tracksOf(LINK)).resolves.toEqual([ID]);
});

test("the same words in another form need no second search", async () => {
  source.found = [youtubeTrack(ID), youtubeTrack("bbbbbbbbbb2")];
  await expect(tracksOf("Never Gonna Give")).resolves.toEqual([ID]);
  await expect(tracksOf("  never  gonna GIVE ")).resolves.toEqual([ID]);
  await expect(tracksOf("\uFF2Eever gonna give")).resolves.toEqual([ID]);
  await expect(resolver.search("NEVER gonna give", 2, never)).resolves.toHaveLength(2);
  expect(source.asked).toEqual(["search Never Gonna Give"]);
});

test("a search is forgotten after a week, and nothing found after ten minutes", async () => {
  source.found = [youtubeTrack(ID)];
  await tracksOf("words");
  await expect(tracksOf("nothing")).resolves.toEqual([ID]);
  source.found = [];
  await expect(tracksOf("rare words")).rejects.toMatchObject({ code: "NOTHING_FOUND" });
  nowMs += 9 * 60_000;
  await expect(tracksOf("rare words")).rejects.toMatchObject({ code: "NOTHING_FOUND" });
  expect(source.asked).toHaveLength(3);
  nowMs += 2 * 60_000;
  source.found = [youtubeTrack(ID)];
  await expect(tracksOf("rare words")).resolves.toEqual([ID]);
  nowMs += 6 * 86_400_000;
  await tracksOf("words");
  expect(source.asked).toHaveLength(4);
  nowMs += 86_400_000;
  await tracksOf("words");
  expect(source.asked).toHaveLength(5);
});

test("words mean a recording rather than a live stream", async () => {
  source.found = [youtubeTrack("LIVENOW_001", { isLive: true }), youtubeTrack(ID)];
  await expect(tracksOf("lofi beats")).resolves.toEqual([ID]);
});

test("a playlist is read lazily, and stopping ends the work behind it", async () => {
  source.entries = [youtubeTrack("aaaaaaaaaa1"), youtubeTrack("bbbbbbbbbb2"), youtubeTrack("cccccccccc3")];
  const resolution = await resolver.resolve({ text: "https://www.youtube.com/playlist?list=PLabc" }, never);
  expect(source.asked).toEqual([]);
  if (resolution.kind !== "playlist") throw new Error("not a playlist");
  for await (const entry of resolution.entries) {
    expect(entry.id).toBe("aaaaaaaaaa1");
    break;
  }
  expect(source.asked).toEqual(["playlist PLabc 1+500"]);
  expect(source.listEnded).toBe(true);
});

test("a playlist can begin at one of its songs", async () => {
  source.entries = [youtubeTrack("aaaaaaaaaa1"), youtubeTrack(ID), youtubeTrack("cccccccccc3")];
  const link = "https://www.youtube.com/playlist?list=PLabc&v=";
  await expect(tracksOf(link + ID)).resolves.toEqual([ID, "cccccccccc3"]);
  await expect(tracksOf(`${link}zzzzzzzzzz9`)).resolves.toEqual(["aaaaaaaaaa1", ID, "cccccccccc3"]);
});

test("a song that is only named becomes its recording", async () => {
  const link = `https://open.spotify.com/track/${SPOTIFY_SONG}`;
  await expect(resolver.resolve({ text: link }, never)).resolves.toEqual({
    kind: "tracks",
    tracks: [youtubeTrack(ID, { title: `Match of Named ${SPOTIFY_SONG}` })],
    startMs: 0,
  });
  matched.set(SPOTIFY_SONG, youtubeTrack("aaaaaaaaaa1"));
  await expect(tracksOf(link)).resolves.toEqual(["aaaaaaaaaa1"]);
});

test("a short link is what it leads to", async () => {
  await expect(tracksOf("https://spotify.link/abc")).resolves.toEqual([ID]);
});

test("songs of a named list stay named: each is matched when it is needed", async () => {
  await expect(tracksOf("https://www.deezer.com/album/302127")).resolves.toEqual(["one", "two"]);
});

test("a live stream that is wanted now is no download that failed", async () => {
  source.answer = async ({ id }) => youtubeTrack(id, { isLive: true, durationMs: null });
  const begin = vi.fn<BeginFetching>().mockRejectedValue(new AppError("LIVE_NOT_SUPPORTED"));
  await expect(resolver.resolve({ text: LINK, begin }, never)).resolves.toMatchObject({
    tracks: [{ id: ID, isLive: true }],
  });
});

test("chapters are asked for once, and not at all when they were told with the facts", async () => {
  const chapters = [{ title: "Intro", startMs: 0, endMs: 500 }];
  source.answer = async ({ id }) => youtubeTrack(id, { chapters });
  expect(await resolver.chapters(youtubeTrack(ID), never)).toEqual(chapters);
  expect(await resolver.chapters(youtubeTrack(ID), never)).toEqual(chapters);
  expect(await resolver.chapters(youtubeTrack("aaaaaaaaaa1", { chapters: [] }), never)).toEqual([]);
  expect(source.asked).toEqual([`resolve ${ID}`]);
});

test("a source that cannot tell chapters is not asked for them again", async () => {
  expect(await resolver.chapters(youtubeTrack(ID), never)).toEqual([]);
  expect(await resolver.chapters(youtubeTrack(ID), never)).toEqual([]);
  expect(source.asked).toEqual([`resolve ${ID}`]);
});

test("a song's link can mean its list, from that song on", async () => {
  source.entries = [youtubeTrack("aaaaaaaaaa1"), youtubeTrack(ID), youtubeTrack("cccccccccc3")];
  const text = `https://www.youtube.com/watch?v=${ID}&list=PLabc`;
  await expect(tracksOf(text)).resolves.toEqual([ID]);
  await expect(tracksOf(text, { isWhole: true })).resolves.toEqual([ID, "cccccccccc3"]);
  await expect(tracksOf(LINK, { isWhole: true })).resolves.toEqual([ID]);
});

test("a list can be limited, and no more of it is read", async () => {
  source.entries = [youtubeTrack("aaaaaaaaaa1"), youtubeTrack("bbbbbbbbbb2"), youtubeTrack("cccccccccc3")];
  const text = "https://www.youtube.com/playlist?list=PLabc";
  await expect(tracksOf(text, { limit: 2 })).resolves.toEqual(["aaaaaaaaaa1", "bbbbbbbbbb2"]);
  expect(source.listEnded).toBe(true);
});

test("a shuffled list is read as a whole, up to a bound, and begins with the linked song", async () => {
  source.entries = [youtubeTrack("aaaaaaaaaa1"), youtubeTrack("bbbbbbbbbb2"), youtubeTrack(ID)];
  const text = "https://www.youtube.com/playlist?list=PLabc";
  await expect(tracksOf(text, { isShuffled: true })).resolves.toEqual(["bbbbbbbbbb2", ID, "aaaaaaaaaa1"]);
  await expect(tracksOf(text, { isShuffled: true, limit: 1 })).resolves.toEqual(["bbbbbbbbbb2"]);
  await expect(tracksOf(`${text}&v=${ID}`, { isShuffled: true })).resolves.toEqual([
    ID,
    "bbbbbbbbbb2",
    "aaaaaaaaaa1",
  ]);
  await expect(
    tracksOf("https://youtube.com/playlist?list=RDmix", { isShuffled: true }),
  ).resolves.toHaveLength(3);
  expect(source.asked.map((one) => one.split(" ").at(-1))).toEqual(["1+5000", "1+5000", "1+5000", "1+500"]);
});

test("a site that is switched off is named", async () => {
  await expect(tracksOf("https://soundcloud.com/a/b")).rejects.toMatchObject({
    code: "SOURCE_OFF",
    context: { source: "soundcloud" },
  });
});

test("a family that nothing serves is said to be missing", async () => {
  await expect(tracksOf("https://files.example/a.mp3")).rejects.toMatchObject({ code: "EXTRACTOR_MISSING" });
});
