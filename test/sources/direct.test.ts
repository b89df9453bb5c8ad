import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import type { Track } from "../../src/core/track.ts";
import type { LookUp } from "../../src/sources/address-guard.ts";
import { createDirectSource } from "../../src/sources/direct.ts";
import type { DirectOptions, DirectTiming } from "../../src/sources/direct.ts";
import { directTarget } from "../../src/sources/query.ts";
import type { Download, DownloadProgress, MediaTarget, Source } from "../../src/sources/source.ts";
import { startServer } from "./bad-server.ts";

const SONG = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
const TIMING: DirectTiming = {
  connectMs: 5_000,
  firstByteMs: 5_000,
  windowMs: 5_000,
  minBytesPerSecond: 1,
  totalMs: 20_000,
};
const never = new AbortController().signal;

const EXAMPLES = new Map([
  ["files.example", "93.184.216.34"],
  ["inside.example", "10.0.0.1"],
  ["media.example", "127.0.0.1"],
]);
const lookUpExamples: LookUp = async (host) => [EXAMPLES.get(host) ?? ""];

const lookUpDiscord: LookUp = async () => ["93.184.216.34"];

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "encore-direct-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

function source(options: Partial<DirectOptions> = {}): Source {
  return createDirectSource({
    openHosts: ["127.0.0.1"],
    proxyUrl: undefined,
    clock: systemClock,
    timing: TIMING,
    watchEveryMs: 20,
    ...options,
  });
}

const target = (link: string): MediaTarget => directTarget(new URL(link));

async function download(
  link: string,
  options: Partial<DirectOptions> & { maxBytes?: number; signal?: AbortSignal } = {},
): Promise<Download & { readonly progress: readonly DownloadProgress[]; readonly tracks: readonly Track[] }> {
  const progress: DownloadProgress[] = [];
  const tracks: Track[] = [];
  const done = await source(options).download(
    {
      target: target(link),
      toPath: path.join(folder, "song.src"),
      limits: { maxBytes: options.maxBytes ?? 1_000_000, maxDurationMs: 3_600_000 },
      onProgress: (step) => progress.push(step),
      onTrack: (track) => tracks.push(track),
    },
    options.signal ?? never,
  );
  return { ...done, progress, tracks };
}

/** The download must fail with this code and leave nothing behind. */
async function expectFailure(work: Promise<unknown>, code: string): Promise<void> {
  await expect(work).rejects.toMatchObject({ name: "AppError", code });
  expect(await readdir(folder)).toEqual([]);
}

const serveSong: RequestListener = (_request, response) => {
  response.writeHead(200, { "content-type": "audio/mpeg", "content-length": SONG.length }).end(SONG);
};

test("a file arrives whole, with its facts and its progress, and nothing beside it", async () => {
  const { port, requests } = await startServer(serveSong);
  const done = await download(`http://127.0.0.1:${port}/My%20Song.mp3`);
  expect(await readFile(path.join(folder, "song.src"))).toEqual(SONG);
  expect(await readdir(folder)).toEqual(["song.src"]);
  expect(done.bytes).toBe(SONG.length);
  expect(done.track).toMatchObject({ source: "direct", title: "My Song", durationMs: null, isLive: false });
  expect(done.tracks).toEqual([done.track]);
  expect(done.progress.at(-1)).toEqual({ receivedBytes: SONG.length, totalBytes: SONG.length });
  expect(requests).toEqual(["/My%20Song.mp3"]);
});

test("it tells of the file that grows, before the first byte", async () => {
  const half = Promise.withResolvers<undefined>();
  const { port } = await startServer((_request, response) => {
    response.writeHead(200, { "content-length": SONG.length }).write(SONG.subarray(0, 1_000));
    void half.promise.then(() => response.end(SONG.subarray(1_000)));
  });
  const told: number[] = [];
  const done = source().download(
    {
      target: target(`http://127.0.0.1:${port}/a.mp3`),
      toPath: path.join(folder, "song.src"),
      limits: { maxBytes: 1_000_000, maxDurationMs: 3_600_000 },
      onFile: (file) => told.push(openSync(file.path, "r")),
    },
    never,
  );
  const [file = 0] = await vi.waitFor(() => {
    expect(told.map((one) => fstatSync(one).size)).toEqual([1_000]);
    return told;
  });
  half.resolve(undefined);
  await done;
  expect(readFileSync(file)).toEqual(SONG);
  closeSync(file);
});

