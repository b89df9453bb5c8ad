import { copyFile, readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { Transcoder } from "../../src/audio/transcoder.ts";
import { AppError, type ErrorCode } from "../../src/core/errors.ts";
import type { Track } from "../../src/core/track.ts";
import { Gate } from "../fakes/gate.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";
import { type CacheUnderTest, ffmpeg, PROFILE, setUp, tone } from "./set-up.ts";

const song = youtubeTrack(youtubeId(0));
const SECOND_MS = 1_000;
const HOUR_MS = 3_600 * SECOND_MS;

async function expectNothingKept(bench: CacheUnderTest): Promise<void> {
  expect(await bench.names("work")).toEqual([]);
  expect(await bench.names("quarantine")).toEqual([]);
  expect(await Array.fromAsync(bench.blobs.list())).toEqual([]);
  expect(await bench.present()).toEqual([]);
  expect(bench.locks.size).toBe(0);
}

async function codeOf(bench: CacheUnderTest, track: Track = song): Promise<ErrorCode | "played"> {
  try {
    await bench.play(track);
    return "played";
  } catch (error) {
    return error instanceof AppError ? error.code : "INTERNAL";
  }
}

describe("a failure", () => {
  it("reaches everyone who waits, as the same error, and leaves nothing", async () => {
    const bench = await setUp();
    const gate = new Gate();
    const failure = new AppError("MEDIA_FORBIDDEN", { detail: "HTTP 403" });
    bench.source.script(song.id, { failure, waitAt: { share: 0.5, gate } });
    const waiting = Array.from({ length: 20 }, () => bench.ask(song));
    await gate.reached;
    gate.open();
    const results = await Promise.allSettled(waiting);
    expect(new Set(results.map((result) => (result.status === "rejected" ? result.reason : result)))).toEqual(
      new Set([failure]),
    );
    expect(bench.source.downloads).toHaveLength(1);
    expect(bench.log.named("cache.fill_failed")).toMatchObject([{ key: song.id, code: "MEDIA_FORBIDDEN" }]);
    await expectNothingKept(bench);
  });

  const PAUSES: readonly (readonly [ErrorCode, readonly number[]])[] = [
    ["VIDEO_REMOVED", [6 * HOUR_MS, 6 * HOUR_MS]],
    ["MEDIA_FORBIDDEN", [30 * SECOND_MS, 60 * SECOND_MS, 120 * SECOND_MS]],
    ["SOURCE_UNREACHABLE", [5 * SECOND_MS, 5 * SECOND_MS]],
  ];

  it.each(PAUSES)("%s is remembered for %j ms, then tried again", async (code, pauses) => {
    const bench = await setUp();
    bench.source.script(song.id, { failure: new AppError(code) });
    for (const [index, pauseMs] of pauses.entries()) {
      expect(await codeOf(bench)).toBe(code);
      bench.clock.advance(pauseMs - 1);
      expect(await codeOf(bench)).toBe(code);
      expect(bench.source.downloads).toHaveLength(index + 1);
      bench.clock.advance(1);
    }
  });

  it("that is a cancellation is not remembered", async () => {
    const bench = await setUp();
    bench.source.script(song.id, { failure: new AppError("ABORTED") });
    expect([await codeOf(bench), await codeOf(bench)]).toEqual(["ABORTED", "ABORTED"]);
    const told = bench.log.events.filter(({ event }) => event === "cache.fill_failed");
    expect(told.map(({ level }) => level)).toEqual(["debug", "debug"]);
    expect(bench.source.downloads).toHaveLength(2);
  });

  it("of one kind, remembered, says the same sentence", async () => {
    const bench = await setUp();
    const failure = new AppError("FILE_TOO_LARGE", { limitBytes: 2 ** 26, detail: "raw output" });
    bench.source.script(song.id, { failure });
    await expect(bench.ask(song)).rejects.toThrow(failure.message);
    bench.source.script(song.id, { failure: new AppError("NOT_AUDIO", { detail: "<html>" }) });
    await expect(bench.ask(song)).rejects.toThrow("There is no audio this bot can read");
    await expect(bench.ask(song)).rejects.toMatchObject({ code: "NOT_AUDIO", context: {} });
    expect(bench.source.downloads).toHaveLength(2);
  });

  it("starts counting anew after a success", async () => {
    const bench = await setUp();
    bench.source.script(song.id, { failure: new AppError("RATE_LIMITED") });
    for (const pauseMs of [30, 60, 120]) {
      expect(await codeOf(bench)).toBe("RATE_LIMITED");
      bench.clock.advance(pauseMs * SECOND_MS);
    }
    bench.source.script(song.id, {});
    expect(await codeOf(bench)).toBe("played");
    await bench.blobs.remove(`${PROFILE.id}/${song.id}.opus`);
    bench.source.script(song.id, { failure: new AppError("RATE_LIMITED") });
    expect(await codeOf(bench)).toBe("RATE_LIMITED");
    bench.clock.advance(30 * SECOND_MS);
    expect(await codeOf(bench)).toBe("RATE_LIMITED");
    expect(bench.source.downloads).toHaveLength(6);
  });

  it("of one song does not stand in the way of another, nor of a hit", async () => {
    const bench = await setUp();
    const other = youtubeTrack(youtubeId(1));
    await bench.play(other);
    bench.source.script(song.id, { failure: new AppError("RATE_LIMITED") });
    expect(await codeOf(bench)).toBe("RATE_LIMITED");
    expect(await codeOf(bench, other)).toBe("played");
    expect(await codeOf(bench, youtubeTrack(youtubeId(2)))).toBe("played");
  });

  it("that comes before there is a promise is a failure like any other", async () => {
    const bench = await setUp();
    bench.source.script(song.id, { synchronousFailure: new AppError("EXTRACTOR_MISSING") });
    expect(await codeOf(bench)).toBe("EXTRACTOR_MISSING");
    bench.source.script(song.id, {});
    expect(await codeOf(bench)).toBe("played");
  });

  it("nobody foresaw is our bug, in one sentence, and the next try starts clean", async () => {
    const bench = await setUp();
    bench.source.script(song.id, { failure: new TypeError("x is undefined") as unknown as AppError });
    await expect(bench.ask(song)).rejects.toMatchObject({
      code: "INTERNAL",
      message: /Something went wrong/u,
    });
    bench.source.script(song.id, {});
    expect(await codeOf(bench)).toBe("played");
  });
});

describe("what may not be kept", () => {
  const LIMIT = { limits: { maxDurationMs: 60_000 } };
  const TABLE = [
    {
      what: "known to be live",
      track: youtubeTrack(song.id, { isLive: true }),
      script: {},
      code: "LIVE_NOT_SUPPORTED",
      downloads: 0,
    },
    {
      what: "known to be too long",
      track: youtubeTrack(song.id, { durationMs: 60_001 }),
      script: {},
      code: "TRACK_TOO_LONG",
      downloads: 0,
    },
    {
      what: "live, as the first bytes tell",
      track: song,
      script: { facts: { isLive: true } },
      code: "LIVE_NOT_SUPPORTED",
      downloads: 1,
    },
    {
      what: "too long, as the first bytes tell",
      track: song,
      script: { facts: { durationMs: 60_001 } },
      code: "TRACK_TOO_LONG",
      downloads: 1,
    },
    {
      what: "live, as the end tells",
      track: song,
      script: { lateFacts: { isLive: true } },
      code: "LIVE_NOT_SUPPORTED",
      downloads: 1,
    },
    {
      what: "too long, as the end tells",
      track: song,
      script: { lateFacts: { durationMs: 60_001 } },
      code: "TRACK_TOO_LONG",
      downloads: 1,
    },
  ];

  it.each(TABLE)("is refused: $what", async ({ track, script, code, downloads }) => {
    const bench = await setUp(LIMIT);
    bench.source.script(song.id, script);
    expect(await codeOf(bench, track)).toBe(code);
    expect(bench.source.downloads).toHaveLength(downloads);
    await expectNothingKept(bench);
  });

  it("is refused when only its samples tell how long it is", async () => {
    const bench = await setUp({ limits: { maxDurationMs: 500 } });
    const unknown = { durationMs: null };
    bench.source.script(song.id, { facts: unknown });
    expect(await codeOf(bench, youtubeTrack(song.id, unknown))).toBe("TRACK_TOO_LONG");
    await expectNothingKept(bench);
  });
});

describe("nothing is published", () => {
  it("of half a song, and the whole one is fetched the next time", async () => {
    const bench = await setUp();
    const half = bench.at("half.webm");
    const bytes = await readFile(tone.path);
    await writeFile(half, bytes.subarray(0, bytes.length / 2));
    bench.source.script(song.id, { file: half });
    expect(await codeOf(bench)).toBe("AUDIO_INCOMPLETE");
    await expectNothingKept(bench);
    bench.source.script(song.id, {});
    bench.clock.advance(5 * SECOND_MS);
    expect(await codeOf(bench)).toBe("played");
  });

  it("of a song that is shorter than announced, although its file is whole", async () => {
    const bench = await setUp();
    expect(await codeOf(bench, youtubeTrack(song.id, { durationMs: 30_000 }))).toBe("played");
    const other = youtubeId(1);
    bench.source.script(other, { facts: { durationMs: 30_000 } });
    expect(await codeOf(bench, youtubeTrack(other))).toBe("AUDIO_INCOMPLETE");
    expect(await Array.fromAsync(bench.blobs.list())).toHaveLength(1);
    expect(await bench.names("work")).toEqual([]);
  });

  it("of a web page", async () => {
    const bench = await setUp();
    const page = bench.at("page.html");
    await writeFile(page, "<!doctype html><title>Sign in to confirm you are not a bot</title>".repeat(50));
    bench.source.script(song.id, { file: page });
    expect(await codeOf(bench)).toBe("NOT_AUDIO");
    await expectNothingKept(bench);
  });

  it("of a result that does not pass its inspection", async () => {
    const damaging: Transcoder = {
      ...ffmpeg,
      normalize: async (request, signal) => {
        const done = await ffmpeg.normalize(request, signal);
        const bytes = await readFile(request.toPath);
        await writeFile(request.toPath, bytes.subarray(0, bytes.length - 200));
        return done;
      },
    };
    const bench = await setUp({ transcoder: damaging });
    expect(await codeOf(bench)).toBe("AUDIO_INCOMPLETE");
    await expectNothingKept(bench);
  });
});

describe("the process going down", () => {
  const stages = { "before the first byte": 0, "in the middle of the download": 0.5, "at its end": 1 };

  it.each(Object.entries(stages))("%s leaves an empty work folder", async (_stage, share) => {
    const bench = await setUp();
    const gate = new Gate();
    bench.source.script(song.id, { waitAt: { share, gate } });
    const asked = codeOf(bench);
    await gate.reached;
    await bench.cache.close();
    expect(await asked).toBe("ABORTED");
    await expectNothingKept(bench);
  });

  it.each(["normalize", "inspect"] as const)("during %s leaves an empty work folder", async (step) => {
    const gate = new Gate();
    const slow: Transcoder = {
      ...ffmpeg,
      [step]: async (what: never, signal: AbortSignal) => {
        await gate.pass();
        return ffmpeg[step](what, signal);
      },
    };
    const bench = await setUp({ transcoder: slow });
    const asked = codeOf(bench);
    await gate.reached;
    const closing = bench.cache.close();
    gate.open();
    await closing;
    expect(await asked).toBe("ABORTED");
    await expectNothingKept(bench);
  });
});

it("leaves alone what others put into the work folder", async () => {
  const bench = await setUp();
  await copyFile(tone.path, bench.at("work/unrelated.txt"));
  await bench.play(song);
  expect(await bench.names("work")).toEqual(["unrelated.txt"]);
});
