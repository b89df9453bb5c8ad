// Songs that are heard while they arrive: the real ffmpeg on both legs, a source that stops where the test wants it.
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createLiveTranscoder } from "../../src/audio/live-leg.ts";
import { openOpusFile } from "../../src/audio/opus-file.ts";
import type { CachedAudio } from "../../src/cache/cached-audio.ts";
import { audioProfile } from "../../src/core/audio-profile.ts";
import { AppError } from "../../src/core/errors.ts";
import { silentLogger } from "../../src/core/logger.ts";
import type { OpusPackets } from "../../src/core/opus-packets.ts";
import { createProcessRunner } from "../../src/process/child-runner.ts";
import { Gate } from "../fakes/gate.ts";
import { allOf, heardOf } from "../fakes/packets.ts";
import type { Script } from "../fakes/scripted-source.ts";
import { youtubeTrack } from "../fakes/tracks.ts";
import { describeHeard } from "../audio/live-lab.ts";
import { type CacheUnderTest, NEVER, PROFILE, setUp, type SetUpOptions } from "./set-up.ts";

const QUIET = audioProfile("quiet", { ...PROFILE, loudnessTargetLufs: -23 });
const SECONDS = 24;
const song = youtubeTrack("live-song-1", { durationMs: SECONDS * 1000 });
const runner = createProcessRunner({ graceMs: 100 });
const patiently = { timeout: 30_000 };
let folder: string;
let webm: string;
let lateM4a: string;

/** A tone that is 100 Hz higher every four seconds, soft for half of the time. */
const LADDER = "0.1*(1+gt(mod(t,8),4))*sin(2*PI*t*(400+100*floor(t/4)))".replaceAll(",", "\\,");

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "encore-live-"));
  const make = async (name: string, codec: string): Promise<string> => {
    const file = path.join(folder, name);
    const source = ["-f", "lavfi", "-i", `aevalsrc=${LADDER}|${LADDER}:d=${SECONDS}:s=48000`];
    await promisify(execFile)("ffmpeg", ["-v", "error", ...source, "-c:a", codec, "-b:a", "96k", file]);
    return file;
  };
  [webm, lateM4a] = [await make("ladder.webm", "libopus"), await make("late.m4a", "aac")];
});
afterAll(() => rm(folder, { recursive: true }));

interface Live {
  readonly bench: CacheUnderTest;
  readonly gate: Gate;
  readonly gainsDb: number[];
}

/** A cache whose source stands still at a share of the song. */
async function standingAt(share: number, options: SetUpOptions = {}): Promise<Live> {
  const gainsDb: number[] = [];
  const onGain = (gainDb: number): void => void gainsDb.push(gainDb);
  const deps = { runner, ffmpegPath: "ffmpeg", openOpusFile, logger: silentLogger, onGain };
  const bench = await setUp({ live: createLiveTranscoder(deps), ...options });
  const gate = new Gate();
  bench.source.script(song.id, { ...arriving(webm), waitAt: { share, gate } });
  return { bench, gate, gainsDb };
}

const arriving = (file: string): Script => ({ file, facts: { durationMs: SECONDS * 1000 } });

const positionOf = (packets: readonly Buffer[], second: number): Buffer[] =>
  packets.slice(second * 50, second * 50 + 50);

async function expectLadder(packets: readonly Buffer[], seconds: readonly number[]): Promise<void> {
  for (const second of seconds) {
    const { dominantFrequencyHz } = await describeHeard(folder, positionOf(packets, second));
    const expected = 400 + 100 * Math.floor(second / 4);
    expect(Math.abs(dominantFrequencyHz - expected), `at ${second} s`).toBeLessThan(3);
  }
}

const isWhole = (packets: readonly Buffer[]): boolean => Math.abs(packets.length - SECONDS * 50) <= 5;

