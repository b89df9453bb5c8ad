/** Piecewise downloads from servers that answer in odd ways. */
import { closeSync, existsSync, fstatSync, openSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import type { ExtractorFetch } from "../../src/sources/extractor-fetch.ts";
import { RangedDownload } from "../../src/sources/ranged-download.ts";
import type { MediaAddress } from "../../src/sources/ranged-download.ts";
import type { ArrivingFile } from "../../src/sources/source.ts";

const MIB = 1024 * 1024;
const never = new AbortController().signal;
const pace = { firstByteMs: 10_000, minBytesPerSecond: 0, windowMs: 10_000 };
const whole = Buffer.alloc(25 * MIB);
whole.forEach((_byte, index) => (whole[index] = (index * 7) % 251));
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "encore-ranges-"));
});

afterAll(() => rm(directory, { recursive: true }));

function downloader(
  fetch: ExtractorFetch,
  maxBytes = 100 * MIB,
  onFile?: (file: ArrivingFile) => void,
): { file: RangedDownload; path: string } {
  const target = path.join(directory, `${Math.random()}`);
  const limits = { maxBytes, maxDurationMs: 60_000 };
  const options = { fetch, clock: systemClock, pace, watchEveryMs: 50 };
  const request = { path: target, limits, ...(onFile && { onFile }) };
  return { file: new RangedDownload(options, request), path: target };
}

function address(changes: Partial<MediaAddress> = {}): MediaAddress {
  return {
    url: "http://media.invalid/a",
    formatId: "251",
    bytes: whole.length,
    durationMs: 1000,
    loudnessLufs: -9,
    ...changes,
  };
}

/** Answers ranges of `bytes` as a good server does; `change` may answer otherwise. */
function serve(
  bytes: Buffer,
  change: (range: { start: number; end: number }) => Response | undefined = () => undefined,
): { fetch: ExtractorFetch; ranges: string[] } {
  const ranges: string[] = [];
  const fetch: ExtractorFetch = async (_url, init) => {
    const range = new Headers(init?.headers).get("range") ?? "";
    ranges.push(range);
    const [start = 0, last = 0] = range.replace("bytes=", "").split("-").map(Number);
    const end = Math.min(last + 1, bytes.length);
    return (
      change({ start, end }) ?? part(bytes.subarray(start, end), `bytes ${start}-${end - 1}/${bytes.length}`)
    );
  };
  return { fetch, ranges };
}

function part(body: Buffer, contentRange?: string): Response {
  const headers = { "content-type": "audio/webm", ...(contentRange && { "content-range": contentRange }) };
  return new Response(new Uint8Array(body), { status: 206, headers });
}

