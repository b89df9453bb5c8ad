import type { ServerResponse } from "node:http";
import { describe, expect, it, test } from "vitest";
import type { Lyrics } from "../../src/core/lyrics.ts";
import type { Track } from "../../src/core/track.ts";
import { LyricsRows } from "../../src/db/lyrics.ts";
import { Lrclib, type LyricsMemory } from "../../src/services/lrclib.ts";
import { createSideService } from "../../src/sources/side-service.ts";
import { freshDatabase } from "../db/database.ts";
import { FakeClock } from "../fakes/clock.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";
import { startServer } from "../sources/bad-server.ts";

const NEVER = new AbortController().signal;
const DAY_MS = 24 * 60 * 60_000;

/** Toto's Africa as LRCLIB tells it. */
const AFRICA = {
  id: 2_104_335,
  name: "Africa",
  trackName: "Africa",
  artistName: "TOTO",
  albumName: "Toto IV",
  duration: 295.0,
  instrumental: false,
  plainLyrics: "I hear the drums echoing tonight\nBut she hears only whispers\n\nThe wild dogs",
  syncedLyrics:
    "[00:33.10] I hear the drums echoing tonight\n[00:37.82] But she hears only whispers\n[00:42.00] ",
};
const SONG = youtubeTrack(youtubeId(1), {
  title: "Toto - Africa (Official HD Video)",
  artist: "TotoVEVO",
  durationMs: 295_400,
});

type Answers = Readonly<Record<string, unknown>>;

interface Lab {
  readonly lrclib: Lrclib;
  readonly clock: FakeClock;
  /** Paths with their queries, readable, in order. */
  readonly asked: () => string[];
  readonly find: (track?: Track) => Promise<Lyrics | undefined>;
}

/** A catalogue that answers by path; a number is a status, what is missing is not found. */
async function lab(answers: Answers, memory?: LyricsMemory): Promise<Lab> {
  const { port, requests } = await startServer((request, response) => {
    const answer = answers[(request.url ?? "").split("?")[0] ?? ""];
    send(response, answer);
  });
  const clock = new FakeClock();
  const service = createSideService({ baseUrl: `http://127.0.0.1:${port}`, proxyUrl: undefined, clock });
  const rows = memory ?? new LyricsRows(await freshDatabase());
  const lrclib = new Lrclib({ service, memory: rows, clock, pauseMs: 0 });
  return {
    lrclib,
    clock,
    asked: () => requests.map((url) => decodeURIComponent(url).replaceAll("+", " ")),
    find: (track = SONG) => lrclib.find(track, NEVER),
  };
}

function send(response: ServerResponse, answer: unknown): void {
  const type = { "content-type": "application/json; charset=utf-8" };
  if (answer === undefined) {
    const missing = { message: "Failed to find specified track", name: "TrackNotFound", statusCode: 404 };
    response.writeHead(404, type).end(JSON.stringify(missing));
  } else if (typeof answer === "number") response.writeHead(answer).end();
  else response.writeHead(200, type).end(typeof answer === "string" ? answer : JSON.stringify(answer));
}

