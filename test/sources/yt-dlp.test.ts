/** The yt-dlp adapter against its stand-in: the contract, and what only a program can do wrong. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import { createProcessRunner } from "../../src/process/child-runner.ts";
import { createYtDlp } from "../../src/sources/yt-dlp.ts";
import { TEST_PACE, describeSource, localFetch } from "../contracts/source.ts";
import { startMediaSource } from "../sandbox/media/media-source.ts";

describeSource("yt-dlp (stand-in)", {
  start: async (media) => {
    const source = createYtDlp({
      runner: createProcessRunner(),
      command: { command: media.ytDlpCommand, leadingArgs: [] },
      homeDirectory: path.join(path.dirname(media.ytDlpCommand), "home"),
      nodePath: process.execPath,
      clock: systemClock,
      fetch: localFetch(),
      pace: TEST_PACE,
      socketTimeoutSeconds: 2,
      watchEveryMs: 100,
    });
    return { source, close: async () => undefined };
  },
});

test("a download that hangs keeps nobody waiting for an answer", async () => {
  const directory = await mkdtemp(path.join(tmpdir(), "encore-places-"));
  const media = await startMediaSource({ directory });
  const [slow, other] = [await media.addSong({ title: "Slow" }), await media.addSong({ title: "Other" })];
  media.setFaults(slow.id, { stallAtByte: 1_000 });
  const source = createYtDlp({
    runner: createProcessRunner(),
    command: { command: media.ytDlpCommand, leadingArgs: [] },
    homeDirectory: path.join(directory, "home"),
    nodePath: process.execPath,
    clock: systemClock,
    fetch: localFetch(),
    processes: 1,
  });
  const stop = new AbortController();
  const started = Promise.withResolvers<undefined>();
  const target = { source: "youtube", id: slow.id, url: slow.url };
  const limits = { maxBytes: 2 ** 24, maxDurationMs: 60_000 };
  const onTrack = (): void => started.resolve(undefined);
  const downloading = source
    .download({ target, toPath: path.join(directory, "slow.src"), limits, onTrack }, stop.signal)
    .catch((error: unknown) => error);
  await started.promise;
  const found = await source.resolve({ source: "youtube", id: other.id, url: other.url }, stop.signal);
  expect(found.title).toBe("Other");
  stop.abort();
  expect(await downloading).toMatchObject({ code: "ABORTED" });
  await media.close();
  await rm(directory, { recursive: true, force: true });
});
