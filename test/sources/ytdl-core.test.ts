/** The contract with the real @distube/ytdl-core against a YouTube of our own behind a proxy. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { systemClock } from "../../src/core/clock.ts";
import { createExtractorFetch } from "../../src/sources/extractor-fetch.ts";
import { createYtdlCore } from "../../src/sources/ytdl-core.ts";
import { TEST_PACE, describeSource } from "../contracts/source.ts";
import { startFakeYoutube } from "../sandbox/media/fake-youtube.ts";

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
