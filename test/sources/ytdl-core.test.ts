/** The contract with the real @distube/ytdl-core against a YouTube of our own behind a proxy. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import { errorKind } from "../../src/core/errors.ts";
import { createExtractorFetch } from "../../src/sources/extractor-fetch.ts";
import type { ExtractorFetch } from "../../src/sources/extractor-fetch.ts";
import { createYtdlCore } from "../../src/sources/ytdl-core.ts";
import { TEST_PACE, describeSource } from "../contracts/source.ts";
import { startFakeYoutube } from "../sandbox/media/fake-youtube.ts";

const never = new AbortController().signal;
const refusing: ExtractorFetch = () => Promise.reject(new Error("nothing is fetched here"));

describe("ytdl-core", () => {
  it("says honestly what it is, and keeps the library from calling home and from writing files", async () => {
    const set: Record<string, string> = {};
    const setEnvironment = (variables: Readonly<Record<string, string>>): void => {
      Object.assign(set, variables);
      Object.assign(process.env, variables);
    };
    const source = createYtdlCore({ fetch: refusing, clock: systemClock, setEnvironment });
    expect(set).toEqual({});
    expect(await source.health(never)).toEqual({
      name: "ytdl-core",
      usable: true,
      version: "4.16.12",
      ageDays: null,
      problems: [expect.stringContaining("no longer maintained and usually cannot read YouTube")],
    });
    expect(set).toEqual({ YTDL_NO_UPDATE: "1", YTDL_NO_DEBUG_FILE: "1" });
  });

  it("answers what it cannot do so that the next extractor is asked", async () => {
    const source = createYtdlCore({ fetch: refusing, clock: systemClock, setEnvironment: () => undefined });
    const list = source.playlist({ source: "youtube", id: "PLx" }, { from: 1, limit: 1 }, never);
    const missing = { code: "EXTRACTOR_MISSING" };
    await expect(source.search("x", 1, never)).rejects.toMatchObject(missing);
    await expect(list[Symbol.asyncIterator]().next()).rejects.toMatchObject(missing);
    expect(errorKind("EXTRACTOR_MISSING").tryOther).toBe(true);
  });
});

describeSource("@distube/ytdl-core", {
  start: async (media) => {
    const youtube = await startFakeYoutube(media.catalogue, path.dirname(media.ytDlpCommand));
    const certificates = await readFile(youtube.certFile, "utf8");
    const source = createYtdlCore({
      fetch: createExtractorFetch({ proxy: youtube.proxyUrl, certificates }),
      proxy: youtube.proxyUrl,
      certificates,
      clock: systemClock,
      setEnvironment: (variables) => Object.assign(process.env, variables),
      pace: TEST_PACE,
      watchEveryMs: 100,
    });
    return { source, close: () => youtube.close() };
  },
  searches: false,
  listsPlaylists: false,
  differs: {
    // It reads the reason and not the sub-reason.
    geo: "VIDEO_REMOVED",
    "a length that is too long": "whole",
    "a cut, then a server that ignores ranges": "whole",
    "the same when the page tells no size": "whole",
  },
});
