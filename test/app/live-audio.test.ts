import { describe, expect, it } from "vitest";
import { LiveStreams } from "../../src/audio/live-streams.ts";
import { createLiveAudio } from "../../src/app/live-audio.ts";
import { provideFrom } from "../../src/app/provide.ts";
import { audioProfiles } from "../../src/core/audio-profiles.ts";
import { systemClock } from "../../src/core/clock.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { createProcessRunner } from "../../src/process/child-runner.ts";
import type { MediaTarget, Source } from "../../src/sources/source.ts";
import { youtubeTrack } from "../fakes/tracks.ts";
import { makeTone } from "../sandbox/media/tones.ts";
import { readFile } from "node:fs/promises";

const NEVER = new AbortController().signal;
const { standard } = audioProfiles({ loudnessTargetLufs: -14, truePeakCeilingDbtp: -1, bitrateKbps: 128 });
const tone = await makeTone(
  { frequencyHz: 440, loudnessLufs: -20, durationMs: 4_000, format: "webm" },
  { ffmpegPath: "ffmpeg" },
);
const RADIO = { ...youtubeTrack("dQw4w9WgXcQ"), source: "direct", isLive: true, durationMs: null };

/** A source of that family; with bytes it has live streams. */
function source(family: string, bytes?: Buffer): { source: Source; asked: string[] } {
  const asked: string[] = [];
  const live = async function* (target: MediaTarget): AsyncGenerator<Buffer, void, undefined> {
    asked.push(target.id);
    if (bytes) yield bytes;
  };
  const serves = (name: string): boolean => name === family;
  return { source: { serves, ...(bytes && { live }) } as unknown as Source, asked };
}

const streams = (): LiveStreams =>
  new LiveStreams({
    runner: createProcessRunner({ graceMs: 100 }),
    ffmpegPath: "ffmpeg",
    clock: systemClock,
    logger: silentLogger,
    pausesMs: [],
  });

describe("a live stream", () => {
  it("is asked of the first source that serves it and has live streams", async () => {
    const bytes = await readFile(tone.path);
    const [other, without, first] = [source("youtube", bytes), source("direct"), source("direct", bytes)];
    const live = createLiveAudio(
      streams(),
      [other, without, first].map((each) => each.source),
    );
    const listening = await live.join(RADIO, standard, NEVER);
    expect([other, first].map(({ asked }) => asked)).toEqual([[], [RADIO.id]]);
    await listening.close();
  });

  it("that no source has is refused", async () => {
    const live = createLiveAudio(streams(), [source("direct").source]);
    await expect(live.join(RADIO, standard, NEVER)).rejects.toMatchObject({ code: "LIVE_NOT_SUPPORTED" });
  });

  it("goes past the cache, and is opened as loud as its guild wants", async () => {
    const live = createLiveAudio(streams(), [source("direct", await readFile(tone.path)).source]);
    let volume = 100;
    const library = {
      // Whoever asks it for anything fails.
      cache: undefined as never,
      background: undefined as never,
      liveAudio: live,
      profiles: { profileOf: async () => standard },
      volumes: { volumeOf: async () => volume },
    };
    const { provide } = provideFrom(library, () => undefined);
    const item = {
      id: "1",
      track: RADIO,
      startMs: 0,
      requestedBy: { id: "ann", name: "Ann" },
      textChannelId: "1",
      requestedAtMs: 0,
    };
    const audio = await provide({ guildId: "1", item, onProgress: () => undefined }, NEVER);
    expect(audio).toMatchObject({
      isLive: true,
      isStored: false,
      isArriving: false,
      bytes: 0,
      durationMs: 0,
    });
    const packets = await audio.open({ startMs: 99_000 }, NEVER);
    await packets.ready(NEVER);
    expect(packets.next()).toBeInstanceOf(Buffer);
    expect(audio.volumePercent).toBe(100);
    volume = 50;
    const softer = await audio.open({ startMs: 0 }, NEVER);
    expect(audio.volumePercent).toBe(50);
    await Promise.all([packets.close(), softer.close()]);
    audio.started();
    await audio.close();
  });
});
