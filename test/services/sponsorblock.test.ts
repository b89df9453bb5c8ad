import { createHash } from "node:crypto";
import { describe, expect, it, test } from "vitest";
import { Segments } from "../../src/db/segments.ts";
import { cutsFrom, SponsorBlock } from "../../src/services/sponsorblock.ts";
import { createSideService } from "../../src/sources/side-service.ts";
import { freshDatabase } from "../db/database.ts";
import { FakeClock } from "../fakes/clock.ts";
import { RecordingLogger } from "../fakes/logger.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";
import { startServer } from "../sources/bad-server.ts";

const NEVER = new AbortController().signal;
const HOUR_MS = 60 * 60_000;
const DURATION_MS = 200_000;
const SONG = youtubeTrack(youtubeId(1), { durationMs: DURATION_MS });

/** A segment as the service tells it. */
function segment(from: number, to: number, more: object = {}): object {
  return {
    category: "music_offtopic",
    actionType: "skip",
    segment: [from, to],
    UUID: "6cb9d8c5d8e1f4c1a1b2",
    videoDuration: 200.4,
    locked: 0,
    votes: 3,
    description: "",
    ...more,
  };
}

interface Lab {
  readonly blocks: SponsorBlock;
  readonly clock: FakeClock;
  readonly log: RecordingLogger;
  readonly asked: readonly string[];
}

/** A service whose answer each test writes; a number is a status. */
async function lab(answer: () => unknown): Promise<Lab> {
  const { port, requests } = await startServer((_request, response) => {
    const said = answer();
    if (typeof said === "number") response.writeHead(said).end("Not Found");
    else if (said !== undefined)
      response
        .writeHead(200, { "content-type": "application/json" })
        .end(typeof said === "string" ? said : JSON.stringify(said));
  });
  const clock = new FakeClock();
  const log = new RecordingLogger();
  const service = createSideService({
    baseUrl: `http://127.0.0.1:${port}`,
    proxyUrl: undefined,
    clock,
    timeoutMs: 2_000,
  });
  const memory = new Segments(await freshDatabase());
  return { blocks: new SponsorBlock({ service, memory, clock, log }), clock, log, asked: requests };
}

const ofSong = (...segments: readonly object[]): unknown => [
  { videoID: youtubeId(2), hash: "ab", segments: [segment(0, 90)] },
  { videoID: SONG.id, hash: "ab", segments },
];

describe("the marked parts of a song", () => {
  it("are asked for without naming the song, and picked from its neighbours", async () => {
    const { blocks, asked } = await lab(() => ofSong(segment(0, 12.5), segment(180.25, 200.4)));
    expect(await blocks.cutsOf(SONG, NEVER)).toEqual([
      { fromMs: 0, toMs: 12_500 },
      { fromMs: 180_250, toMs: 200_000 },
    ]);
    const [url = ""] = asked;
    const { pathname, searchParams } = new URL(url, "http://x");
    const hash = createHash("sha256").update(SONG.id).digest("hex");
    expect(pathname).toBe(`/api/skipSegments/${hash.slice(0, 4)}`);
    expect(Object.fromEntries(searchParams)).toEqual({
      categories: '["music_offtopic","sponsor","selfpromo","interaction","intro","outro"]',
      actionTypes: '["skip"]',
      service: "YouTube",
    });
    expect(url).not.toContain(SONG.id);
  });

  it("are remembered for a day, none as well", async () => {
    for (const answer of [404, ofSong(segment(0, 10))]) {
      const { blocks, asked, clock } = await lab(() => answer);
      const first = await blocks.cutsOf(SONG, NEVER);
      expect(first.length).toBe(answer === 404 ? 0 : 1);
      clock.advance(23 * HOUR_MS);
      expect(await blocks.cutsOf(SONG, NEVER)).toEqual(first);
      expect(asked.length).toBe(1);
      clock.advance(2 * HOUR_MS);
      expect(await blocks.cutsOf(SONG, NEVER)).toEqual(first);
      expect(asked.length).toBe(2);
    }
  });

  it("are none of a song that is elsewhere, live, or of no known length, or of one that is only claimed", async () => {
    const { blocks, asked } = await lab(() => ofSong(segment(0, 10)));
    expect(await blocks.cutsOf({ ...SONG, source: "direct" }, NEVER)).toEqual([]);
    expect(await blocks.cutsOf({ ...SONG, durationMs: null }, NEVER)).toEqual([]);
    expect(await blocks.cutsOf({ ...SONG, isUnproven: true }, NEVER)).toEqual([]);
    expect(asked).toEqual([]);
  });
});

