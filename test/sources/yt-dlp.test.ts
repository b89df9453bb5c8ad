/** The yt-dlp adapter against its stand-in: the contract, and what only a program can do wrong. */
import path from "node:path";
import { systemClock } from "../../src/core/clock.ts";
import { createProcessRunner } from "../../src/process/child-runner.ts";
import { createYtDlp } from "../../src/sources/yt-dlp.ts";
import { TEST_PACE, describeSource } from "../contracts/source.ts";

describeSource("yt-dlp (stand-in)", {
  start: async (media) => {
    const source = createYtDlp({
      runner: createProcessRunner(),
      command: { command: media.ytDlpCommand, leadingArgs: [] },
      homeDirectory: path.join(path.dirname(media.ytDlpCommand), "home"),
      nodePath: process.execPath,
      clock: systemClock,
      pace: TEST_PACE,
      socketTimeoutSeconds: 2,
      watchEveryMs: 100,
    });
    return { source, close: async () => undefined };
  },
});
