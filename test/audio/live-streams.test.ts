// Live streams through the real ffmpeg: what is heard, by how many, and what is left when nobody listens any more.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Connect } from "../../src/audio/live-stream.ts";
import { type LiveListening, LiveStreams } from "../../src/audio/live-streams.ts";
import { audioProfiles } from "../../src/core/audio-profiles.ts";
import { withEffect } from "../../src/core/effects.ts";
import { AppError } from "../../src/core/errors.ts";
import type { OpusPackets } from "../../src/core/opus-packets.ts";
import { createProcessRunner } from "../../src/process/child-runner.ts";
import { RecordingLogger } from "../fakes/logger.ts";
import type { SoundDescription } from "../sandbox/discord/sound.ts";
import { describeHeard } from "./live-lab.ts";
import { ffmpeg, NEVER, removeFolder, temporaryFolder } from "./media.ts";

const { standard } = audioProfiles({ loudnessTargetLufs: -14, truePeakCeilingDbtp: -1, bitrateKbps: 128 });
const runner = createProcessRunner({ graceMs: 100 });
const log = new RecordingLogger();
let folder: string;
let streams: LiveStreams;
beforeEach(async () => {
  folder = await temporaryFolder();
  streams = radio();
});
afterEach(async () => {
  await streams.close();
  await removeFolder(folder);
});

/** On a clock that runs so fast that nothing has to wait for its time. */
function radio(pausesMs: readonly number[] = [], audibleMs = 60_000): LiveStreams {
  let nowMs = 0;
  const clock = { nowMs: () => 0, monotonicMs: () => (nowMs += 1e6) };
  return new LiveStreams({ runner, ffmpegPath: "ffmpeg", clock, logger: log, pausesMs, audibleMs });
}

const CODECS: Readonly<Record<string, readonly string[]>> = {
  mp3: ["-c:a", "libmp3lame", "-write_xing", "0", "-id3v2_version", "0", "-f", "mp3"],
  "mp3 with a tag": ["-c:a", "libmp3lame", "-metadata", "title=Station", "-f", "mp3"],
  adts: ["-c:a", "aac", "-f", "adts"],
  ogg: ["-c:a", "libopus", "-f", "ogg"],
  mpegts: ["-c:a", "aac", "-f", "mpegts"],
  mp4: [
    "-c:a",
    "aac",
    "-f",
    "mp4",
    "-movflags",
    "frag_keyframe+empty_moov+default_base_moof",
    "-frag_duration",
    "500000",
  ],
};

async function tone(frequencyHz: number, { seconds = 4, codec = "mp3", volume = 0.1 } = {}): Promise<Buffer> {
  const file = path.join(folder, `${frequencyHz}-${seconds}-${volume}.${codec.replaceAll(" ", "")}`);
  const input = `aevalsrc=${volume}*sin(${frequencyHz}*2*PI*t)|${volume}*sin(${frequencyHz}*2*PI*t):d=${seconds}:s=44100`;
  await ffmpeg("-f", "lavfi", "-i", input, ...(CODECS[codec] ?? []), file);
  return await readFile(file);
}

/** A station that sends these bytes once, then does as it is told; counts its connections. */
function station(bytes: Buffer, end: (signal: AbortSignal) => Promise<void> = () => Promise.resolve()) {
  const counts = { begun: 0, open: 0 };
  const connect: Connect = async function* (signal) {
    counts.begun += 1;
    counts.open += 1;
    try {
      for (let at = 0; at < bytes.length; at += 1_000) yield bytes.subarray(at, at + 1_000);
      await end(signal);
    } finally {
      counts.open -= 1;
    }
  };
  return { connect, counts };
}

const untilStopped = (signal: AbortSignal): Promise<void> =>
  delay(1e8, undefined, { signal }).then(
    () => undefined,
    () => undefined,
  );

const join = (connect: Connect, profile = standard): Promise<LiveListening> =>
  streams.join({ key: "radio", connect, profile }, NEVER);

/** All that comes, until the stream is over. */
async function hear(packets: OpusPackets): Promise<Buffer[]> {
  const heard: Buffer[] = [];
  for (let next = packets.next(); next !== "end"; next = packets.next()) {
    if (next === "later") await packets.ready(NEVER);
    else heard.push(Buffer.from(next));
  }
  await packets.close();
  return heard;
}

async function soundOf(listening: LiveListening, volumePercent = 100): Promise<SoundDescription> {
  const sound = await describeHeard(folder, await hear(listening.open({ volumePercent })));
  await listening.close();
  return sound;
}