async function expectQuiet(bench: CacheUnderTest): Promise<void> {
  await vi.waitFor(() => expect([runner.running(), bench.locks.size]).toEqual([[], 0]), patiently);
  expect(await bench.names("work")).toEqual([]);
}

/** What can be heard for now, at least one packet. */
async function soFar(packets: OpusPackets): Promise<number> {
  await packets.ready(NEVER);
  let count = 0;
  while (packets.next() !== "later") count += 1;
  return count;
}

async function someOf(packets: OpusPackets, count: number): Promise<Buffer[]> {
  const taken: Buffer[] = [];
  while (taken.length < count) {
    const next = packets.next();
    if (next === "end") throw new Error("it has ended");
    if (next === "later") await packets.ready(NEVER);
    else taken.push(Buffer.from(next));
  }
  return taken;
}

describe("a song that is not in the cache", () => {
  it("is heard while it arrives, counted, stored when it is whole, and heard from there the next time", async () => {
    const { bench, gate } = await standingAt(0.5);
    const audio = await bench.ask(song);
    expect(audio).toMatchObject({ outcome: "miss", isArriving: true, isStored: false });
    expect(audio.entry).toMatchObject({ key: song.id, durationMs: SECONDS * 1000 });
    audio.started();
    const hearing = heardOf(audio);
    expect(await bench.cache.peek(song, PROFILE)).toBeUndefined();
    gate.open();
    const heard = await hearing;
    expect(isWhole(heard)).toBe(true);
    await expectLadder(heard, [1, 9, 11, 13, 21]);
    await audio.close();
    await vi.waitFor(async () => expect(await bench.cache.peek(song, PROFILE)).toBeDefined(), patiently);
    await vi.waitFor(async () =>
      expect(await bench.cache.peek(song, PROFILE)).toMatchObject({ playCount: 1 }),
    );
    expect(await bench.play(song)).toMatchObject({ outcome: "hit", isArriving: false, isStored: true });
    await expectQuiet(bench);
  });

  it("is heard from its beginning by all who ask meanwhile, and fetched once", async () => {
    const { bench, gate } = await standingAt(0.6);
    const first = await bench.ask(song, { guildId: "a" });
    const packets = await first.open({ startMs: 0 }, NEVER);
    await soFar(packets);
    const others = await Promise.all(["b", "c"].map((guildId) => bench.ask(song, { guildId })));
    expect(others.map(({ outcome, isArriving }) => [outcome, isArriving])).toEqual([
      ["shared", true],
      ["shared", true],
    ]);
    gate.open();
    for (const heard of await Promise.all(others.map((audio) => heardOf(audio)))) {
      expect(isWhole(heard)).toBe(true);
      await expectLadder(heard, [1, 13]);
    }
    await packets.close();
    await Promise.all([first, ...others].map((audio) => audio.close()));
    expect(bench.source.downloads).toHaveLength(1);
    await bench.cache.quiet(NEVER);
    await expectQuiet(bench);
  });

  it("stands still with its source, and goes on at the same position", async () => {
    const { bench, gate } = await standingAt(0.5);
    const audio = await bench.ask(song);
    const packets = await audio.open({ startMs: 0 }, NEVER);
    const before = await soFar(packets);
    // However long that takes: it is not the end.
    for (let looks = 0; looks < 20; looks += 1) expect(packets.next()).toBe("later");
    gate.open();
    await packets.ready(NEVER);
    const rest: Buffer[] = [];
    for (let next = packets.next(); next !== "end"; next = packets.next())
      if (next === "later") await packets.ready(NEVER);
      else rest.push(Buffer.from(next));
    expect(Math.abs(before + rest.length - SECONDS * 50)).toBeLessThanOrEqual(5);
    const atSecond = Math.ceil(before / 50) + 1;
    const { dominantFrequencyHz } = await describeHeard(
      folder,
      rest.slice(atSecond * 50 - before).slice(0, 40),
    );
    expect(Math.abs(dominantFrequencyHz - (400 + 100 * Math.floor(atSecond / 4)))).toBeLessThan(4);
    await packets.close();
    await audio.close();
    await expectQuiet(bench);
  });

  it("has one gain where its loudness is known from another profile", async () => {
    const { bench, gate, gainsDb } = await standingAt(0.5);
    gate.open();
    await bench.play(song, { profile: QUIET });
    await bench.cache.quiet(NEVER);
    gainsDb.length = 0;
    await bench.play(song);
    expect(gainsDb.length).toBeGreaterThan(0);
    expect(new Set(gainsDb).size).toBe(1);
    await bench.cache.quiet(NEVER);
  });

  it("is heard when it is finished, where it cannot be decoded before", async () => {
    const { bench, gate } = await standingAt(0.5);
    bench.source.script(song.id, arriving(lateM4a));
    gate.open();
    expect(await bench.play(song)).toMatchObject({ outcome: "miss", isArriving: false, isStored: true });
    await expectQuiet(bench);
  });

  it("is heard while it arrives also when it is not to be stored", async () => {
    const { bench, gate } = await standingAt(0.5, { isKept: () => Promise.resolve(false) });
    const audio = await bench.ask(song);
    gate.open();
    expect(isWhole(await heardOf(audio))).toBe(true);
    await audio.close();
    await bench.cache.quiet(NEVER);
    expect(await bench.present()).toEqual([]);
    expect(await readdir(bench.at("fallback"))).toEqual([]);
    await expectQuiet(bench);
  });

  it("goes on when it has to be fetched again because the disk was full", async () => {
    const { bench, gate } = await standingAt(0.5, {
      makeRoom: async () => bench.source.script(song.id, arriving(webm)),
    });
    const failure = new AppError("DISK_FULL");
    bench.source.script(song.id, { ...arriving(webm), waitAt: { share: 0.5, gate }, failure });
    const audio = await bench.ask(song);
    gate.open();
    const heard = await heardOf(audio);
    expect(isWhole(heard)).toBe(true);
    await expectLadder(heard, [1, 9, 11, 13, 21]);
    await audio.close();
    await bench.cache.quiet(NEVER);
    expect(await bench.cache.peek(song, PROFILE)).toBeDefined();
    await expectQuiet(bench);
  });
});