describe("a download in ranges", () => {
  it("asks for at most 10 MiB at once", async () => {
    const { fetch, ranges } = serve(whole);
    const { file, path: target } = downloader(fetch);
    expect(await file.from(address(), never)).toBe(whole.length);
    expect((await readFile(target)).equals(whole)).toBe(true);
    expect(ranges).toEqual(["bytes=0-10485759", "bytes=10485760-20971519", "bytes=20971520-26214399"]);
  });

  it("reads to the end when the size is known from the answer only, or from nothing", async () => {
    const known = downloader(serve(whole).fetch);
    expect(await known.file.from(address({ bytes: null }), never)).toBe(whole.length);
    const { fetch } = serve(whole, ({ start, end }) =>
      part(whole.subarray(start, end), `bytes ${start}-${end - 1}/*`),
    );
    const unknown = downloader(fetch);
    expect(await unknown.file.from(address({ bytes: null }), never)).toBe(whole.length);
    expect((await readFile(unknown.path)).equals(whole)).toBe(true);
  });

  it.each([
    ["says it begins elsewhere", (start: number) => `bytes ${start + 1}-99/${whole.length}`],
    ["does not say where it begins", () => undefined],
    ["belongs to a file of another size", (start: number) => `bytes ${start}-99/${whole.length - 1}`],
  ])("takes no part that %s", async (_what, contentRange) => {
    const { fetch } = serve(whole, ({ start, end }) =>
      start === 0 ? undefined : part(whole.subarray(start, end), contentRange(start)),
    );
    await expect(downloader(fetch).file.from(address(), never)).rejects.toMatchObject({
      code: "DOWNLOAD_INCOMPLETE",
    });
  });

  it("takes no more bytes than announced, and no more than allowed", async () => {
    const more = Buffer.concat([whole, whole]);
    const { fetch } = serve(whole, ({ start }) =>
      part(more.subarray(start), `bytes ${start}-9/${whole.length}`),
    );
    await expect(downloader(fetch).file.from(address(), never)).rejects.toMatchObject({
      code: "DOWNLOAD_INCOMPLETE",
    });
    await expect(downloader(serve(whole).fetch, MIB).file.from(address(), never)).rejects.toMatchObject({
      code: "FILE_TOO_LARGE",
    });
    const limited = downloader(serve(whole).fetch, MIB).file.from(address({ bytes: null }), never);
    await expect(limited).rejects.toMatchObject({ code: "FILE_TOO_LARGE" });
  });

  it("goes on at a fresh address for the same file, and starts over for another one", async () => {
    const refusing = serve(whole, ({ start }) =>
      start > 0 ? new Response(null, { status: 403 }) : undefined,
    );
    const good = serve(whole);
    let now = refusing.fetch;
    const { file, path: target } = downloader((url, init) => now(url, init));
    await expect(file.from(address(), never)).rejects.toMatchObject({ code: "MEDIA_FORBIDDEN" });
    now = good.fetch;
    expect(await file.from(address(), never)).toBe(whole.length);
    expect(good.ranges[0]).toBe("bytes=10485760-20971519");
    expect((await readFile(target)).equals(whole)).toBe(true);

    now = refusing.fetch;
    await expect(file.from(address({ formatId: "x" }), never)).rejects.toMatchObject({
      code: "MEDIA_FORBIDDEN",
    });
    const other = whole.subarray(5);
    now = serve(other).fetch;
    expect(await file.from(address({ formatId: "140", bytes: other.length }), never)).toBe(other.length);
    expect((await readFile(target)).equals(other)).toBe(true);
  });

  it("tells of each file once, and leaves the former one to those who read it", async () => {
    const good = serve(whole);
    const refusing = serve(whole, ({ start }) =>
      start > 0 ? new Response(null, { status: 403 }) : undefined,
    );
    let now = refusing.fetch;
    const told: { readonly file: ArrivingFile; readonly open: number }[] = [];
    const onFile = (file: ArrivingFile): void => void told.push({ file, open: openSync(file.path, "r") });
    const { file, path: target } = downloader((url, init) => now(url, init), undefined, onFile);
    await expect(file.from(address(), never)).rejects.toMatchObject({ code: "MEDIA_FORBIDDEN" });
    await expect(file.from(address(), never)).rejects.toMatchObject({ code: "MEDIA_FORBIDDEN" });
    expect(told.map((one) => one.file)).toEqual([{ path: target, loudnessLufs: -9 }]);
    now = good.fetch;
    await file.from(address({ formatId: "140" }), never);
    expect(told).toHaveLength(2);
    const sizes = told.map(({ open }) => fstatSync(open).size);
    expect(sizes).toEqual([10 * MIB, whole.length]);
    for (const { open } of told) closeSync(open);
  });

  it.runIf(existsSync("/dev/full"))("says so when the disk is full, and asks for nothing more", async () => {
    const { fetch, ranges } = serve(whole);
    const limits = { maxBytes: 100 * MIB, maxDurationMs: 60_000 };
    const options = { fetch, clock: systemClock, pace, watchEveryMs: 50 };
    const file = new RangedDownload(options, { path: "/dev/full", limits });
    await expect(file.from(address(), never)).rejects.toMatchObject({ code: "DISK_FULL" });
    expect(ranges).toHaveLength(1);
  });

  it.each([
    [404, "MEDIA_FORBIDDEN"],
    [410, "MEDIA_FORBIDDEN"],
    [416, "DOWNLOAD_INCOMPLETE"],
    [429, "RATE_LIMITED"],
    [500, "SOURCE_UNREACHABLE"],
  ] as const)("takes %d for %s", async (status, code) => {
    const { fetch, ranges } = serve(whole, () => new Response(null, { status }));
    await expect(downloader(fetch).file.from(address(), never)).rejects.toMatchObject({ code });
    expect(ranges).toHaveLength(1);
  });
});
