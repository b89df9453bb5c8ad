import type { RequestListener, ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import { createDirectSource } from "../../src/sources/direct.ts";
import { directTarget } from "../../src/sources/query.ts";
import type { Source } from "../../src/sources/source.ts";
import { type BadServer, startServer } from "./bad-server.ts";

const never = new AbortController().signal;

interface Station {
  readonly source: Source;
  readonly server: BadServer;
  readonly link: (path: string) => ReturnType<typeof directTarget>;
}

async function station(answer: (path: string, response: ServerResponse) => void): Promise<Station> {
  const listener: RequestListener = (request, response) => answer(request.url ?? "", response);
  const server = await startServer(listener);
  const source = createDirectSource({ openHosts: ["127.0.0.1"], proxyUrl: undefined, clock: systemClock });
  return { source, server, link: (path) => directTarget(new URL(`http://127.0.0.1:${server.port}${path}`)) };
}

/** Plays without an end, 1,000 bytes at a time, as long as somebody listens. */
function broadcast(response: ServerResponse, letter = "r"): void {
  response.writeHead(200, { "content-type": "audio/mpeg", "icy-name": "Radio  one", "icy-br": "128" });
  const send = (): void =>
    void (response.destroyed || response.write(letter.repeat(1_000), () => setImmediate(send)));
  send();
}

async function listen(
  { source, link }: Station,
  path: string,
  bytes: number,
  signal = never,
): Promise<string> {
  let heard = "";
  for await (const part of source.live?.(link(path), signal) ?? []) {
    heard += part.toString();
    if (heard.length >= bytes) break;
  }
  return heard;
}

test("a station is live, has its own name, and is read until nobody listens", async () => {
  const closed = Promise.withResolvers<undefined>();
  let asked = 0;
  const radio = await station((_path, response) => {
    asked += 1;
    if (asked === 2) response.on("close", () => closed.resolve(undefined));
    broadcast(response);
  });
  const track = await radio.source.resolve(radio.link("/live.mp3"), never);
  expect(track).toMatchObject({
    isLive: true,
    title: "Radio one",
    durationMs: null,
    ...radio.link("/live.mp3"),
  });
  expect(await listen(radio, "/live.mp3", 50_000)).toMatch(/^r{50000}/u);
  await closed.promise;
});

test.each([
  ["a .pls", "/list.pls", "[playlist]\nFile1=/dead\nFile2=/live\n"],
  ["an .m3u", "/list.m3u", "#EXTM3U\n#EXTINF:-1,x\n/dead\n/live\n"],
  ["a list of a list", "/outer.m3u", "/list.pls"],
])("%s leads to the first of its streams that answers", async (_what, path, text) => {
  const radio = await station((asked, response) => {
    if (asked === "/live") broadcast(response);
    else if (asked === "/dead") response.writeHead(503).end();
    else
      response
        .writeHead(200, { "content-type": "text/plain" })
        .end(asked === path ? text : "[playlist]\nFile1=/live");
  });
  expect(await radio.source.resolve(radio.link(path), never)).toMatchObject({ isLive: true });
  expect(await listen(radio, path, 10)).toMatch(/^r+$/u);
});

test.each([
  ["a list that names itself", "/self.m3u", "/self.m3u", "NOT_AUDIO"],
  ["a list of files", "/list.m3u", "/song.mp3", "NOT_AUDIO"],
  ["an empty list", "/list.m3u", "#EXTM3U", "NOT_AUDIO"],
  [
    "a list of addresses around the bot",
    "/list.m3u",
    "http://10.0.0.1/live\nhttp://[::1]:1/",
    "ADDRESS_FORBIDDEN",
  ],
  ["a list of what is no link", "/list.m3u", "file:///etc/passwd", "UNSUPPORTED_LINK"],
])("%s is refused, after few requests", async (_what, path, text, code) => {
  const radio = await station((asked, response) => {
    if (asked === "/song.mp3")
      response.writeHead(200, { "content-type": "audio/mpeg", "content-length": 3 }).end("abc");
    else response.writeHead(200, { "content-type": "audio/x-mpegurl" }).end(text);
  });
  await expect(radio.source.resolve(radio.link(path), never)).rejects.toMatchObject({ code });
  await expect(listen(radio, path, 1)).rejects.toMatchObject({ code });
  expect(radio.server.requests.length).toBeLessThanOrEqual(12);
});

test("a file on a server of a station is a file", async () => {
  const radio = await station((_path, response) => {
    response
      .writeHead(200, { "content-type": "audio/mpeg", "content-length": 3, "icy-name": "x" })
      .end("abc");
  });
  expect(await radio.source.resolve(radio.link("/jingle.mp3"), never)).toMatchObject({ isLive: false });
});

test("a stream that breaks off says so, and one that is a file now has ended", async () => {
  const radio = await station((path, response) => {
    if (path === "/file") response.writeHead(200, { "content-length": 3 }).end("abc");
    else
      response
        .writeHead(200, { "icy-name": "x", "transfer-encoding": "chunked" })
        .write("abc", () => response.destroy());
  });
  await expect(listen(radio, "/live", 99)).rejects.toMatchObject({ code: "SOURCE_UNREACHABLE" });
  await expect(listen(radio, "/file", 99)).rejects.toMatchObject({ code: "LIVE_ENDED" });
});

test("whoever stops listening is told so", async () => {
  const radio = await station((_path, response) => broadcast(response));
  const stop = new AbortController();
  const parts = radio.source.live?.(radio.link("/live"), stop.signal)[Symbol.asyncIterator]();
  await parts?.next();
  stop.abort();
  const listening = (async () => {
    // What has arrived already may still be told.
    for (let part = await parts?.next(); part?.done !== true;) part = await parts?.next();
  })();
  await expect(listening).rejects.toMatchObject({ code: "ABORTED" });
});
