/** What every source has to do, whatever program is behind it; run against real audio on a local server. */
import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import type { ErrorCode } from "../../src/core/errors.ts";
import type { Track } from "../../src/core/track.ts";
import { createAddressGuard } from "../../src/sources/address-guard.ts";
import { createGuardedFetch } from "../../src/sources/guarded-fetch.ts";
import type { GuardedFetch } from "../../src/sources/guarded-fetch.ts";
import { lookUpHost } from "../../src/sources/look-up-host.ts";
import type { ArrivingFile, DownloadRequest, MediaTarget, Source } from "../../src/sources/source.ts";
import type { MediaFaults, PageState, Song } from "../sandbox/media/catalogue.ts";
import { startMediaSource } from "../sandbox/media/media-source.ts";
import type { MediaSource } from "../sandbox/media/media-source.ts";

export interface SourceContract {
  /** Makes the source; `close` ends what was started for it. Its pace limits must be {@link TEST_PACE}. */
  readonly start: (media: MediaSource) => Promise<{ readonly source: Source; close(): Promise<void> }>;
  /** Cases that end differently here, by name; `whole` = no harm is done, `null` = the case does not exist here. */
  readonly differs?: Readonly<Record<string, ErrorCode | "whole" | null>>;
  readonly searches?: boolean;
  readonly listsPlaylists?: boolean;
}

/** Fast enough for tests, slow enough for a busy machine. */
export const TEST_PACE = { firstByteMs: 15_000, minBytesPerSecond: 8 * 1024, windowMs: 1_500 };
export const TEST_LIMITS = { maxBytes: 1024 * 1024, maxDurationMs: 60_000 };

type Outcome = Readonly<Record<string, unknown>> & { readonly left: readonly string[] };

const never = new AbortController().signal;

const PAGES: readonly (readonly [PageState, ErrorCode])[] = [
  ["private", "PRIVATE_VIDEO"],
  ["removed", "VIDEO_REMOVED"],
  ["members", "MEMBERS_ONLY"],
  ["premium", "PAID_CONTENT"],
  ["age", "AGE_RESTRICTED"],
  ["geo", "REGION_BLOCKED"],
  ["bot-check", "BOT_CHECK"],
  ["live", "LIVE_NOT_SUPPORTED"],
  ["upcoming", "NOT_STARTED"],
  ["live-ended", "LIVE_ENDED"],
  ["drm", "DRM_PROTECTED"],
  ["rate-limited", "RATE_LIMITED"],
  ["too-many-requests", "RATE_LIMITED"],
  ["broken", "EXTRACTOR_BROKEN"],
  ["unreachable", "SOURCE_UNREACHABLE"],
];

const FATAL_FAULTS: readonly (readonly [string, MediaFaults, ErrorCode])[] = [
  ["cut before the first byte", { cutAtByte: 0 }, "DOWNLOAD_INCOMPLETE"],
  ["cut early, always", { cutAtByte: 700 }, "DOWNLOAD_INCOMPLETE"],
  ["cut in the middle, always", { cutAtByte: 20_000 }, "DOWNLOAD_INCOMPLETE"],
  ["403 at the start", { forbidFromByte: 0 }, "MEDIA_FORBIDDEN"],
  ["403 in the middle, for good", { forbidFromByte: 15_000 }, "MEDIA_FORBIDDEN"],
  ["a short body with a clean end", { endAtByte: 15_000 }, "DOWNLOAD_INCOMPLETE"],
  ["a web page instead of audio", { html: true }, "NOT_AUDIO"],
  ["a length that is too long", { lengthErrorBytes: 500 }, "DOWNLOAD_INCOMPLETE"],
  ["a length that is too short", { lengthErrorBytes: -500 }, "DOWNLOAD_INCOMPLETE"],
  [
    "a cut, then a server that ignores ranges",
    { cutAtByte: 15_000, cutTimes: 1, ignoreRange: true },
    "DOWNLOAD_INCOMPLETE",
  ],
  [
    "the same when the page tells no size",
    { cutAtByte: 15_000, cutTimes: 1, ignoreRange: true, hidesSize: true },
    "DOWNLOAD_INCOMPLETE",
  ],
  ["429", { status: 429 }, "RATE_LIMITED"],
  ["503", { status: 503 }, "SOURCE_UNREACHABLE"],
  ["a stall in the middle", { stallAtByte: 15_000 }, "DOWNLOAD_INCOMPLETE"],
  ["a few bytes a second", { throttleBytesPerSecond: 1_000 }, "DOWNLOAD_INCOMPLETE"],
  ["a body without an end", { endless: true }, "FILE_TOO_LARGE"],
];