test("a body without an announced length arrives too", async () => {
  const { port } = await startServer((_request, response) => {
    response.writeHead(200, { "content-type": "application/octet-stream" });
    response.write(SONG.subarray(0, 1_000));
    response.end(SONG.subarray(1_000));
  });
  const done = await download(`http://127.0.0.1:${port}/a`);
  expect(done.progress.at(-1)).toEqual({ receivedBytes: SONG.length, totalBytes: null });
  expect(await readFile(path.join(folder, "song.src"))).toEqual(SONG);
});

test.each([
  [404, "LINK_DEAD"],
  [410, "LINK_DEAD"],
  [401, "MEDIA_FORBIDDEN"],
  [403, "MEDIA_FORBIDDEN"],
  [429, "RATE_LIMITED"],
  [500, "SOURCE_UNREACHABLE"],
  [503, "SOURCE_UNREACHABLE"],
  [206, "SOURCE_UNREACHABLE"],
  [304, "SOURCE_UNREACHABLE"],
])("status %i is %s", async (status, code) => {
  const { port } = await startServer((_request, response) => {
    response.writeHead(status).end();
  });
  await expectFailure(download(`http://127.0.0.1:${port}/a.mp3`), code);
});

test.each([
  "text/html; charset=utf-8",
  "application/json",
  "image/png",
  "application/vnd.apple.mpegurl",
  "audio/x-mpegurl",
])("%s is no audio, whatever the link ends with", async (type) => {
  const { port } = await startServer((_request, response) => {
    response.writeHead(200, { "content-type": type }).end(SONG);
  });
  await expectFailure(download(`http://127.0.0.1:${port}/a.mp3`), "NOT_AUDIO");
});

test("a compressed body is refused rather than kept compressed", async () => {
  const { port } = await startServer((_request, response) => {
    response.writeHead(200, { "content-type": "audio/mpeg", "content-encoding": "gzip" }).end(SONG);
  });
  await expectFailure(download(`http://127.0.0.1:${port}/a.mp3`), "NOT_AUDIO");
});

test("an internet radio is told apart from a file", async () => {
  const { port } = await startServer((_request, response) => {
    response.writeHead(200, { "content-type": "audio/mpeg", "icy-name": "Radio" });
    response.write(SONG);
  });
  await expectFailure(download(`http://127.0.0.1:${port}/radio`), "LIVE_NOT_SUPPORTED");
});

test.each([0, 1, 100_000, 299_999])(
  "a body cut after %i of its announced bytes is not kept",
  async (bytes) => {
    const { port } = await startServer((_request, response) => {
      response.writeHead(200, { "content-type": "audio/mpeg", "content-length": SONG.length });
      response.write(SONG.subarray(0, bytes), () => response.destroy());
      if (bytes === 0) response.flushHeaders();
    });
    await expectFailure(download(`http://127.0.0.1:${port}/a.mp3`), "DOWNLOAD_INCOMPLETE");
  },
);

test("a chunked body cut in the middle is not kept", async () => {
  const { port } = await startServer((_request, response) => {
    response.writeHead(200, { "content-type": "audio/mpeg" });
    response.write(SONG, () => response.destroy());
  });
  await expectFailure(download(`http://127.0.0.1:${port}/a.mp3`), "DOWNLOAD_INCOMPLETE");
});

test("an empty body is not kept", async () => {
  const { port } = await startServer((_request, response) => {
    response.writeHead(200, { "content-type": "audio/mpeg", "content-length": 0 }).end();
  });
  await expectFailure(download(`http://127.0.0.1:${port}/a.mp3`), "DOWNLOAD_INCOMPLETE");
});

test("a file that says it is too large is refused before a byte of it is read", async () => {
  const { port } = await startServer(serveSong);
  const failed = download(`http://127.0.0.1:${port}/a.mp3`, { maxBytes: SONG.length - 1 });
  await expect(failed).rejects.toThrow("larger than the 293 KiB allowed");
  expect(await readdir(folder)).toEqual([]);
});

test("a body that grows past the limit without saying so is stopped", async () => {
  const { port } = await startServer((_request, response) => {
    response.writeHead(200, { "content-type": "audio/mpeg" });
    const more = (): void => {
      if (!response.destroyed) response.write(SONG, more);
    };
    more();
  });
  await expectFailure(download(`http://127.0.0.1:${port}/a.mp3`), "FILE_TOO_LARGE");
});