describe("a live stream", () => {
  it.each(Object.keys(CODECS))("is heard when it comes as %s", async (codec) => {
    const sound = await soundOf(await join(station(await tone(523, { codec })).connect));
    expect(sound.dominantFrequencyHz).toBeCloseTo(523, -0.5);
    expect(sound.durationMs).toBeGreaterThan(1_000);
  });

  it.each(["mp3", "adts"])("may be entered in the middle of a frame of %s", async (codec) => {
    const bytes = await tone(523, { codec });
    const sound = await soundOf(await join(station(bytes.subarray(1_111)).connect));
    expect(sound.dominantFrequencyHz).toBeCloseTo(523, -0.5);
  });

  it.each([0.5, 0.06])("at an amplitude of %s is brought to the loudness of songs", async (volume) => {
    const listening = await join(station(await tone(523, { seconds: 12, volume })).connect);
    const sound = await describeHeard(folder, (await hear(listening.open({}))).slice(-250));
    await listening.close();
    expect(Math.abs((sound.integratedLufs ?? 0) + 14)).toBeLessThan(1.5);
    expect(sound.truePeakDbtp).toBeLessThanOrEqual(-1);
  });

  it("is softer for the listener alone who wants that", async () => {
    const { connect } = station(await tone(523, { seconds: 12 }));
    const [loud, soft] = await Promise.all([join(connect), join(connect)]);
    const [a, b] = await Promise.all([hear(loud.open({})), hear(soft.open({ volumePercent: 50 }))]);
    expect((await lufsOf(a)) - (await lufsOf(b))).toBeCloseTo(6, 0);
    await Promise.all([loud.close(), soft.close()]);
  });
});

it("closing all of them leaves no child", async () => {
  const { connect, counts } = station(await tone(523), untilStopped);
  await Promise.all([join(connect), join(connect)]);
  await streams.close();
  expect(runner.running()).toEqual([]);
  expect(counts.open).toBe(0);
});

describe("listeners", () => {
  it("share one connection and two children, from the first to the last", async () => {
    const { connect, counts } = station(await tone(523), untilStopped);
    const first = await join(connect);
    const others = await Promise.all([1, 2, 3, 4].map(() => join(connect)));
    expect(counts).toEqual({ begun: 1, open: 1 });
    expect(runner.running()).toHaveLength(2);
    await first.close();
    await Promise.all(others.slice(1).map((other) => other.close()));
    expect(runner.running()).toHaveLength(2);
    await others[0]?.close();
    await others[0]?.close();
    expect(runner.running()).toEqual([]);
    expect(counts.open).toBe(0);
    const again = await join(connect);
    expect(counts).toEqual({ begun: 2, open: 1 });
    await again.close();
  });

  it("hear what is live when they come, not what was before", async () => {
    const { connect } = station(
      Buffer.concat([await tone(330, { seconds: 8 }), await tone(880, { seconds: 4 })]),
      untilStopped,
    );
    const first = await join(connect);
    const packets = first.open({});
    let passed = 0;
    await vi.waitFor(() => expect((passed += present(packets).length)).toBeGreaterThan(530), {
      timeout: 10_000,
    });
    const late = (await join(connect)).open({});
    const heard = present(late);
    expect((await describeHeard(folder, heard)).dominantFrequencyHz).toBeCloseTo(880, -1);
    expect(heard.length).toBeLessThanOrEqual(100);
  });

  it("with an effect have a sound of their own; one that changes the speed is left out", async () => {
    const { connect, counts } = station(await tone(523), untilStopped);
    const [plain, faster, echo] = await Promise.all([
      join(connect),
      join(connect, withEffect(standard, "nightcore")),
      join(connect, withEffect(standard, "deep")),
    ]);
    expect(counts.begun).toBe(2);
    expect(runner.running()).toHaveLength(4);
    expect(await frequencyOf(faster)).toBeCloseTo(523, -0.5);
    expect(await frequencyOf(echo)).toBeCloseTo(523 * 0.75, -0.5);
    await Promise.all([plain, faster, echo].map((listening) => listening.close()));
  });

  it("who does not wait any longer leaves nothing behind", async () => {
    const { connect } = station(Buffer.alloc(0), untilStopped);
    const stop = new AbortController();
    const joining = streams.join({ key: "radio", connect, profile: standard }, stop.signal);
    await vi.waitFor(() => expect(runner.running().length).toBeGreaterThan(0));
    stop.abort();
    await expect(joining).rejects.toMatchObject({ code: "ABORTED" });
    expect(runner.running()).toEqual([]);
  });
});

it("a stream that never sends enough to be heard is given up, and nothing is left of it", async () => {
  streams = radio([], 300);
  let isOpen = false;
  const connect: Connect = async function* (signal) {
    isOpen = true;
    for (; !signal.aborted; await delay(10)) yield Buffer.alloc(1);
    isOpen = false;
  };
  await expect(join(connect)).rejects.toMatchObject({ code: "SOURCE_UNREACHABLE" });
  expect(runner.running()).toEqual([]);
  await vi.waitFor(() => expect(isOpen).toBe(false));
});

