import { beforeEach, expect, test } from "vitest";
import type { Track, TrackRef } from "../../src/core/track.ts";
import { Matcher } from "../../src/sources/matcher.ts";
import { youtubeTrack } from "../fakes/tracks.ts";

const never = new AbortController().signal;

const SONG: Track = {
  source: "spotify",
  id: "4uLU6hMCjMI75M1A2tKUQC",
  title: "Harder, Better, Faster, Stronger",
  artist: "Daft Punk",
  url: "https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC",
  durationMs: 224_000,
  isLive: false,
  thumbnailUrl: null,
};
const found = (id: string, facts: Partial<Track> = {}): Track =>
  youtubeTrack(id, { title: SONG.title, artist: "Daft Punk - Topic", durationMs: 224_000, ...facts });

let memory: Map<string, Track>;
let searches: string[];
let results: readonly Track[];
let matcher: Matcher;

beforeEach(() => {
  memory = new Map();
  searches = [];
  results = [];
  matcher = new Matcher({
    search: async (text, limit) => {
      searches.push(`${text} ×${limit}`);
      return results;
    },
    memory: {
      find: async ({ source, id }: TrackRef) => memory.get(`${source}:${id}`),
      remember: async ({ source, id }, recording) => void memory.set(`${source}:${id}`, recording),
      forget: async ({ source, id }) => void memory.delete(`${source}:${id}`),
    },
    clock: { nowMs: () => 0, monotonicMs: () => 0 },
  });
});

test("the best of five is taken, however it was ranked, and remembered", async () => {
  results = [
    found("coverrrrrr1", { title: `${SONG.title} (cover)`, artist: "Somebody, after Daft Punk" }),
    found("lyricssssss", { title: `Daft Punk - ${SONG.title} (Lyrics)`, artist: "Lyrics World" }),
    found("therightone"),
    found("alivestream", { isLive: true, durationMs: null }),
  ];
  expect((await matcher.match(SONG, never)).id).toBe("therightone");
  expect((await matcher.match(SONG, never)).id).toBe("therightone");
  expect((await matcher.known(SONG))?.id).toBe("therightone");
  expect(searches).toEqual(["Daft Punk Harder, Better, Faster, Stronger ×5"]);
});

test("a match that is too weak names the song and is not remembered", async () => {
  results = [found("wrongsong01", { title: "One More Time" }), found("toolong0001", { durationMs: 300_000 })];
  await expect(matcher.match(SONG, never)).rejects.toMatchObject({
    code: "NO_MATCH",
    message: expect.stringContaining("“Daft Punk – Harder, Better, Faster, Stronger”") as string,
  });
  expect(memory.size).toBe(0);
  results = [found("therightone")];
  expect((await matcher.match(SONG, never)).id).toBe("therightone");
});

test("a name that would be formatted or mention somebody is told without that", async () => {
  const nasty = {
    ...SONG,
    artist: "**@everyone**",
    title: `[x](https://evil.example) <@1> ${"y".repeat(200)}`,
  };
  await expect(matcher.match(nasty, never)).rejects.toMatchObject({
    context: { song: expect.not.stringMatching(/[@*[\]<>`_]|.{101}/u) as string },
  });
});

test("many who need a song at once cause one search", async () => {
  results = [found("therightone")];
  await Promise.all(Array.from({ length: 20 }, () => matcher.match(SONG, never)));
  expect(searches).toHaveLength(1);
});

test("a recording is its own, and nobody is asked", async () => {
  const recording = youtubeTrack("dQw4w9WgXcQ");
  expect(await matcher.match(recording, never)).toBe(recording);
  expect(await matcher.known(recording)).toBe(recording);
  expect(searches).toEqual([]);
});

test("a match that is gone is looked for anew", async () => {
  results = [found("therightone")];
  await matcher.match(SONG, never);
  results = [found("theotherone")];
  await matcher.forget(SONG);
  expect(await matcher.known(SONG)).toBeUndefined();
  expect((await matcher.match(SONG, never)).id).toBe("theotherone");
});