test("a body that trickles is given up", async () => {
  const { port } = await startServer((_request, response) => {
    response.writeHead(200, { "content-type": "audio/mpeg", "content-length": SONG.length });
    response.write(SONG.subarray(0, 10));
  });
  const timing = { ...TIMING, windowMs: 50, minBytesPerSecond: 1_000_000 };
  await expectFailure(download(`http://127.0.0.1:${port}/a.mp3`, { timing }), "DOWNLOAD_INCOMPLETE");
});

test("a body that never begins is given up", async () => {
  const { port } = await startServer((_request, response) => {
    response.writeHead(200, { "content-type": "audio/mpeg", "content-length": SONG.length }).flushHeaders();
  });
  const timing = { ...TIMING, firstByteMs: 500 };
  await expectFailure(download(`http://127.0.0.1:${port}/a.mp3`, { timing }), "SOURCE_UNREACHABLE");
});

test("a download that never ends is given up", async () => {
  const { port } = await startServer((_request, response) => {
    response.writeHead(200, { "content-type": "audio/mpeg" });
    response.write(SONG);
  });
  const timing = { ...TIMING, totalMs: 100 };
  await expectFailure(download(`http://127.0.0.1:${port}/a.mp3`, { timing }), "DOWNLOAD_INCOMPLETE");
});

test("a server that never answers is unreachable", async () => {
  const { port } = await startServer(() => undefined);
  const timing = { ...TIMING, firstByteMs: 50 };
  await expectFailure(download(`http://127.0.0.1:${port}/a.mp3`, { timing }), "SOURCE_UNREACHABLE");
});

test("a closed port is unreachable", async () => {
  await expectFailure(download("http://127.0.0.1:9/a.mp3"), "SOURCE_UNREACHABLE");
});

test("abort in the middle ends the transfer and leaves nothing", async () => {
  const stop = new AbortController();
  let closed: (() => void) | undefined;
  const gone = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const { port } = await startServer((_request, response) => {
    response.on("close", () => closed?.());
    response.writeHead(200, { "content-type": "audio/mpeg", "content-length": SONG.length });
    response.write(SONG.subarray(0, 1_000), () => stop.abort());
  });
  await expectFailure(download(`http://127.0.0.1:${port}/a.mp3`, { signal: stop.signal }), "ABORTED");
  await gone;
});

test("a signal that fired before sends nothing", async () => {
  const { port, connections } = await startServer(serveSong);
  await expectFailure(download(`http://127.0.0.1:${port}/a.mp3`, { signal: AbortSignal.abort() }), "ABORTED");
  expect(connections()).toBe(0);
});

test("a folder that cannot be written is not blamed on the source", async () => {
  const { port } = await startServer(serveSong);
  const work = source().download(
    {
      target: target(`http://127.0.0.1:${port}/a.mp3`),
      toPath: path.join(folder, "missing", "song.src"),
      limits: { maxBytes: 1_000_000, maxDurationMs: 1 },
    },
    never,
  );
  await expectFailure(work, "CACHE_UNWRITABLE");
});

test("up to three redirects are followed, a fourth is not", async () => {
  const { port, requests } = await startServer((request, response) => {
    const left = Number(request.url?.slice(1));
    if (left === 0) serveSong(request, response);
    else response.writeHead(302, { location: `/${left - 1}` }).end("moved");
  });
  expect((await download(`http://127.0.0.1:${port}/3`)).bytes).toBe(SONG.length);
  expect(requests).toEqual(["/3", "/2", "/1", "/0"]);
  await rm(path.join(folder, "song.src"));
  await expectFailure(download(`http://127.0.0.1:${port}/4`), "SOURCE_UNREACHABLE");
});

test.each([
  ["http://169.254.169.254/latest/meta-data/", "ADDRESS_FORBIDDEN"],
  ["http://[::ffff:127.0.0.1]/", "ADDRESS_FORBIDDEN"],
  ["//0x7f.1:1/", "ADDRESS_FORBIDDEN"],
  ["file:///etc/passwd", "UNSUPPORTED_LINK"],
  ["http://user@127.0.0.1/", "UNSUPPORTED_LINK"],
  ["http://", "SOURCE_UNREACHABLE"],
])("a redirect to %s is refused", async (location, code) => {
  const { port } = await startServer((_request, response) => {
    response.writeHead(301, { location }).end();
  });
  const openHosts = [`127.0.0.1:${port}`];
  await expectFailure(download(`http://127.0.0.1:${port}/a.mp3`, { openHosts }), code);
});