describe("lyrics", () => {
  it("that were looked for by what a list claims are nobody else's", async () => {
    const { find, asked } = await lab({ "/api/get": AFRICA });
    expect(await find({ ...SONG, isUnproven: true })).toBeDefined();
    expect(await find()).toBeDefined();
    expect(asked().length).toBe(2);
    expect(await find()).toBeDefined();
    expect(asked().length).toBe(2);
  });

  it("are found by the song's bare name and its length, with their times", async () => {
    const { find, asked } = await lab({ "/api/get": AFRICA });
    expect(await find()).toEqual({
      isInstrumental: false,
      lines: ["I hear the drums echoing tonight", "But she hears only whispers", "", "The wild dogs"],
      timed: [
        { atMs: 33_100, text: "I hear the drums echoing tonight" },
        { atMs: 37_820, text: "But she hears only whispers" },
        { atMs: 42_000, text: "" },
      ],
    });
    expect(asked()).toEqual(["/api/get?track_name=Africa&artist_name=Toto&duration=295"]);
  });

  it("are asked for once in half a year", async () => {
    const { find, asked, clock } = await lab({ "/api/get": AFRICA });
    const first = await find();
    clock.advance(179 * DAY_MS);
    expect(await find()).toEqual(first);
    expect(asked().length).toBe(1);
    clock.advance(2 * DAY_MS);
    expect(await find()).toEqual(first);
    expect(asked().length).toBe(2);
  });

  it("are looked for by name when no recording is exactly as long", async () => {
    const other = { ...AFRICA, trackName: "Africa", artistName: "Weezer", duration: 295 };
    const long = { ...AFRICA, duration: 340, plainLyrics: "long" };
    const near = { ...AFRICA, duration: 301, plainLyrics: "near" };
    const { find, asked } = await lab({ "/api/search": [other, long, near] });
    expect(await find()).toEqual({ isInstrumental: false, lines: ["near"], timed: [] });
    expect(asked()).toEqual([
      "/api/get?track_name=Africa&artist_name=Toto&duration=295",
      "/api/search?track_name=Africa&artist_name=Toto",
    ]);
  });

  it("with times go before those without, where they fit", async () => {
    const bare = { ...AFRICA, duration: 295.4, syncedLyrics: null };
    const timed = { ...AFRICA, duration: 293.5 };
    const { find } = await lab({ "/api/search": [bare, timed] });
    expect((await find())?.timed.length).toBe(3);
  });

  it("lose their times when the recording is longer or shorter by more than two seconds", async () => {
    for (const duration of [293.3, 297.5]) {
      const { find } = await lab({ "/api/search": [{ ...AFRICA, duration }] });
      const found = await find();
      expect({ timed: found?.timed, first: found?.lines[0] }).toEqual({
        timed: [],
        first: "I hear the drums echoing tonight",
      });
    }
  });

  it("of a song without a known artist are found by its words", async () => {
    const { find, asked } = await lab({ "/api/search": [AFRICA] });
    const found = await find(
      youtubeTrack(youtubeId(2), { title: "Africa", artist: "", durationMs: 295_000 }),
    );
    expect(found?.timed.length).toBe(3);
    expect(asked()).toEqual(["/api/search?q=Africa"]);
  });

  it("may be nothing to sing", async () => {
    const instrumental = { ...AFRICA, instrumental: true, plainLyrics: null, syncedLyrics: null };
    const { find } = await lab({ "/api/get": instrumental });
    expect(await find()).toEqual({ isInstrumental: true, lines: [""], timed: [] });
  });

  it("are made of those with times when there are no others", async () => {
    const { find } = await lab({ "/api/get": { ...AFRICA, plainLyrics: "" } });
    expect((await find())?.lines).toEqual([
      "I hear the drums echoing tonight",
      "But she hears only whispers",
      "",
    ]);
  });
});

describe("a song without lyrics", () => {
  it("is remembered for a week", async () => {
    const { find, asked, clock } = await lab({ "/api/search": [] });
    expect(await find()).toBeUndefined();
    const once = asked();
    expect(once.at(-1)).toBe("/api/search?q=Toto Africa");
    clock.advance(6 * DAY_MS);
    expect(await find()).toBeUndefined();
    expect(asked()).toEqual(once);
    clock.advance(2 * DAY_MS);
    expect(await find()).toBeUndefined();
    expect(asked().length).toBe(2 * once.length);
  });

  it("gets none of another song", async () => {
    const others = [
      { ...AFRICA, trackName: "Rosanna" },
      { ...AFRICA, artistName: "Weezer" },
      { ...AFRICA, trackName: "" },
      { ...AFRICA, plainLyrics: null, syncedLyrics: null },
    ];
    const { find } = await lab({ "/api/search": others });
    expect(await find()).toBeUndefined();
  });
});

