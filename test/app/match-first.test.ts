import { beforeEach, expect, test } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import type { Track } from "../../src/core/track.ts";
import { matchFirst, type WaysToAudio } from "../../src/app/match-first.ts";
import type { PlayableAudio } from "../../src/player/playable-audio.ts";
import type { QueueItem } from "../../src/player/queue.ts";
import { Matcher } from "../../src/sources/matcher.ts";
import { youtubeTrack } from "../fakes/tracks.ts";

const never = new AbortController().signal;
const RECORDING = youtubeTrack("therightone", { title: "Song", artist: "Band", durationMs: 60_000 });
const SONG: Track = { ...RECORDING, source: "deezer", id: "1", url: "https://www.deezer.com/track/1" };

/** What its source says of a song, unlike what a list said of it. */
const FACTS: Track = { ...RECORDING, isLive: true, durationMs: null, title: "Radio" };
const CLAIMED: Track = { ...RECORDING, title: "Claimed", durationMs: 1, isUnproven: true };

let provided: Track | undefined;
let asked: string[];
let searches: number;
let failure: AppError | undefined;
let ways: WaysToAudio;

beforeEach(() => {
  asked = [];
  searches = 0;
  failure = undefined;
  const memory = new Map<string, Track>();
  const matcher = new Matcher({
    search: async () => {
      searches += 1;
      return [RECORDING];
    },
    memory: {
      find: async ({ id }) => memory.get(id),
      remember: async ({ id }, recording) => void memory.set(id, recording),
      forget: async ({ id }) => void memory.delete(id),
    },
    clock: { nowMs: () => 0, monotonicMs: () => 0 },
  });
  ways = matchFirst(
    {
      provide: async ({ item }) => {
        provided = item.track;
        asked.push(`provide ${item.track.source} ${item.track.id}`);
        throw failure ?? new AppError("ABORTED");
      },
      ahead: {
        fetch: async ({ item }) => asked.push(`fetch ${item.track.source} ${item.track.id}`) > 0,
        find: async ({ item }) => {
          asked.push(`find ${item.track.source} ${item.track.id}`);
          return undefined;
        },
      },
    },
    {
      matcher,
      resolver: {
        facts: async (target) => {
          asked.push(`facts ${target.source} ${target.id}`);
          return FACTS;
        },
      },
    },
  );
});

function wish(track: Track): { guildId: string; item: QueueItem; onProgress: () => void } {
  const item: QueueItem = {
    id: "1",
    track,
    startMs: 0,
    requestedBy: { id: "1", name: "Ann" },
    textChannelId: "1",
    requestedAtMs: 0,
  };
  return { guildId: "1", item, onProgress: () => undefined };
}

async function provide(track: Track): Promise<PlayableAudio | string> {
  return await ways.provide(wish(track), never).catch((error: AppError) => error.code);
}

test("a song that is only named is fetched, found and provided as its recording, by one search", async () => {
  expect(await ways.ahead.find(wish(SONG))).toBeUndefined();
  expect(asked).toEqual([]);
  await ways.ahead.fetch(wish(SONG), never);
  await ways.ahead.find(wish(SONG));
  await provide(SONG);
  expect(asked).toEqual([
    "fetch youtube therightone",
    "find youtube therightone",
    "provide youtube therightone",
  ]);
  expect(searches).toBe(1);
});

test("a recording goes its way as it is", async () => {
  await ways.ahead.fetch(wish(RECORDING), never);
  await ways.ahead.find(wish(RECORDING));
  await provide(RECORDING);
  expect(asked).toEqual([
    "fetch youtube therightone",
    "find youtube therightone",
    "provide youtube therightone",
  ]);
  expect(searches).toBe(0);
});

test("what a list says of a song is asked of its source when it is its turn, and only that counts", async () => {
  await ways.ahead.find(wish(CLAIMED));
  expect(asked).toEqual(["find youtube therightone"]);
  await ways.ahead.fetch(wish(CLAIMED), never);
  await provide(CLAIMED);
  expect(asked.slice(1)).toEqual([
    "facts youtube therightone",
    "fetch youtube therightone",
    "facts youtube therightone",
    "provide youtube therightone",
  ]);
  expect(provided).toEqual(FACTS);
  expect(searches).toBe(0);
});

test.each([
  ["VIDEO_REMOVED", 2],
  ["SOURCE_UNREACHABLE", 1],
] as const)(
  "after %s of its recording there were %i searches for a song at its second try",
  async (code, count) => {
    failure = new AppError(code);
    expect(await provide(SONG)).toBe(code);
    await provide(SONG);
    expect(searches).toBe(count);
  },
);