describe("a fill that fails", () => {
  it("says why where the sound ends", async () => {
    const { bench, gate } = await standingAt(0.5);
    bench.source.script(song.id, {
      ...arriving(webm),
      waitAt: { share: 0.5, gate },
      failure: new AppError("MEDIA_FORBIDDEN"),
    });
    const audio = await bench.ask(song);
    const packets = await audio.open({ startMs: 0 }, NEVER);
    gate.open();
    await expect(
      (async () => {
        while (packets.next() !== "end") await packets.ready(NEVER);
      })(),
    ).rejects.toMatchObject({ code: "MEDIA_FORBIDDEN" });
    await packets.close();
    await audio.close();
    await expectQuiet(bench);
    await expect(bench.ask(song)).rejects.toMatchObject({ code: "MEDIA_FORBIDDEN" });
  });

  it("tells all who wait when it fails before there is a sound", async () => {
    const { bench, gate } = await standingAt(0);
    bench.source.script(song.id, { waitAt: { share: 0, gate }, failure: new AppError("VIDEO_REMOVED") });
    const asked = ["a", "b"].map((guildId) => bench.ask(song, { guildId }));
    gate.open();
    for (const one of asked) await expect(one).rejects.toMatchObject({ code: "VIDEO_REMOVED" });
    await expectQuiet(bench);
  });
});