const HARMLESS_FAULTS: readonly (readonly [string, MediaFaults])[] = [
  ["a cut again and again, with something each time", { cutEveryBytes: 7_000 }],
  ["a cut that happens once", { cutAtByte: 15_000, times: 1 }],
  ["a page that tells no size", { hidesSize: true }],
  ["a slow but steady server", { throttleBytesPerSecond: 60_000 }],
  [
    "403 in the middle, until a fresh address is asked for",
    { forbidFromByte: 15_000, freshAddressHeals: true },
  ],
];

/** How sources reach the pieces of live streams, which the local server has. */
export function localFetch(): GuardedFetch {
  return createGuardedFetch({
    guard: createAddressGuard(["127.0.0.1"], lookUpHost),
    proxyUrl: undefined,
    connectTimeoutMs: 5_000,
    firstByteTimeoutMs: 5_000,
  });
}

/** Runs the contract for one source. */
export function describeSource(name: string, contract: SourceContract): void {
  describe(`${name} as a source`, () => {
    const { searches = true, listsPlaylists = true, differs = {} } = contract;
    let directory: string;
    let media: MediaSource;
    let started: Awaited<ReturnType<SourceContract["start"]>>;
    let source: Source;
    let song: Song;

    beforeAll(async () => {
      directory = await mkdtemp(path.join(tmpdir(), "encore-source-"));
      media = await startMediaSource({ directory: path.join(directory, "media") });
      started = await contract.start(media);
      source = started.source;
      song = await media.addSong({ title: "Contract Song", artist: "The Tones", frequencyHz: 523 });
    });

    afterAll(async () => {
      await started.close();
      await media.close();
      await rm(directory, { recursive: true });
    });

    afterEach(async () => {
      media.setFaults(song.id, {});
      media.setState(song.id, "ok");
      media.resetCounters();
      await rm(scratch(), { recursive: true, force: true });
    });

    const scratch = (): string => path.join(directory, "work");
    const request = async (wanted: Song = song): Promise<DownloadRequest> => {
      await rm(scratch(), { recursive: true, force: true });
      await mkdir(scratch());
      return {
        target: targetOf(wanted),
        toPath: path.join(scratch(), `${wanted.id}.src`),
        limits: TEST_LIMITS,
      };
    };
    /** What came of a download: the bytes, or the code of the error; and what is left in the folder. */
    const outcomeOf = async (wanted: Song = song): Promise<Outcome> => {
      const wish = await request(wanted);
      const got = await source.download(wish, never).then(
        async ({ bytes }) => ({ bytes, sha256: await hashOf(wish.toPath) }),
        (error: unknown) => ({ code: error instanceof AppError ? error.code : String(error) }),
      );
      return { ...got, left: await readdir(scratch()) };
    };
    const whole = async (wanted: Song = song): Promise<Outcome> => ({
      bytes: wanted.bytes,
      sha256: await hashOf(wanted.path),
      left: [`${wanted.id}.src`],
    });
    const expected = async (title: string, usual: ErrorCode): Promise<Outcome> => {
      const code = differs[title] ?? usual;
      return code === "whole" ? whole() : { code, left: [] };
    };
    const healed = async (): Promise<Outcome> => {
      media.setFaults(song.id, {});
      media.setState(song.id, "ok");
      return outcomeOf();
    };
    const cases = <T extends readonly [string, ...unknown[]]>(all: readonly T[]): T[] =>
      all.filter(([title]) => differs[title] !== null);

    it("says what it is and serves YouTube", async () => {
      expect(source.serves("youtube")).toBe(true);
      expect(source.serves("direct")).toBe(false);
      expect(await source.health(never)).toMatchObject({ name: source.name, usable: true });
    });

    it("resolves a recording", async () => {
      // Some cannot tell chapters.
      const { chapters = [], ...track } = await source.resolve(targetOf(song), never);
      expect(chapters).toEqual([]);
      expect(track).toEqual<Track>({
        source: "youtube",
        id: song.id,
        title: "Contract Song",
        artist: "The Tones",
        url: song.url,
        durationMs: 4000,
        isLive: false,
        thumbnailUrl: `https://i.ytimg.com/vi/${song.id}/hqdefault.jpg`,
      });
      expect(media.counters(song.id).requests).toBe(0);
    });

    it("refuses an ID that is none, without asking anybody", async () => {
      for (const id of ["--exec=id", "../../../etc", "videoseries", "short", ""]) {
        const target = { ...targetOf(song), id };
        await expect(source.resolve(target, never)).rejects.toMatchObject({ code: "UNSAFE_ID" });
        const wish = { ...(await request()), target };
        await expect(source.download(wish, never)).rejects.toMatchObject({ code: "UNSAFE_ID" });
      }
    });

    it("downloads WebM and M4A byte by byte, tells the facts first and the progress after", async () => {
      const m4a = await media.addSong({ title: "As M4A", format: "m4a" });
      expect(await outcomeOf(m4a)).toEqual(await whole(m4a));
      const tracks: Track[] = [];
      const progress: number[] = [];
      const wish = await request();
      const done = await source.download(
        {
          ...wish,
          onTrack: (track) => tracks.push(track),
          onProgress: ({ receivedBytes }) => progress.push(receivedBytes),
        },
        never,
      );
      expect(tracks.at(0)).toMatchObject({ id: song.id, title: "Contract Song", durationMs: 4000 });
      expect(done.track).toEqual(tracks.at(-1));
      expect(progress.at(-1)).toBe(song.bytes);
      expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    });

    it("tells of a file that grows while the download runs and holds the beginning of the result", async () => {
      media.setFaults(song.id, { throttleBytesPerSecond: 60_000 });
      const wish = await request();
      const files: number[] = [];
      const sizes: number[] = [];
      const onFile = (file: ArrivingFile): void => void files.push(openSync(file.path, "r"));
      const onProgress = (): void => void sizes.push(...files.map((file) => fstatSync(file).size));
      await source.download({ ...wish, onFile, onProgress }, never);
      expect(files).toHaveLength(1);
      expect(sizes[0]).toBeLessThan(song.bytes);
      expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
      expect(new Set(sizes).size).toBeGreaterThan(2);
      const arrived = Buffer.concat(files.map((file) => readFileSync(file)));
      for (const file of files) closeSync(file);
      expect(arrived.equals(await readFile(wish.toPath))).toBe(true);
    });

    it("goes on with the same file after an address expired", async () => {
      media.setFaults(song.id, { forbidFromByte: 15_000, freshAddressHeals: true });
      const files: ArrivingFile[] = [];
      await source.download({ ...(await request()), onFile: (file) => files.push(file) }, never);
      expect(files).toHaveLength(1);
    });

    it("takes IDs that begin with a dash, and titles that try to look like something else", async () => {
      const odd = await media.addSong({ id: "-oJ_k--exec", title: "a\u202Eb\u0007  c\n@everyone" });
      expect(await source.resolve(targetOf(odd), never)).toMatchObject({ title: "a b c @everyone" });
      expect(await outcomeOf(odd)).toEqual(await whole(odd));
    });

    it.each(cases(PAGES))("a page that says %s is %s, and the next try works", async (state, code) => {
      media.setState(song.id, state);
      expect(await outcomeOf()).toEqual(await expected(state, code));
      expect(await healed()).toEqual(await whole());
    });

    it.each(cases(FATAL_FAULTS))(
      "%s: leaves nothing, and the next try works",
      async (title, faults, code) => {
        media.setFaults(song.id, faults);
        expect(await outcomeOf()).toEqual(await expected(title, code));
        expect(await healed()).toEqual(await whole());
      },
    );

    it.each(cases(HARMLESS_FAULTS))("%s: the download is whole all the same", async (_title, faults) => {
      media.setFaults(song.id, faults);
      expect(await outcomeOf()).toEqual(await whole());
    });

    it("refuses what is too long or too large before it is fetched", async () => {
      const wish = await request();
      const tooLong = { ...wish, limits: { ...TEST_LIMITS, maxDurationMs: 1000 } };
      await expect(source.download(tooLong, never)).rejects.toMatchObject({ code: "TRACK_TOO_LONG" });
      const tooLarge = { ...wish, limits: { ...TEST_LIMITS, maxBytes: 1000 } };
      await expect(source.download(tooLarge, never)).rejects.toMatchObject({ code: "FILE_TOO_LARGE" });
      expect(await readdir(scratch())).toEqual([]);
    });

    it("says so when the place for the file cannot be written", async () => {
      const wish = { ...(await request()), toPath: path.join(scratch(), "no-such-folder", "x.src") };
      await expect(source.download(wish, never)).rejects.toMatchObject({ code: "CACHE_UNWRITABLE" });
      expect(await readdir(scratch())).toEqual([]);
    });

    it("stops when told to, and leaves nothing", async () => {
      media.setFaults(song.id, { throttleBytesPerSecond: 20_000 });
      const stop = new AbortController();
      const onProgress = (): void => stop.abort();
      const download = source.download({ ...(await request()), onProgress }, stop.signal);
      await expect(download).rejects.toMatchObject({ code: "ABORTED" });
      expect(await readdir(scratch())).toEqual([]);
      const gone = AbortSignal.abort();
      await expect(source.download(await request(), gone)).rejects.toMatchObject({ code: "ABORTED" });
      await expect(source.resolve(targetOf(song), gone)).rejects.toMatchObject({ code: "ABORTED" });
    });

    it("reads a live stream from about now on, and says when it is one no more", async () => {
      if (!source.live) return;
      media.setState(song.id, "live");
      expect(await source.resolve(targetOf(song), never)).toMatchObject({ isLive: true, durationMs: null });
      const parts: Buffer[] = [];
      for await (const part of source.live(targetOf(song), never)) {
        parts.push(part);
        if (parts.length === 4) break;
      }
      // The sync word of ADTS: https://wiki.multimedia.cx/index.php/ADTS
      expect(parts[0]?.indexOf(Buffer.from([0xff, 0xf1]))).toBeGreaterThanOrEqual(0);
      expect(new Set(parts.map((part) => createHash("sha256").update(part).digest("hex"))).size).toBe(4);
      media.setState(song.id, "ok");
      const over = source.live(targetOf(song), never)[Symbol.asyncIterator]().next();
      await expect(over).rejects.toMatchObject({ code: "LIVE_ENDED" });
    });

    it.runIf(searches)("searches, and finds nothing without an error", async () => {
      await media.addSong({ title: "Needle One" });
      await media.addSong({ title: "Needle Two" });
      const found = await source.search("needle", 5, never);
      expect(found.map(({ title }) => title)).toEqual(["Needle One", "Needle Two"]);
      expect(found[0]).toMatchObject({ source: "youtube", artist: "Encore Test Tones", durationMs: 4000 });
      expect(await source.search("needle", 1, never)).toHaveLength(1);
      expect(await source.search("--exec id; rm", 5, never)).toEqual([]);
    });

    it.runIf(listsPlaylists)("reads a list from any place on, without what is gone", async () => {
      const ids = [song.id, "deleted_001", (await media.addSong({ title: "Third" })).id];
      const list = media.addPlaylist({ title: "Some Songs", songIds: ids });
      const ref = { source: "youtube", id: list.id };
      const titles = async (from: number, limit: number): Promise<string[]> => {
        const found: string[] = [];
        for await (const track of source.playlist(ref, { from, limit }, never)) found.push(track.title);
        return found;
      };
      expect(await titles(1, 50)).toEqual(["Contract Song", "Third"]);
      expect(await titles(1, 1)).toEqual(["Contract Song"]);
      expect(await titles(3, 50)).toEqual(["Third"]);
    });

    it.runIf(listsPlaylists)("reads long lists page by page and stops when the reader does", async () => {
      const long = media.addPlaylist({ title: "Long", songIds: Array.from({ length: 450 }, () => song.id) });
      let seen = 0;
      for await (const track of source.playlist(
        { source: "youtube", id: long.id },
        { from: 1, limit: 450 },
        never,
      )) {
        expect(track.id).toBe(song.id);
        seen += 1;
        if (seen === 5) break;
      }
      expect(seen).toBe(5);
      const all: string[] = [];
      for await (const { id } of source.playlist(
        { source: "youtube", id: long.id },
        { from: 1, limit: 450 },
        never,
      ))
        all.push(id);
      expect(all).toHaveLength(450);
    });

    it.runIf(listsPlaylists)("says so when a list does not exist", async () => {
      const list = { source: "youtube", id: "PLnotthere" };
      const first = source.playlist(list, { from: 1, limit: 5 }, never)[Symbol.asyncIterator]().next();
      await expect(first).rejects.toMatchObject({ code: "PLAYLIST_UNAVAILABLE" });
    });
  });
}

/** What a caller would ask for. */
export function targetOf(song: Song): MediaTarget {
  return { source: "youtube", id: song.id, url: song.url };
}

async function hashOf(file: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
}
