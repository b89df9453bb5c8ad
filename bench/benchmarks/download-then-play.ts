/** The way of bots that normalize before they play: the whole download, then the whole song through ffmpeg, then sound. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { PROFILE, transcoder } from "../kit/songs.ts";
import { timeToSound, type Venue } from "../kit/venue.ts";

/**
 * Milliseconds from nothing to the first sound. Normalizing is Encore's own store leg, which is cheaper than any of the
 * pipelines that such bots use: the figure flatters them.
 */
export async function downloadThenPlay(venue: Venue, address: string, durationMs: number): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), "encore-bench-"));
  try {
    const startedAtMs = performance.now();
    const fromPath = path.join(folder, "download");
    const toPath = path.join(folder, "song.ogg");
    const response = await fetch(address);
    await writeFile(fromPath, response.body!);
    const request = { fromPath, toPath, profile: PROFILE, expectedDurationMs: durationMs, tags: {} };
    await transcoder.normalize(request, new AbortController().signal);
    const preparedMs = performance.now() - startedAtMs;
    const [hall] = venue.halls;
    const ms = await timeToSound(venue, hall!, () => venue.play(hall!, { forEncore: "", forPeers: toPath }));
    await venue.stop(hall!);
    return preparedMs + ms;
  } finally {
    await rm(folder, { recursive: true });
  }
}
