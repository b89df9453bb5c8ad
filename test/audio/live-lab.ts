// Songs that arrive as a test wants it, and what is heard of them through the real live leg.
import { appendFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { BLOCK_MS } from "../../src/audio/live-loudness.ts";
import { createLiveTranscoder, type LiveLegDeps } from "../../src/audio/live-leg.ts";
import type { LiveSong } from "../../src/audio/live.ts";
import { openOpusFile } from "../../src/audio/opus-file.ts";
import { ArrivingSong } from "../../src/cache/arriving-song.ts";
import type { AudioProfile } from "../../src/core/audio-profile.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { describeSound, type SoundDescription } from "../sandbox/discord/sound.ts";
import { oggOpus } from "../sandbox/discord/ogg-writer.ts";
import { ffmpeg, NEVER, runner, STANDARD } from "./media.ts";

/** A live leg on the real ffmpeg. */
export function liveTranscoder(onGain?: LiveLegDeps["onGain"]): ReturnType<typeof createLiveTranscoder> {
  const deps = { runner, ffmpegPath: process.env["ENCORE_TEST_FFMPEG"] ?? "ffmpeg", openOpusFile };
  return createLiveTranscoder({ ...deps, logger: silentLogger, ...(onGain && { onGain }) });
}

/** A song on its way into a folder, piece by piece. */
export class Arriving {
  readonly song = new ArrivingSong();
  readonly #folder: string;
  #file = "";

  constructor(folder: string) {
    this.#folder = folder;
    this.song.place(path.join(folder, "key.token"));
  }

  /** A file begins to grow. */
  async begin(name = "first.part"): Promise<void> {
    this.#file = path.join(this.#folder, name);
    await writeFile(this.#file, "");
    this.song.begin({ path: this.#file, loudnessLufs: null });
  }

  async add(bytes: Buffer): Promise<void> {
    await appendFile(this.#file, bytes);
  }

  /** All of it is there, and was looked at. */
  complete(): void {
    this.arrive();
    this.song.accept(null);
  }

  /** All of it is there. */
  arrive(): void {
    this.song.complete(this.#file);
  }
}

const CODECS: Readonly<Record<string, readonly string[]>> = {
  ".webm": ["-c:a", "libopus", "-b:a", "96k"],
  ".m4a": ["-c:a", "aac", "-b:a", "128k"],
};

/** Makes an audio file from ffmpeg's arguments for the input. */
export async function makeSong(folder: string, name: string, input: readonly string[]): Promise<string> {
  const file = path.join(folder, name);
  const codec = CODECS[path.extname(name)] ?? [];
  await ffmpeg(...input, "-bitexact", ...codec, file);
  return file;
}

/** What a listener heard, as a file and in numbers. */
export async function describeHeard(folder: string, packets: readonly Buffer[]): Promise<SoundDescription> {
  const file = path.join(folder, "heard.opus");
  await writeFile(file, oggOpus(packets));
  return describeSound(file);
}

export interface Heard {
  readonly packets: readonly Buffer[];
  /** One for each tenth of a second. */
  readonly gainsDb: readonly number[];
}

/** Hears a song that is all there, from its start to its end. `after` is called with each tenth of a second. */
export async function hearAll(
  folder: string,
  bytes: Buffer,
  options: { readonly profile?: AudioProfile; readonly onGain?: (count: number, song: ArrivingSong) => void },
): Promise<Heard> {
  const arriving = new Arriving(folder);
  const gainsDb: number[] = [];
  const transcoder = liveTranscoder((gainDb) => {
    gainsDb.push(gainDb);
    options.onGain?.(gainsDb.length, arriving.song);
  });
  options.onGain?.(0, arriving.song);
  await arriving.begin();
  await arriving.add(bytes);
  arriving.complete();
  const live = start(transcoder, arriving, options.profile);
  const packets = await hearSlowly(live, () => gainsDb.length * BLOCK_MS);
  await live.release();
  arriving.song.release();
  return { packets, gainsDb };
}

/** Like somebody who listens: the song is always as far ahead of them as it gets. */
async function hearSlowly(live: LiveSong, encodedMs: () => number): Promise<Buffer[]> {
  const ended = { isIt: false };
  void live.ended.then(() => (ended.isIt = true));
  const packets = await live.open({ startMs: 0 }, NEVER);
  const heard: Buffer[] = [];
  for (let next = packets.next(); next !== "end"; next = packets.next()) {
    if (next === "later") await packets.ready(NEVER);
    else heard.push(Buffer.from(next));
    while (!ended.isIt && encodedMs() > 0 && encodedMs() < heard.length * 20 + 15_000) await delay(5);
  }
  await packets.close();
  return heard;
}

export function start(
  transcoder: ReturnType<typeof createLiveTranscoder>,
  { song }: Arriving,
  profile = STANDARD,
  signal = NEVER,
): LiveSong {
  return transcoder.start({ arrival: song, profile, tapePath: () => song.newTapePath() }, signal);
}
