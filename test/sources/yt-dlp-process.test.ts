/** What only a program can do wrong: hang, print nonsense, answer something else, end in odd ways. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { untilAborted } from "../../src/core/abort.ts";
import { systemClock } from "../../src/core/clock.ts";
import type { ErrorCode } from "../../src/core/errors.ts";
import { createProcessRunner } from "../../src/process/child-runner.ts";
import type { ProcessResult, ProcessRunner } from "../../src/process/runner.ts";
import type { DownloadRequest, Source } from "../../src/sources/source.ts";
import { createYtDlp } from "../../src/sources/yt-dlp.ts";
import { TEST_LIMITS, TEST_PACE, localFetch, targetOf } from "../contracts/source.ts";
import type { Song } from "../sandbox/media/catalogue.ts";
import { startMediaSource } from "../sandbox/media/media-source.ts";
import type { ExtractorBehaviour, MediaSource } from "../sandbox/media/media-source.ts";

const PATIENT = { ...TEST_PACE, firstByteMs: 600_000, windowMs: 600_000 };
const never = new AbortController().signal;
const runner = createProcessRunner({ graceMs: 200 });
let directory: string;
let media: MediaSource;
let source: Source;
let song: Song;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "encore-yt-dlp-"));
  media = await startMediaSource({ directory });
  song = await media.addSong({ title: "Process Song" });
  source = ytDlp();
});

afterAll(async () => {
  await media.close();
  await rm(directory, { recursive: true });
});

afterEach(async () => {
  await media.setExtractor({});
  media.setFaults(song.id, {});
  media.setState(song.id, "ok");
  media.resetCounters();
  await rm(work(), { recursive: true, force: true });
});

function ytDlp(options: Partial<Parameters<typeof createYtDlp>[0]> = {}): Source {
  return createYtDlp({
    runner,
    command: { command: media.ytDlpCommand, leadingArgs: [] },
    homeDirectory: path.join(directory, "home"),
    nodePath: process.execPath,
    clock: systemClock,
    fetch: localFetch(),
    pace: TEST_PACE,
    socketTimeoutSeconds: 5,
    watchEveryMs: 50,
    ...options,
  });
}

function work(): string {
  return path.join(directory, "work");
}

async function request(changes: Partial<DownloadRequest> = {}): Promise<DownloadRequest> {
  await mkdir(work(), { recursive: true });
  return { target: targetOf(song), toPath: path.join(work(), "song.src"), limits: TEST_LIMITS, ...changes };
}

async function failsWith(code: ErrorCode, wish?: DownloadRequest): Promise<void> {
  await expect(source.download(wish ?? (await request()), never)).rejects.toMatchObject({ code });
}

describe("the child's environment", () => {
  it("is made from nothing: no token, no settings of a person, no options for Node", async () => {
    vi.stubEnv("DISCORD_TOKEN", "secret");
    vi.stubEnv("NODE_OPTIONS", "--no-warnings");
    vi.stubEnv("https_proxy", "http://elsewhere.invalid");
    try {
      await source.resolve(targetOf(song), never);
    } finally {
      vi.unstubAllEnvs();
    }
    const call = (await media.extractorCalls()).at(-1);
    expect(Object.keys(call?.env ?? {}).toSorted()).toEqual(
      expect.arrayContaining(["HOME", "LANG", "PATH", "PYTHONNOUSERSITE", "TMPDIR", "YTDLP_NO_PLUGINS"]),
    );
    expect(JSON.stringify(call?.env)).not.toMatch(/secret|no-warnings|elsewhere/u);
    expect(call?.env).toMatchObject({ HOME: path.join(directory, "home"), YTDLP_NO_PLUGINS: "1" });
  });

  it("has the proxy and the certificates that were configured, and the command line has not", async () => {
    const configured = ytDlp({ proxy: "http://me:pass@127.0.0.1:9", certFile: "/etc/ca.pem" });
    await configured.resolve(targetOf(song), never);
    const call = (await media.extractorCalls()).at(-1);
    expect(call?.env).toMatchObject({
      https_proxy: "http://me:pass@127.0.0.1:9",
      http_proxy: "http://me:pass@127.0.0.1:9",
      SSL_CERT_FILE: "/etc/ca.pem",
    });
    expect(call?.args.join(" ")).not.toContain("pass@");
  });
});

describe("a program that misbehaves", () => {
  it.each<[string, ExtractorBehaviour, ErrorCode]>([
    ["answers about another video", { answersId: "BBBBBBBBBBB" }, "EXTRACTOR_BROKEN"],
    ["names a file elsewhere", { claimsFile: "/etc/passwd" }, "EXTRACTOR_BROKEN"],
    ["names a file that leads out of the folder", { claimsFile: "../work/song.src.d" }, "EXTRACTOR_BROKEN"],
    ["does not know an option", { exit: { code: 2, stderr: "no such option: --x\n" } }, "EXTRACTOR_TOO_OLD"],
    ["is used wrongly", { exit: { code: 2, stderr: "invalid filter\n" } }, "INTERNAL"],
    [
      "has no interpreter",
      { exit: { code: 127, stderr: "env: python99: No such file\n" } },
      "EXTRACTOR_MISSING",
    ],
    ["has lost its module", { exit: { code: 1, stderr: "No module named yt_dlp\n" } }, "EXTRACTOR_MISSING"],
    ["says nothing and ends well", { exit: { code: 0, stderr: "" } }, "EXTRACTOR_BROKEN"],
    ["says nothing and ends badly", { exit: { code: 1, stderr: "" } }, "EXTRACTOR_BROKEN"],
    [
      "crashes",
      { exit: { code: 1, stderr: "Traceback (most recent call last):\nMemoryError\n" } },
      "EXTRACTOR_BROKEN",
    ],
    [
      "finds the disk full",
      { exit: { code: 1, stderr: "ERROR: [Errno 28] No space left on device\n" } },
      "DISK_FULL",
    ],
  ])("%s: a clear error, nothing left, and the next try works", async (_what, behaviour, code) => {
    await media.setExtractor(behaviour);
    await failsWith(code);
    expect(await readdir(work())).toEqual([]);
    await media.setExtractor({});
    expect((await source.download(await request(), never)).bytes).toBe(song.bytes);
  });

  it("may print whatever it likes before the lines that count", async () => {
    await media.setExtractor({
      garbage: `\u0000\uFFFD{{{\nM null\nP {"downloaded_bytes":-5}\n${"x".repeat(300_000)}\nD 5\n`,
    });
    expect((await source.download(await request(), never)).bytes).toBe(song.bytes);
  });

  it("makes no answer of garbage", async () => {
    for (const stdout of ["null\n", "", "{", '{"entries":5}', "[]"]) {
      await media.setExtractor({ exit: { code: 0, stdout, stderr: "" } });
      const broken = { code: "EXTRACTOR_BROKEN" };
      await expect(source.resolve(targetOf(song), never)).rejects.toMatchObject(broken);
      await expect(source.search("x", 5, never)).rejects.toMatchObject(broken);
    }
  });

  it("that is not there is named as missing", async () => {
    const missing = { code: "EXTRACTOR_MISSING" };
    for (const command of [undefined, { command: path.join(directory, "gone"), leadingArgs: [] }]) {
      const gone = ytDlp({ command });
      await expect(gone.resolve(targetOf(song), never)).rejects.toMatchObject(missing);
      await expect(gone.download(await request(), never)).rejects.toMatchObject(missing);
      expect(await readdir(work())).toEqual([]);
    }
  });
});

describe("a program that hangs", () => {
  it.each(["start", "download"] as const)(
    "at the %s and ignores SIGTERM is gone after an abort",
    async (hangs) => {
      await media.setExtractor({ hangs, ignoresSigterm: true });
      const before = (await media.extractorCalls()).length;
      const stop = new AbortController();
      const patient = ytDlp({ pace: { ...TEST_PACE, firstByteMs: 60_000, windowMs: 60_000 } });
      const download = patient.download(await request(), stop.signal);
      await vi.waitFor(async () => expect(await media.extractorCalls()).toHaveLength(before + 1), 10_000);
      stop.abort();
      await expect(download).rejects.toMatchObject({ code: "ABORTED" });
      const pid = (await media.extractorCalls()).at(-1)?.pid ?? 0;
      expect(() => process.kill(pid, 0)).toThrow("ESRCH");
      expect(runner.running()).toEqual([]);
      expect(await readdir(work())).toEqual([]);
    },
  );

  it("in the middle of a list is gone when the reader has enough", async () => {
    await media.setExtractor({ hangs: "list", ignoresSigterm: true });
    const list = media.addPlaylist({ title: "Hanging", songIds: [song.id, song.id] });
    const seen: string[] = [];
    for await (const { id } of source.playlist(
      { source: "youtube", id: list.id },
      { from: 1, limit: 9 },
      never,
    )) {
      seen.push(id);
      if (seen.length === 2) break;
    }
    expect(seen).toEqual([song.id, song.id]);
    expect(runner.running()).toEqual([]);
  });

  it("before the first byte is given up by our own clock", async () => {
    await media.setExtractor({ hangs: "download", ignoresSigterm: true });
    source = ytDlp({ pace: { ...TEST_PACE, firstByteMs: 300 } });
    await failsWith("SOURCE_UNREACHABLE");
    source = ytDlp();
    expect(runner.running()).toEqual([]);
  });
});

async function tiers(): Promise<string[]> {
  return (await media.extractorCalls()).map(({ args }) => (args.includes("--no-js-runtimes") ? "1" : "2"));
}

describe("the tiers", () => {
  it("a recording that needs a JavaScript runtime is read in the second", async () => {
    media.setState(song.id, "js-only");
    const before = (await tiers()).length;
    expect((await source.resolve(targetOf(song), never)).title).toBe("Process Song");
    expect((await source.download(await request(), never)).bytes).toBe(song.bytes);
    expect((await tiers()).slice(before)).toEqual(["1", "2", "1", "2"]);
    const second = (await media.extractorCalls()).at(-1);
    expect(second?.args).toContain(`node:${process.execPath}`);
  });

  it("what is final is asked once", async () => {
    media.setState(song.id, "private");
    const before = (await tiers()).length;
    await failsWith("PRIVATE_VIDEO");
    expect((await tiers()).slice(before)).toEqual(["1"]);
  });

  it("a refused address is renewed once, then the second tier is tried, then it is over", async () => {
    media.setFaults(song.id, { forbidFromByte: 10_000 });
    const before = (await tiers()).length;
    await failsWith("MEDIA_FORBIDDEN");
    expect((await tiers()).slice(before)).toEqual(["1", "1", "2"]);
  });

  it("a renewed address goes on where the first one ended", async () => {
    media.setFaults(song.id, { forbidFromByte: 30_000, freshAddressHeals: true });
    expect((await source.download(await request(), never)).bytes).toBe(song.bytes);
    expect(media.counters(song.id)).toMatchObject({ pageRequests: 2, bytesSent: song.bytes });
  });
});

/** A runner whose runs print these lines, and then end with 403 or wait to be stopped. */
function scripted(runs: readonly (readonly string[])[]): ProcessRunner {
  let started = 0;
  return {
    running: () => [],
    run: async (spec, signal) => {
      for (const line of runs[started] ?? []) spec.onStdoutLine?.(line);
      started += 1;
      if (started === runs.length)
        return untilAborted(Promise.withResolvers<ProcessResult>().promise, signal);
      const stderr = "ERROR: unable to download video data: HTTP Error 403: Forbidden";
      return { exitCode: 1, signal: null, stdout: "", stderr, timedOut: false, durationMs: 1 };
    },
  };
}

