import { readFile } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import type { OpusPackets } from "../../src/core/opus-packets.ts";
import { audioProfiles } from "../../src/core/audio-profiles.ts";
import { allOf } from "../fakes/packets.ts";
import { measureLoudness } from "../sandbox/media/tones.ts";
import { Arriving, describeHeard, hearAll, liveTranscoder, makeSong, start } from "./live-lab.ts";
import { NEVER, removeFolder, runner, STANDARD, temporaryFolder } from "./media.ts";

let songs: string;
let folder: string;

beforeAll(async () => (songs = await temporaryFolder()));
afterAll(() => removeFolder(songs));
beforeEach(async () => (folder = await temporaryFolder()));
afterEach(() => removeFolder(folder));

const MUSIC = "(0.25*sin(330*2*PI*t)+0.12*sin(660*2*PI*t)+0.4*random(0)*exp(-10*mod(t,0.5)))";
const VOICE = "(0.5*sin(180*2*PI*t)+0.3*random(0))*gt(sin(20*t),-0.3)*gt(mod(t,7),1.5)*(0.6+0.4*sin(0.7*t))";

const played = (expression: string, seconds: number): string[] => {
  const escaped = expression.replaceAll(",", "\\,");
  return ["-f", "lavfi", "-i", `aevalsrc=${escaped}|${escaped}:d=${seconds}:s=48000`];
};

/** One tone in each stretch of four seconds: the position can be heard. */
const LADDER = played("0.2*sin(2*PI*t*(400+100*floor(t/4)))", 24);
const toneAt = (seconds: number): number => 400 + 100 * Math.floor(seconds / 4);

async function expectLadder(packets: readonly Buffer[], seconds: readonly number[]): Promise<void> {
  for (const second of seconds) {
    const from = second * 50;
    const { dominantFrequencyHz } = await describeHeard(folder, packets.slice(from, from + 50));
    expect(Math.abs(dominantFrequencyHz - toneAt(second)), `at ${second} s`).toBeLessThan(3);
  }
}

const LIMITS = { up: 0.05, down: 0.1 };

function expectSteady(gainsDb: readonly number[]): void {
  const steps = gainsDb.slice(1).map((gain, at) => gain - (gainsDb[at] ?? 0));
  expect(Math.max(...steps)).toBeLessThan(LIMITS.up + 1e-9);
  expect(Math.min(...steps)).toBeGreaterThan(-LIMITS.down - 1e-9);
}

describe("the loudness of what is heard", () => {
  it.each([
    ["a steady song", played(`0.3*${MUSIC}`, 30)],
    ["a soft beginning, then loud", played(`${MUSIC}*(0.05+0.95*gte(t,12))`, 50)],
    ["loud, then soft", played(`${MUSIC}*(0.1+0.9*lt(t,24))`, 36)],
    ["a very soft song", played(`0.15*${MUSIC}`, 40)],
    ["speech", played(`0.3*${VOICE}`, 42)],
  ])("comes near to the target, by a gain that moves slowly: %s", async (_name, input) => {
    const bytes = await readFile(await makeSong(songs, "song.wav", input));
    const { packets, gainsDb } = await hearAll(folder, bytes, {});
    const { integratedLufs, truePeakDbtp } = await describeHeard(folder, packets);
    expect(Math.abs((integratedLufs ?? 0) - -14)).toBeLessThan(1.5);
    expect(truePeakDbtp).toBeLessThan(-0.5);
    expectSteady(gainsDb);
  });

  it("is exact, by one gain, when the song's loudness is known before", async () => {
    const file = await makeSong(songs, "known.wav", played(`${MUSIC}*(0.1+0.9*gte(t,8))`, 30));
    const loudnessLufs = await measureLoudness(file, "ffmpeg");
    const onGain = (count: number, song: Arriving["song"]): void => {
      if (count === 0) song.measured(loudnessLufs);
    };
    const { packets, gainsDb } = await hearAll(folder, await readFile(file), { onGain });
    const { integratedLufs } = await describeHeard(folder, packets);
    expect(Math.abs((integratedLufs ?? 0) - -14)).toBeLessThan(0.3);
    expect(new Set(gainsDb).size).toBe(1);
  });

  it("is exact for a song that is decoded before it is heard, however soft", async () => {
    const file = await makeSong(songs, "short.wav", played(`0.02*${MUSIC}`, 6));
    const { packets } = await hearAll(folder, await readFile(file), {});
    const { integratedLufs } = await describeHeard(folder, packets);
    expect(Math.abs((integratedLufs ?? 0) - -14)).toBeLessThan(0.5);
  });

  it("comes near to the target of what nobody would guess, once it has been measured", async () => {
    const file = await makeSong(songs, "faint.wav", played(`0.02*${MUSIC}`, 90));
    const loudnessLufs = await measureLoudness(file, "ffmpeg");
    const onGain = (count: number, song: Arriving["song"]): void => {
      if (count === 60) song.measured(loudnessLufs);
    };
    const { packets, gainsDb } = await hearAll(folder, await readFile(file), { onGain });
    const { integratedLufs } = await describeHeard(folder, packets);
    expect(loudnessLufs).toBeLessThan(-40);
    expect(Math.abs((integratedLufs ?? 0) - -14)).toBeLessThan(1.5);
    expectSteady(gainsDb);
  });

  it("is not lost by a sample that is no number", async () => {
    const floats = [...played(`0.3*${MUSIC}`, 20), "-c:a", "pcm_f32le"];
    const bytes = await readFile(await makeSong(songs, "broken.wav", floats));
    bytes.writeFloatLE(Number.NaN, bytes.indexOf("data") + 8 + 8 * 48_000 * 3);
    const { packets, gainsDb } = await hearAll(folder, bytes, {});
    expect(gainsDb).toHaveLength(200);
    expect(gainsDb.filter((gain) => !Number.isFinite(gain))).toEqual([]);
    const { integratedLufs } = await describeHeard(folder, packets.slice(4 * 50));
    expect(Math.abs((integratedLufs ?? 0) - -14)).toBeLessThan(1.5);
  });

  it("is narrowed at night, and left alone where no target is set", async () => {
    const bytes = await readFile(await makeSong(songs, "night.wav", played(`0.3*${MUSIC}`, 24)));
    const sound = { loudnessTargetLufs: -14, truePeakCeilingDbtp: -1, bitrateKbps: 128 };
    const { night, raw } = audioProfiles(sound);
    const atNight = await describeHeard(folder, (await hearAll(folder, bytes, { profile: night })).packets);
    expect(Math.abs((atNight.integratedLufs ?? 0) - (night.loudnessTargetLufs ?? 0))).toBeLessThan(2.5);
    const untouched = await hearAll(folder, bytes, { profile: raw });
    expect(untouched.gainsDb).toEqual([]);
    expect((await describeHeard(folder, untouched.packets)).integratedLufs).toBeCloseTo(-22, 0);
  });
});