test.each([
  ["an error", 500],
  ["too many requests", 429],
  ["no JSON", "<html>"],
  ["another shape", { videoID: "x" }],
  ["a list of something else", [7]],
])("%s cuts nothing, is told in the log and not remembered", async (_what, answer) => {
  let said: unknown = answer;
  const { blocks, log } = await lab(() => said);
  expect(await blocks.cutsOf(SONG, NEVER)).toEqual([]);
  expect(log.named("segments.failed").length).toBe(1);
  said = ofSong(segment(0, 10));
  expect((await blocks.cutsOf(SONG, NEVER)).length).toBe(1);
});

test("a service that does not answer cuts nothing, and nobody hears of it who has stopped waiting", async () => {
  const { blocks, log } = await lab(() => undefined);
  const stop = new AbortController();
  const asked = blocks.cutsOf(SONG, stop.signal);
  stop.abort();
  expect(await asked).toEqual([]);
  expect(log.named("segments.failed")).toEqual([]);
});

test("a service that fails three times in a row is left alone for a minute", async () => {
  const { blocks, asked, clock } = await lab(() => 503);
  for (let tries = 0; tries < 5; tries += 1) await blocks.cutsOf(SONG, NEVER);
  expect(asked.length).toBe(3);
  clock.advance(61_000);
  await blocks.cutsOf(SONG, NEVER);
  expect(asked.length).toBe(4);
});

const cuts = (...segments: readonly object[]): (readonly [number, number])[] =>
  cutsFrom(segments, DURATION_MS).map(({ fromMs, toMs }) => [fromMs, toMs] as const);

describe("what is left out of a song", () => {
  it("is in order, and what overlaps is one part", () => {
    expect(
      cuts(segment(100, 120), segment(5, 20), segment(0, 10), segment(20, 25), segment(110, 115)),
    ).toEqual([
      [0, 25_000],
      [100_000, 120_000],
    ]);
  });

  it("lies within the song", () => {
    expect(cuts(segment(-5, 3), segment(190, 999))).toEqual([
      [0, 3_000],
      [190_000, 200_000],
    ]);
  });

  it("is nothing that was marked in a version of another length", () => {
    expect(cuts(segment(0, 10, { videoDuration: 202.1 }), segment(20, 30, { videoDuration: 197.9 }))).toEqual(
      [],
    );
    expect(cuts(segment(0, 10, { videoDuration: 202 }), segment(20, 30, { videoDuration: 198 })).length).toBe(
      2,
    );
    expect(cuts(segment(0, 10, { videoDuration: 0 }), segment(20, 30, { videoDuration: "?" })).length).toBe(
      2,
    );
  });

  it("is never nearly all of it", () => {
    expect(cuts(segment(0, 181), segment(190, 195))).toEqual([[190_000, 195_000]]);
    expect(cuts(segment(0, 100), segment(100.5, 185))).toEqual([]);
    expect(cuts(segment(0, 180))).toEqual([[0, 180_000]]);
  });

  it("is nothing too short to be worth a jump, and nothing that runs backwards", () => {
    expect(cuts(segment(1, 1.4), segment(10, 5), segment(7, 7))).toEqual([]);
  });

  it("is nothing that is marked for something else than leaving it out", () => {
    expect(cuts(segment(0, 10, { actionType: "mute" }), segment(20, 30, { actionType: "full" }))).toEqual([]);
    expect(cuts(segment(0, 10, { actionType: undefined }))).toEqual([[0, 10_000]]);
  });

  it("is at most fifty parts", () => {
    expect(cuts(...Array.from({ length: 90 }, (_, at) => segment(at * 2, at * 2 + 1))).length).toBe(50);
  });

  it.each([
    [null],
    [7],
    [{}],
    [{ segment: "0,10" }],
    [{ segment: [0] }],
    [{ segment: [0, 10, 20] }],
    [{ segment: [Number.NaN, 10] }],
    [{ segment: [0, Number.POSITIVE_INFINITY] }],
    [{ segment: ["0", "10"] }],
  ])("is nothing that is written like %j", (odd) => {
    expect(cutsFrom([odd], DURATION_MS)).toEqual([]);
  });
});
