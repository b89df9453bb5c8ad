import type { ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import { createDirectSource } from "../../src/sources/direct.ts";
import { directTarget } from "../../src/sources/query.ts";
import { type BadServer, startServer } from "./bad-server.ts";

const never = new AbortController().signal;
const TYPE = { "content-type": "application/vnd.apple.mpegurl" };

/** A stream that has one piece more each time its list is asked for. */
class Broadcast {
  first = 10;
  last = 14;
  isOver = false;
  isStill = false;
  /** What was said about the link. */
  saidLive = false;
  readonly missing = new Set<string>();
  /** What was waited for, in milliseconds; it is over at once. */
  readonly waits: number[] = [];
  server: BadServer | undefined;

  async start(): Promise<this> {
    this.server = await startServer(({ url = "" }, response) => this.#answer(url, response));
    return this;
  }

  async *live(path = "/live.m3u8", signal = never): AsyncGenerator<string> {
    const wait = async (ms: number): Promise<void> => void this.waits.push(ms);
    const line = { openHosts: ["127.0.0.1"], proxyUrl: undefined, clock: systemClock, wait };
    const source = createDirectSource(line);
    const target = directTarget(new URL(`http://127.0.0.1:${this.server?.port}${path}`));
    this.saidLive = (await source.resolve(target, never)).isLive;
    for await (const part of source.live?.(target, signal) ?? []) yield part.toString();
  }

  #answer(path: string, response: ServerResponse): void {
    if (path === "/master.m3u8")
      response
        .writeHead(200, TYPE)
        .end('#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="mp4a.40.2"\nlive.m3u8\n');
    else if (!path.endsWith(".m3u8")) response.writeHead(this.missing.has(path) ? 404 : 200).end(`${path} `);
    else response.writeHead(200, TYPE).end(this.#list());
  }

  #list(): string {
    if (!this.isStill) this.last += 1;
    const numbers = Array.from({ length: this.last - this.first + 1 }, (_, index) => this.first + index);
    const pieces = numbers.map((number) => `#EXTINF:0.2,\n${number}.m4s`);
    const head = [
      "#EXTM3U",
      "#EXT-X-TARGETDURATION:0.2",
      `#EXT-X-MEDIA-SEQUENCE:${this.first}`,
      '#EXT-X-MAP:URI="init.mp4"',
    ];
    return [...head, ...pieces, ...(this.isOver ? ["#EXT-X-ENDLIST"] : [])].join("\n");
  }
}

async function take(parts: AsyncIterable<string>, count: number): Promise<string> {
  let heard = "";
  let seen = 0;
  for await (const part of parts) {
    heard += part;
    seen += 1;
    if (seen === count) break;
  }
  return heard;
}

test("it begins near its end, with what decoders need first, and goes on without a gap or a repetition", async () => {
  const broadcast = await new Broadcast().start();
  // Its list went as far as 15 for the look at the link, and goes as far as 16 now.
  expect(await take(broadcast.live(), 7)).toBe("/init.mp4 /14.m4s /15.m4s /16.m4s /17.m4s /18.m4s /19.m4s ");
  expect(broadcast.saidLive).toBe(true);
});

test("a list of qualities leads to its sound", async () => {
  const broadcast = await new Broadcast().start();
  expect(await take(broadcast.live("/master.m3u8"), 2)).toBe("/init.mp4 /14.m4s ");
});

test("it ends when the stream is over", async () => {
  const broadcast = await new Broadcast().start();
  const heard: string[] = [];
  for await (const part of broadcast.live()) {
    heard.push(part);
    if (heard.length === 5) broadcast.isOver = true;
  }
  expect(heard.at(-1)).toBe(`/${broadcast.last}.m4s `);
});

test("a piece that is gone is passed over, a stream of such pieces is given up", async () => {
  const broadcast = await new Broadcast().start();
  broadcast.missing.add("/15.m4s");
  expect(await take(broadcast.live(), 3)).toBe("/init.mp4 /14.m4s /16.m4s ");
  for (let number = 17; number < 40; number += 1) broadcast.missing.add(`/${number}.m4s`);
  await expect(take(broadcast.live(), 9)).rejects.toMatchObject({ code: "SOURCE_UNREACHABLE" });
});

test("a list is not asked for more often than once a second, whatever it says of itself", async () => {
  const broadcast = await new Broadcast().start();
  await take(broadcast.live(), 9);
  expect(broadcast.waits).toEqual([1_000, 1_000, 1_000, 1_000, 1_000]);
});

test("a stream that stands still is given up", async () => {
  const broadcast = await new Broadcast().start();
  const parts = broadcast.live();
  expect((await parts.next()).value).toBe("/init.mp4 ");
  broadcast.isStill = true;
  await expect(take(parts, 99)).rejects.toMatchObject({ code: "SOURCE_UNREACHABLE" });
});

test("whoever stops listening is told so, and nothing more is fetched", async () => {
  const broadcast = await new Broadcast().start();
  const stop = new AbortController();
  const parts = broadcast.live("/live.m3u8", stop.signal);
  await parts.next();
  stop.abort();
  await expect(take(parts, 99)).rejects.toMatchObject({ code: "ABORTED" });
  expect(broadcast.server?.requests.filter((path) => path.endsWith(".m4s"))).toEqual([]);
});

test("a recording in pieces is no live stream", async () => {
  const broadcast = await new Broadcast().start();
  broadcast.isOver = true;
  await expect(broadcast.live().next()).rejects.toMatchObject({ code: "NOT_AUDIO" });
});