test("a private address is refused before anything is sent, by download and by resolve", async () => {
  const { port, connections } = await startServer(serveSong);
  const link = `http://127.0.0.1:${port}/a.mp3`;
  await expectFailure(download(link, { openHosts: [] }), "ADDRESS_FORBIDDEN");
  await expectFailure(source({ openHosts: [] }).resolve(target(link), never), "ADDRESS_FORBIDDEN");
  expect(connections()).toBe(0);
});

test("the second answer of a name server changes nothing", async () => {
  const { port, requests } = await startServer(serveSong);
  let asked = 0;
  // The first, checked answer leads nowhere; whoever asks again would reach the server.
  const lookUp: LookUp = async () => {
    asked += 1;
    return asked === 1 ? ["127.0.0.99"] : ["127.0.0.1"];
  };
  const link = `http://rebind.example:${port}/a.mp3`;
  await expectFailure(download(link, { lookUp, openHosts: ["rebind.example"] }), "SOURCE_UNREACHABLE");
  expect({ asked, requests }).toEqual({ asked: 1, requests: [] });
});

test("a name is reached at the address that was checked", async () => {
  const { port, requests } = await startServer(serveSong);
  await download(`http://media.example:${port}/a.mp3`, {
    lookUp: lookUpExamples,
    openHosts: ["media.example"],
  });
  expect(requests).toEqual(["/a.mp3"]);
});

test("a proxy is asked for the file, but only after the host was checked", async () => {
  const origin = await startServer(serveSong);
  const proxied: string[] = [];
  const proxy = await startServer((request, response) => {
    proxied.push(request.url ?? "");
    const upstream = connect(origin.port, "127.0.0.1", () => {
      upstream.write("GET /a.mp3 HTTP/1.1\r\nhost: files.example\r\nconnection: close\r\n\r\n");
    });
    upstream.pipe(response.socket ?? upstream);
  });
  const proxyUrl = `http://127.0.0.1:${proxy.port}`;
  expect((await download("http://files.example/a.mp3", { proxyUrl, lookUp: lookUpExamples })).bytes).toBe(
    SONG.length,
  );
  expect(proxied).toEqual(["http://files.example/a.mp3"]);
  await rm(path.join(folder, "song.src"));
  await expectFailure(
    download("http://inside.example/a.mp3", { proxyUrl, lookUp: lookUpExamples }),
    "ADDRESS_FORBIDDEN",
  );
  expect(proxied).toHaveLength(1);
});

test("resolving names the file by what its server says, and reads none of it", async () => {
  const closed = Promise.withResolvers<undefined>();
  const { port, requests } = await startServer((_request, response) => {
    response.on("close", () => closed.resolve(undefined));
    response.writeHead(200, { "content-disposition": 'attachment; filename="Real name.mp3"' }).write(SONG);
  });
  const link = `http://127.0.0.1:${port}/Some%20song.ogg`;
  await expect(source().resolve(target(link), never)).resolves.toEqual({
    ...target(link),
    title: "Real name",
    artist: "",
    durationMs: null,
    isLive: false,
    thumbnailUrl: null,
  });
  await closed.promise;
  expect(requests).toEqual(["/Some%20song.ogg"]);
});

test("an attachment of Discord is named without asking its server", async () => {
  const link = "https://cdn.discordapp.com/attachments/1/2/Some%20song.ogg?ex=1&is=1&hm=1";
  await expect(source({ lookUp: lookUpDiscord }).resolve(target(link), never)).resolves.toMatchObject({
    title: "Some song",
    isLive: false,
  });
});

test("a link that is dead is told before anything is queued", async () => {
  const { port } = await startServer((_request, response) => {
    response.writeHead(404).end();
  });
  const dead = source().resolve(target(`http://127.0.0.1:${port}/a.mp3`), never);
  await expect(dead).rejects.toMatchObject({ code: "LINK_DEAD" });
});

test("it has no search and no lists, and is always there", async () => {
  const direct = source();
  await expect(direct.search("song", 5, never)).resolves.toEqual([]);
  await expect(direct.health(never)).resolves.toMatchObject({ name: "direct", usable: true, problems: [] });
  const list = direct.playlist({ source: "direct", id: "x" }, { from: 1, limit: 1 }, never);
  await expect(list[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "PLAYLIST_UNAVAILABLE" });
  expect([direct.serves("direct"), direct.serves("youtube")]).toEqual([true, false]);
});