describe("a stream that breaks off", () => {
  const broken = new AppError("SOURCE_UNREACHABLE");

  it("goes on when it is there again, and is lost after the last try", async () => {
    streams = radio([5, 5]);
    const parts = [await tone(330), Buffer.alloc(0), await tone(880)];
    let tries = 0;
    const connect: Connect = (signal) =>
      station(parts[tries++] ?? Buffer.alloc(0), () => Promise.reject(broken)).connect(signal);
    const listening = await join(connect);
    const packets = listening.open({});
    const heard: Buffer[] = [];
    const all = async (): Promise<void> => {
      for (let next = packets.next(); next !== "end"; next = packets.next()) {
        if (next === "later") await packets.ready(NEVER);
        else heard.push(Buffer.from(next));
      }
    };
    await expect(all()).rejects.toMatchObject({ code: "SOURCE_UNREACHABLE" });
    expect(tries).toBe(3);
    expect(log.events.filter(({ event }) => event === "live.broken")).toHaveLength(2);
    expect((await describeHeard(folder, heard.slice(0, 100))).dominantFrequencyHz).toBeCloseTo(330, -0.5);
    expect((await describeHeard(folder, heard.slice(-100))).dominantFrequencyHz).toBeCloseTo(880, -0.5);
    await packets.close();
    await listening.close();
  });

  it("goes on when its station closed and is there again, and is over when it is not", async () => {
    streams = radio([5, 5, 5, 1e8]);
    const parts = [await tone(330), await tone(880)];
    let tries = 0;
    const connect: Connect = (signal) => {
      const part = parts[tries++];
      return station(part ?? Buffer.alloc(0), () =>
        part ? Promise.resolve() : Promise.reject(broken),
      ).connect(signal);
    };
    const listening = await join(connect);
    const heard = await hear(listening.open({}));
    expect(tries).toBe(2 + 3 - 1);
    expect((await describeHeard(folder, heard.slice(-100))).dominantFrequencyHz).toBeCloseTo(880, -0.5);
    await listening.close();
  });

  it("is over at once when its source says so", async () => {
    streams = radio([1e8]);
    const bytes = await tone(330);
    const over = new AppError("LIVE_ENDED");
    const listening = await join(station(bytes, () => Promise.reject(over)).connect);
    await expect(hear(listening.open({}))).rejects.toBe(over);
    await listening.close();
  });

  it("is begun anew for who comes after it was lost", async () => {
    const bytes = await tone(523);
    const lost = await join(station(bytes, () => Promise.reject(broken)).connect);
    await expect(hear(lost.open({}))).rejects.toMatchObject({ code: "SOURCE_UNREACHABLE" });
    const { connect, counts } = station(bytes);
    expect((await soundOf(await join(connect))).dominantFrequencyHz).toBeCloseTo(523, -0.5);
    expect(counts.begun).toBe(1);
    await lost.close();
  });

  it("was never there: everybody is told at once why", async () => {
    streams = radio([1e8]);
    const connect: Connect = () => station(Buffer.alloc(0), () => Promise.reject(broken)).connect(NEVER);
    await expect(join(connect)).rejects.toMatchObject({ code: "SOURCE_UNREACHABLE" });
    await expect(join(station(Buffer.from("<html>".repeat(4_000))).connect)).rejects.toMatchObject({
      code: "NOT_AUDIO",
    });
    expect(runner.running()).toEqual([]);
  });

  it("ends with its listeners where it is over", async () => {
    const listening = await join(station(await tone(523)).connect);
    expect((await hear(listening.open({}))).length).toBeGreaterThan(50);
    await listening.close();
  });
});

it("says when there is no ffmpeg", async () => {
  const without = new LiveStreams({
    runner,
    ffmpegPath: undefined,
    clock: { nowMs: () => 0, monotonicMs: () => 0 },
    logger: log,
  });
  const joining = without.join(
    { key: "radio", connect: station(Buffer.alloc(0)).connect, profile: standard },
    NEVER,
  );
  await expect(joining).rejects.toMatchObject({ code: "FFMPEG_MISSING" });
});

/** What has come by now. */
function present(packets: OpusPackets): Buffer[] {
  const heard: Buffer[] = [];
  for (let next = packets.next(); typeof next === "object"; next = packets.next())
    heard.push(Buffer.from(next));
  return heard;
}

async function frequencyOf(listening: LiveListening): Promise<number> {
  const packets = listening.open({});
  await packets.ready(NEVER);
  return (await describeHeard(folder, present(packets))).dominantFrequencyHz;
}

async function lufsOf(packets: readonly Buffer[]): Promise<number> {
  return (await describeHeard(folder, packets)).integratedLufs ?? 0;
}