describe("a recording that is replaced while it is fetched", () => {
  it("is not spliced together", async () => {
    const facts = `M ${JSON.stringify({ id: song.id, title: "x", duration: 4 })}`;
    const runs = [
      [facts, 'F {"format_id":"251","filesize":1000}'],
      [facts, 'F {"format_id":"251","filesize":2000}'],
    ];
    source = ytDlp({ runner: scripted(runs), pace: PATIENT });
    await failsWith("DOWNLOAD_INCOMPLETE");
    source = ytDlp();
    expect(await readdir(work())).toEqual([]);
  });
});

describe("many at once", () => {
  it("never run more than two programs", async () => {
    media.setFaults(song.id, { throttleBytesPerSecond: 200_000 });
    let most = 0;
    const onProgress = (): void => {
      most = Math.max(most, runner.running().length);
    };
    await mkdir(work(), { recursive: true });
    const wishes = await Promise.all(
      Array.from({ length: 6 }, (_, n) => request({ toPath: path.join(work(), `${n}.src`), onProgress })),
    );
    await Promise.all(wishes.map((wish) => source.download(wish, never)));
    expect(most).toBe(2);
    expect((await readdir(work())).toSorted()).toEqual([
      "0.src",
      "1.src",
      "2.src",
      "3.src",
      "4.src",
      "5.src",
    ]);
  });

  it("one that was aborted while it waited never starts", async () => {
    media.setFaults(song.id, { throttleBytesPerSecond: 100_000 });
    const before = (await media.extractorCalls()).length;
    const running = [1, 2].map(async (n) =>
      source.download(await request({ toPath: path.join(work(), `${n}.src`) }), never),
    );
    await vi.waitFor(async () => expect(await media.extractorCalls()).toHaveLength(before + 2), 10_000);
    const stop = new AbortController();
    const third = source.download(await request({ toPath: path.join(work(), "3.src") }), stop.signal);
    stop.abort();
    await expect(third).rejects.toMatchObject({ code: "ABORTED" });
    await Promise.all(running);
    expect(await media.extractorCalls()).toHaveLength(before + 2);
    expect((await readdir(work())).toSorted()).toEqual(["1.src", "2.src"]);
  });
});

describe("the scratch folder", () => {
  it("of an earlier, killed process is no obstacle", async () => {
    const wish = await request();
    await mkdir(`${wish.toPath}.d`);
    await writeFile(path.join(`${wish.toPath}.d`, `${song.id}.251.webm.part`), "stale bytes");
    expect((await source.download(wish, never)).bytes).toBe(song.bytes);
    expect(await readdir(work())).toEqual(["song.src"]);
  });
});

it("chapters are told with the facts, by a look-up and by a download", async () => {
  const chapters = [
    { title: "Second", start_time: 1.5, end_time: 4 },
    { title: "  First\u202E ", start_time: 0, end_time: 1.5 },
    { title: "", start_time: 4, end_time: 4 },
  ];
  const album = await media.addSong({ title: "Album", chapters });
  const expected = [
    { title: "First", startMs: 0, endMs: 1_500 },
    { title: "Second", startMs: 1_500, endMs: 4_000 },
  ];
  expect((await source.resolve(targetOf(album), never)).chapters).toEqual(expected);
  expect((await source.download(await request({ target: targetOf(album) }), never)).track.chapters).toEqual(
    expected,
  );
});
