/** Songs of further sites through yt-dlp's stand-in, where the operator allows them. */
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import { createProcessRunner } from "../../src/process/child-runner.ts";
import { parseQuery } from "../../src/sources/query.ts";
import type { MediaTarget, Source } from "../../src/sources/source.ts";
import { createYtDlp } from "../../src/sources/yt-dlp.ts";
import { localFetch, TEST_LIMITS, TEST_PACE } from "../contracts/source.ts";
import { type MediaSource, startMediaSource } from "../sandbox/media/media-source.ts";

const never = new AbortController().signal;
const PAGE = "https://soundcloud.com/the-tones/a-tune";

let directory: string;
let media: MediaSource;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "encore-sites-"));
  media = await startMediaSource({ directory });
});

afterAll(async () => {
  await media.close();
  await rm(directory, { recursive: true });
});

function ytDlp(sites: readonly ("soundcloud" | "bandcamp")[] = ["soundcloud", "bandcamp"]): Source {
  return createYtDlp({
    runner: createProcessRunner(),
    command: { command: media.ytDlpCommand, leadingArgs: [] },
    homeDirectory: path.join(directory, "home"),
    nodePath: process.execPath,
    clock: systemClock,
    fetch: localFetch(),
    pace: TEST_PACE,
    sites,
  });
}

function targetOf(link: string): MediaTarget {
  const query = parseQuery(link);
  if (query.kind !== "track") throw new Error(query.kind);
  return query.target;
}

test("only sites that are allowed are served", () => {
  expect(
    ["youtube", "soundcloud", "bandcamp", "direct"].map((name) => ytDlp(["bandcamp"]).serves(name)),
  ).toEqual([true, false, true, false]);
});

test("a song is looked up and downloaded from its own page", async () => {
  const song = await media.addSong({ title: "A Tune", artist: "The Tones", url: PAGE });
  const target = targetOf("https://m.soundcloud.com/The-Tones/A-Tune?si=x");
  const track = await ytDlp().resolve(target, never);
  expect(track).toMatchObject({ ...target, title: "A Tune", artist: "The Tones", durationMs: 4_000 });
  const work = path.join(directory, "work");
  await mkdir(work);
  const toPath = path.join(work, "song.src");
  await ytDlp().download({ target, toPath, limits: TEST_LIMITS }, never);
  expect(await readdir(work)).toEqual(["song.src"]);
  expect(await readFile(toPath)).toEqual(await readFile(song.path));
});

test("an album of Bandcamp tells its songs with their pages", async () => {
  const url = "https://tones.bandcamp.com/track/first";
  const song = await media.addSong({ title: "First", url });
  media.addPlaylist({ id: "https://tones.bandcamp.com/album/all", title: "All", songIds: [song.id] });
  const query = parseQuery("https://tones.bandcamp.com/album/all");
  if (query.kind !== "playlist") throw new Error(query.kind);
  const songs = await Array.fromAsync(ytDlp().playlist(query.playlist, { from: 1, limit: 9 }, never));
  expect(songs).toEqual([expect.objectContaining({ source: "bandcamp", title: "First", url })]);
});

test("a start time in a link of SoundCloud counts", () => {
  expect(parseQuery(`${PAGE}#t=1:05`)).toMatchObject({ startMs: 65_000 });
});