describe("a sound that breaks off", () => {
  it("goes on at the same packet of the file that is stored meanwhile, and is counted once", async () => {
    const { bench, gate } = await standingAt(0.5);
    const audio = await bench.ask(song);
    audio.started();
    const packets = await audio.open({ startMs: 0 }, NEVER);
    const heard = await someOf(packets, 8 * 50);
    for (const pid of runner.running()) process.kill(-pid, "SIGKILL");
    await vi.waitFor(() => expect(runner.running()).toEqual([]), patiently);
    gate.open();
    heard.push(...(await allOf(packets)));
    expect(isWhole(heard)).toBe(true);
    await expectLadder(heard, [1, 5, 9, 13, 17, 21]);
    await audio.close();
    expect(bench.source.downloads).toHaveLength(1);
    await vi.waitFor(async () =>
      expect(await bench.cache.peek(song, PROFILE)).toMatchObject({ playCount: 1 }),
    );
    expect(bench.inUse.refs).toEqual([]);
    await expectQuiet(bench);
  });

  it("goes on also when the song plays this once", async () => {
    const { bench, gate } = await standingAt(0.5, { isKept: () => Promise.resolve(false) });
    const audio = await bench.ask(song);
    const packets = await audio.open({ startMs: 4_000 }, NEVER);
    const heard = await someOf(packets, 4 * 50);
    for (const pid of runner.running()) process.kill(-pid, "SIGKILL");
    gate.open();
    heard.push(...(await allOf(packets)));
    expect(Math.abs(heard.length - (SECONDS - 4) * 50)).toBeLessThanOrEqual(5);
    await audio.close();
    await expectQuiet(bench);
  });

  it("goes on with what comes of the song when another process took it over", async () => {
    const { bench, gate } = await standingAt(0.5);
    const failure = new AppError("LEASE_LOST");
    bench.source.script(song.id, { ...arriving(webm), waitAt: { share: 0.5, gate }, failure });
    const audio = await bench.ask(song);
    const packets = await audio.open({ startMs: 0 }, NEVER);
    const heard = await someOf(packets, 8 * 50);
    bench.source.script(song.id, arriving(webm));
    gate.open();
    heard.push(...(await allOf(packets)));
    expect(isWhole(heard)).toBe(true);
    await expectLadder(heard, [1, 9, 13, 21]);
    await audio.close();
    await bench.cache.quiet(NEVER);
    await expectQuiet(bench);
  });
});

async function listenAndLeave(bench: CacheUnderTest): Promise<void> {
  const audio: CachedAudio = await bench.ask(song);
  const packets = await audio.open({ startMs: 0 }, NEVER);
  await soFar(packets);
  await packets.close();
  await audio.close();
}

describe("the last listener who leaves", () => {
  it("ends the sound and a young fill", async () => {
    const { bench } = await standingAt(0.3);
    await listenAndLeave(bench);
    await expectQuiet(bench);
    expect(bench.source.aborted).toBe(1);
  });

  it("ends the sound and lets the fill finish that has more than half of it", async () => {
    const { bench, gate } = await standingAt(0.7);
    await listenAndLeave(bench);
    await vi.waitFor(() => expect(runner.running()).toEqual([]), patiently);
    gate.open();
    await vi.waitFor(async () => expect(await bench.cache.peek(song, PROFILE)).toBeDefined(), patiently);
    await expectQuiet(bench);
  });

  it("is not the last one while another waits or listens", async () => {
    const { bench, gate } = await standingAt(0.3);
    const preparing = bench.cache.prepare(song, { profile: PROFILE, guildId: "later" }, NEVER);
    await listenAndLeave(bench);
    gate.open();
    expect(await preparing).toBe("fetched");
    await expectQuiet(bench);
  });

  it("is everybody when the process goes down", async () => {
    const { bench } = await standingAt(0.5);
    const audio = await bench.ask(song);
    const packets = await audio.open({ startMs: 0 }, NEVER);
    await soFar(packets);
    expect(runner.running()).toHaveLength(2);
    await bench.cache.close();
    expect(runner.running()).toEqual([]);
    expect(await bench.names("work")).toEqual([]);
    await packets.close();
    await audio.close();
  });
});