interface Begun {
  readonly bytes: Buffer;
  readonly arriving: Arriving;
  readonly live: ReturnType<typeof start>;
  readonly stop: AbortController;
  readonly rest: Buffer;
}

/** Sends the first part of a song; what comes is heard as far as that goes. */
async function begun(name: string, share: number): Promise<Begun> {
  const bytes = await readFile(await makeSong(songs, name, LADDER));
  const arriving = new Arriving(folder);
  const stop = new AbortController();
  const live = start(liveTranscoder(), arriving, STANDARD, stop.signal);
  await arriving.begin();
  const sent = Math.floor(bytes.length * share);
  await arriving.add(bytes.subarray(0, sent));
  return { bytes, arriving, live, stop, rest: bytes.subarray(sent) };
}

async function finish({ live, arriving }: Pick<Begun, "live" | "arriving">): Promise<void> {
  await live.release();
  arriving.song.release();
  expect(runner.running()).toEqual([]);
}

describe("a song that is heard while it arrives", () => {
  it.each(["ladder.webm", "ladder.m4a"])(
    "goes on where it stood still, as if nothing had been: %s",
    async (name) => {
      // An M4A whose index comes first is what sources serve.
      const extra = name.endsWith("m4a") ? ["-movflags", "+faststart"] : [];
      const bytes = await readFile(await makeSong(songs, name, [...LADDER, ...extra]));
      const arriving = new Arriving(folder);
      const live = start(liveTranscoder(), arriving);
      await arriving.begin();
      await arriving.add(bytes.subarray(0, bytes.length / 2));
      await live.audible;
      const packets = await live.open({ startMs: 0 }, NEVER);
      const heard = await untilLater(packets, 8 * 50);
      await arriving.add(bytes.subarray(bytes.length / 2));
      arriving.complete();
      heard.push(...(await allOf(packets)));
      await live.release();
      arriving.song.release();
      expect(heard.length).toBeGreaterThanOrEqual(24 * 50);
      expect(heard.length).toBeLessThanOrEqual(24 * 50 + 5);
      await expectLadder(heard, [1, 5, 9, 11, 13, 17, 21]);
    },
  );

  it("is heard from its beginning by who comes later, and from a position by who wants that", async () => {
    const song = await begun("ladder.webm", 0.6);
    await song.live.audible;
    const first = await song.live.open({ startMs: 0 }, NEVER);
    await untilLater(first, 50 * 10);
    const second = allOf(await song.live.open({ startMs: 0 }, NEVER));
    const third = allOf(await song.live.open({ startMs: 8_000 }, NEVER));
    await song.arriving.add(song.rest);
    song.arriving.complete();
    await expectLadder(await second, [1, 13, 21]);
    expect((await second).slice(400)).toEqual(await third);
    await first.close();
    await finish(song);
  });

  it("goes on at its position when it arrives anew in another format", async () => {
    const other = await readFile(await makeSong(songs, "ladder.m4a", [...LADDER, "-movflags", "+faststart"]));
    const song = await begun("ladder.webm", 0.5);
    await song.live.audible;
    const packets = await song.live.open({ startMs: 0 }, NEVER);
    const heard = await untilLater(packets, 8 * 50);
    await song.arriving.begin("second.part");
    await song.arriving.add(other);
    song.arriving.complete();
    heard.push(...(await allOf(packets)));
    await finish(song);
    expect(Math.abs(heard.length - 24 * 50)).toBeLessThanOrEqual(5);
    await expectLadder(heard, [1, 5, 9, 10, 11, 13, 17, 21]);
  });

  it("ends with the reason where the download broke off, behind all that came", async () => {
    const song = await begun("ladder.webm", 0.5);
    await song.live.audible;
    const packets = await song.live.open({ startMs: 0 }, NEVER);
    song.arriving.song.fail(new AppError("MEDIA_FORBIDDEN"));
    const heard: Buffer[] = [];
    await expect(takeAll(packets, heard)).rejects.toMatchObject({ code: "MEDIA_FORBIDDEN" });
    expect(heard.length).toBeGreaterThan(10 * 50);
    await expectLadder(heard, [1, 5, 9]);
    await packets.close();
    await finish(song);
  });

  it("is no whole song when it ends long before its announced length", async () => {
    const song = await begun("ladder.webm", 0.5);
    song.arriving.song.told({ durationMs: 24_000 });
    song.arriving.complete();
    const packets = await song.live.open({ startMs: 0 }, NEVER);
    await expect(takeAll(packets, [])).rejects.toMatchObject({ code: "AUDIO_INCOMPLETE" });
    await packets.close();
    await finish(song);
  });

  it("is no whole song when the whole of it was looked at and refused", async () => {
    const song = await begun("ladder.webm", 0.5);
    song.arriving.arrive();
    const packets = await song.live.open({ startMs: 0 }, NEVER);
    const heard: Buffer[] = [];
    const ending = takeAll(packets, heard);
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(10 * 50), { timeout: 10_000 });
    song.arriving.song.fail(new AppError("AUDIO_INCOMPLETE"));
    await expect(ending).rejects.toMatchObject({ code: "AUDIO_INCOMPLETE" });
    await packets.close();
    await finish(song);
  });

  it("is encoded no more than half a minute ahead of its foremost listener", async () => {
    const minutes = played(`0.1*${MUSIC}`, 120);
    const bytes = await readFile(await makeSong(songs, "long.wav", minutes));
    const gains: number[] = [];
    const arriving = new Arriving(folder);
    const live = start(
      liveTranscoder((gainDb) => gains.push(gainDb)),
      arriving,
    );
    await arriving.begin();
    await arriving.add(bytes);
    arriving.complete();
    await live.audible;
    await vi.waitFor(() => expect(gains.length).toBe(200), { timeout: 10_000 });
    const packets = await live.open({ startMs: 0 }, NEVER);
    await takeSome(packets, 30 * 50);
    await vi.waitFor(() => expect(gains.length).toBe(500), { timeout: 10_000 });
    expect(gains.length).toBe(500);
    await takeAll(packets, []);
    await packets.close();
    await finish({ live, arriving });
    expect(gains.length).toBe(1_200);
  });

  it("leaves no child and no file when it is ended", async () => {
    const song = await begun("ladder.webm", 0.5);
    await song.live.audible;
    const packets = await song.live.open({ startMs: 0 }, NEVER);
    expect(runner.running()).toHaveLength(2);
    song.stop.abort();
    await song.live.ended;
    expect(runner.running()).toEqual([]);
    await expect(takeAll(packets, [])).rejects.toMatchObject({ code: "ABORTED" });
    await packets.close();
    await finish(song);
  });

  it.each([
    ["an M4A with its index at the end", "late.m4a"],
    ["a web page", "page.html"],
  ])("is not heard before it is finished: %s", async (_name, name) => {
    const page = Buffer.from(`<html>${" ".repeat(20_000)}</html>`);
    const bytes = name.endsWith("html") ? page : await readFile(await makeSong(songs, name, LADDER));
    const arriving = new Arriving(folder);
    const live = start(liveTranscoder(), arriving);
    let isAudible = false;
    void live.audible.then(() => (isAudible = true));
    await arriving.begin();
    await arriving.add(bytes);
    arriving.complete();
    await live.ended;
    expect(isAudible).toBe(false);
    await finish({ live, arriving });
  });
});

/** Takes packets until there are no more for now, and at least so many. */
async function untilLater(packets: OpusPackets, atLeast: number): Promise<Buffer[]> {
  const heard: Buffer[] = [];
  for (;;) {
    const packet = packets.next();
    if (packet === "end") throw new Error("it has ended");
    if (packet !== "later") heard.push(Buffer.from(packet));
    else if (heard.length >= atLeast) return heard;
    else await packets.ready(NEVER);
  }
}

async function takeSome(packets: OpusPackets, count: number): Promise<void> {
  for (let taken = 0; taken < count;) {
    if (packets.next() === "later") await packets.ready(NEVER);
    else taken += 1;
  }
}

async function takeAll(packets: OpusPackets, heard: Buffer[]): Promise<void> {
  for (let packet = packets.next(); packet !== "end"; packet = packets.next()) {
    if (packet === "later") await packets.ready(NEVER);
    else heard.push(Buffer.from(packet));
  }
}