test.each([
  ["no JSON", "<html>"],
  ["an error of the server", 500],
  ["too many requests", 429],
  ["something else", 302],
])("%s is a failure that is not remembered", async (_what, answer) => {
  const answers = { "/api/get": answer as unknown };
  const { find } = await lab(answers);
  await expect(find()).rejects.toMatchObject({
    code: answer === 429 ? "RATE_LIMITED" : "SOURCE_UNREACHABLE",
  });
  answers["/api/get"] = AFRICA;
  expect((await find())?.lines.length).toBe(4);
});

test.each([
  ["numbers", { "/api/get": { ...AFRICA, plainLyrics: 7, syncedLyrics: { a: 1 }, duration: "x" } }],
  ["no record", { "/api/get": [1, 2, 3], "/api/search": { trackName: "Africa" } }],
  ["odd entries", { "/api/search": [null, 7, "x", {}, { trackName: 1 }, [], { ...AFRICA, plainLyrics: 1 }] }],
])("an answer with %s in the wrong places is read as far as it goes", async (_what, answers) => {
  const { find } = await lab(answers);
  const found = await find();
  expect(found === undefined || found.lines.length > 0).toBe(true);
});

test("a huge text is cut", async () => {
  const { find } = await lab({
    "/api/get": { ...AFRICA, plainLyrics: "x\n".repeat(500_000), syncedLyrics: null },
  });
  expect((await find())?.lines.length).toBe(400);
});

test("the service is asked for one thing at a time, with a pause between", async () => {
  let running = 0;
  let most = 0;
  const { port } = await startServer((_request, response) => {
    running += 1;
    most = Math.max(most, running);
    setImmediate(() => {
      running -= 1;
      send(response, undefined);
    });
  });
  const clock = new FakeClock();
  const service = createSideService({ baseUrl: `http://127.0.0.1:${port}`, proxyUrl: undefined, clock });
  const atMs: number[] = [];
  const watched: typeof service = {
    read: (path, signal) => {
      atMs.push(performance.now());
      return service.read(path, signal);
    },
  };
  const lrclib = new Lrclib({
    service: watched,
    memory: new LyricsRows(await freshDatabase()),
    clock: { nowMs: () => clock.nowMs(), monotonicMs: () => performance.now() },
    pauseMs: 20,
  });
  const songs = [1, 2, 2].map((number) => ({ ...SONG, id: youtubeId(number) }));
  expect(await Promise.all(songs.map((track) => lrclib.find(track, NEVER)))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  // The third is what the second has found out.
  expect({ most, requests: atMs.length }).toEqual({ most: 1, requests: 6 });
  const gaps = atMs.slice(1).map((time, index) => time - (atMs[index] ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(19);
});

test("who stops waiting keeps nobody else from their turn", async () => {
  const { lrclib, asked } = await lab({ "/api/get": AFRICA });
  const stop = new AbortController();
  const first = lrclib.find({ ...SONG, id: youtubeId(1) }, NEVER);
  const second = lrclib.find({ ...SONG, id: youtubeId(2) }, stop.signal);
  const third = lrclib.find({ ...SONG, id: youtubeId(3) }, NEVER);
  stop.abort();
  await expect(second).rejects.toMatchObject({ code: "ABORTED" });
  expect((await first)?.lines.length).toBe(4);
  expect((await third)?.lines.length).toBe(4);
  expect(asked().length).toBe(2);
});

test("a service that fails three times in a row is left alone for a minute", async () => {
  const { find, asked, clock } = await lab({ "/api/get": 503 });
  for (let tries = 0; tries < 5; tries += 1)
    await expect(find()).rejects.toMatchObject({ code: "SOURCE_UNREACHABLE" });
  expect(asked().length).toBe(3);
  clock.advance(61_000);
  await expect(find()).rejects.toMatchObject({ code: "SOURCE_UNREACHABLE" });
  expect(asked().length).toBe(4);
});
