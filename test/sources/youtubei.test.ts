/** The contract with the real youtubei.js against a YouTube of our own behind a proxy. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { systemClock } from "../../src/core/clock.ts";
import { createExtractorFetch } from "../../src/sources/extractor-fetch.ts";
import { createYoutubei } from "../../src/sources/youtubei.ts";
import { TEST_PACE, describeSource, localFetch } from "../contracts/source.ts";
import { startFakeYoutube } from "../sandbox/media/fake-youtube.ts";

describeSource("youtubei.js", {
  start: async (media) => {
    const youtube = await startFakeYoutube(media.catalogue, path.dirname(media.ytDlpCommand));
    const certificates = await readFile(youtube.certFile, "utf8");
    const fetch = createExtractorFetch({ proxy: youtube.proxyUrl, certificates });
    const own = { clock: systemClock, pace: TEST_PACE, watchEveryMs: 100 };
    const source = createYoutubei({ fetch, guardedFetch: localFetch(), ...own });
    return { source, close: () => youtube.close() };
  },
  differs: {
    // The size in Content-Range is right, and that many bytes are there.
    "a length that is too long": "whole",
    // Our own downloader starts over.
    "a cut, then a server that ignores ranges": "whole",
    // Cut, without a size, and from the start again: the second answer is whole.
    "the same when the page tells no size": "whole",
  },
});
