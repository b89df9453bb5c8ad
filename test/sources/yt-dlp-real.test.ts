/** The contract with the real yt-dlp, unmodified, against a YouTube of our own behind a proxy. */
import path from "node:path";
import { describe } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import { createProcessRunner } from "../../src/process/child-runner.ts";
import { createYtDlp } from "../../src/sources/yt-dlp.ts";
import { TEST_PACE, describeSource, localFetch } from "../contracts/source.ts";
import { startFakeYoutube } from "../sandbox/media/fake-youtube.ts";
import { findRealYtDlp } from "../sandbox/media/real-yt-dlp.ts";

const command = findRealYtDlp();

describe.skipIf(command === undefined)("with the real program", () => {
  describeSource("yt-dlp (real)", {
    start: async (media) => {
      const folder = path.dirname(media.ytDlpCommand);
      const youtube = await startFakeYoutube(media.catalogue, folder);
      const source = createYtDlp({
        runner: createProcessRunner(),
        command: { command: command ?? "", leadingArgs: [] },
        homeDirectory: path.join(folder, "home"),
        nodePath: process.execPath,
        clock: systemClock,
        fetch: localFetch(),
        proxy: youtube.proxyUrl,
        certFile: youtube.certFile,
        pace: TEST_PACE,
        socketTimeoutSeconds: 2,
        retrySleep: "0",
        watchEveryMs: 100,
      });
      return { source, close: () => youtube.close() };
    },
  });
});
