// Playing at another volume, by the real ffmpeg: how loud, from where, how far ahead, and what is left of it.
import { type FileHandle, open, readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createOpusOpener } from "../../src/audio/volume.ts";
import { AppError } from "../../src/core/errors.ts";
import type { OpusPackets, Playback } from "../../src/core/opus-packets.ts";
import { allOf, packetsIn } from "../fakes/packets.ts";
import { oggOpus } from "../sandbox/discord/ogg-writer.ts";
import { describeSound, type SoundDescription } from "../sandbox/discord/sound.ts";
import { DRUMS, ffmpeg, NEVER, removeFolder, runner, signal, temporaryFolder, write } from "./media.ts";
import { pageStarts } from "./ogg-pages.ts";

const opener = createOpusOpener({ runner, ffmpegPath: "ffmpeg" });
let folder: string;
/** 400 Hz in the first four seconds, 500 Hz in the next, and so on for 24 seconds. */
let scale: string;
/** Peaks far above its loudness. */
let drums: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  [scale, drums] = [path.join(folder, "scale.opus"), path.join(folder, "drums.opus")];
  const tones = "aevalsrc=0.3*sin((400+100*floor(t/4))*2*PI*t):d=24:s=48000";
  await ffmpeg("-f", "lavfi", "-i", tones, "-ac", "2", "-c:a", "libopus", "-b:a", "128k", scale);
  await ffmpeg(...signal(DRUMS, 12, -18), "-ac", "2", "-c:a", "libopus", "-b:a", "128k", drums);
});
afterAll(() => removeFolder(folder));
afterEach(() => {
  if (runner.running().length > 0) throw new Error("A child is left.");
});

async function opened(file: string): Promise<FileHandle> {
  const handle = await open(file);
  onTestFinished(() => handle.close());
  return handle;
}

async function openAt(file: string, playback: Playback): Promise<OpusPackets> {
  return await opener({ file: await opened(file) }, playback, NEVER);
}

async function soundOf(packets: readonly Buffer[]): Promise<SoundDescription> {
  return describeSound(await write(folder, "heard.opus", oggOpus(packets)));
}

describe("at 100 %", () => {
  it("the packets come as they are, and no child is started", async () => {
    const packets = await openAt(scale, { startMs: 4_000, volumePercent: 100 });
    await packets.ready(NEVER);
    expect(runner.running()).toEqual([]);
    expect(await allOf(packets)).toEqual(await packetsIn(scale, 4_000));
    expect(await allOf(await openAt(scale, { startMs: 4_000 }))).toEqual(await packetsIn(scale, 4_000));
  });

  it("a song plays where there is no ffmpeg; at another volume that is said", async () => {
    const without = createOpusOpener({ runner, ffmpegPath: undefined });
    const file = await opened(scale);
    expect(await allOf(await without({ file }, { startMs: 20_000 }, NEVER))).toHaveLength(201);
    await expect(without({ file }, { startMs: 0, volumePercent: 50 }, NEVER)).rejects.toMatchObject({
      code: "FFMPEG_MISSING",
    });
    const gone = createOpusOpener({ runner, ffmpegPath: path.join(folder, "gone") });
    const packets = await gone({ file }, { startMs: 0, volumePercent: 50 }, NEVER);
    await expect(allOf(packets)).rejects.toMatchObject({ code: "FFMPEG_MISSING" });
  });
});

const kbpsOf = (packets: readonly Buffer[]): number =>
  packets.reduce((sum, { length }) => sum + length, 0) / (packets.length * 2.5);

describe("with fewer bits", () => {
  it.each([24, 48])("%d kbit/s are kept to, at the same volume and position", async (limitKbps) => {
    const stored = await allOf(await openAt(drums, { startMs: 4_000 }));
    const heard = await allOf(await openAt(drums, { startMs: 4_000, limitKbps }));
    expect(kbpsOf(stored)).toBeGreaterThan(64);
    expect(kbpsOf(heard)).toBeLessThan(limitKbps * 1.15);
    expect(Math.abs(heard.length - stored.length)).toBeLessThanOrEqual(1);
    const [before, after] = [await soundOf(stored), await soundOf(heard)];
    expect(Math.abs(after.integratedLufs! - before.integratedLufs!)).toBeLessThan(2);
  });

  it("a song plays as it is where there is no ffmpeg", async () => {
    const without = createOpusOpener({ runner, ffmpegPath: undefined });
    const packets = await without({ file: await opened(scale) }, { startMs: 20_000, limitKbps: 32 }, NEVER);
    expect(await allOf(packets)).toHaveLength(201);
  });
});

describe("at another volume", () => {
  it.each([50, 25, 150])(
    "a song at %i per cent is as much louder or softer, and as long",
    async (volumePercent) => {
      const heard = await allOf(await openAt(scale, { startMs: 0, volumePercent }));
      const before = await describeSound(scale);
      const after = await soundOf(heard);
      const changeDb = 20 * Math.log10(volumePercent / 100);
      expect((after.integratedLufs ?? 0) - (before.integratedLufs ?? 0)).toBeCloseTo(changeDb, 0);
      expect(Math.abs(heard.length - (await packetsIn(scale)).length)).toBeLessThanOrEqual(1);
    },
  );

  it.each([200, 400])("peaks stay below the ceiling when it is %i per cent", async (volumePercent) => {
    const before = await describeSound(drums);
    const after = await soundOf(await allOf(await openAt(drums, { startMs: 0, volumePercent })));
    expect((before.truePeakDbtp ?? 0) + 20 * Math.log10(volumePercent / 100)).toBeGreaterThan(3);
    expect(after.truePeakDbtp).toBeLessThanOrEqual(-0.7);
    expect((after.integratedLufs ?? 0) - (before.integratedLufs ?? 0)).toBeGreaterThan(3);
  });

  it("a song begins at the position it is asked for", async () => {
    for (const startMs of [40, 5_000, 13_000, 21_000]) {
      const heard = await allOf(await openAt(scale, { startMs, volumePercent: 60 }));
      const { dominantFrequencyHz } = await soundOf(heard.slice(0, 100));
      expect(dominantFrequencyHz).toBeCloseTo(400 + 100 * Math.floor(startMs / 4_000), -1);
      expect(Math.abs(heard.length - (await packetsIn(scale, startMs)).length)).toBeLessThanOrEqual(1);
    }
  });

  it("behind its end is the end", async () => {
    expect(await allOf(await openAt(scale, { startMs: 60_000, volumePercent: 60 }))).toEqual([]);
  });

  it("nothing is 0 %", async () => {
    const heard = await allOf(await openAt(scale, { startMs: 0, volumePercent: 0 }));
    expect((await soundOf(heard)).integratedLufs).toBeNull();
  });
});

describe("the child of a listener", () => {
  it("is never more than three seconds ahead, and goes on when something is taken", async () => {
    const packets = await openAt(scale, { startMs: 0, volumePercent: 50 });
    await packets.ready(NEVER);
    for (let round = 0; round < 4; round += 1) {
      // Time to run away in: it codes 24 seconds of music in a quarter of that.
      await delay(500);
      let count = 0;
      while (packets.next() !== "later") count += 1;
      expect(count).toBeGreaterThan(100);
      expect(count).toBeLessThanOrEqual(150);
      await packets.ready(NEVER);
    }
    await packets.close();
  });

  it("is gone when it is closed, also while it starts, and twice", async () => {
    const packets = await openAt(scale, { startMs: 0, volumePercent: 50 });
    await packets.ready(NEVER);
    expect(runner.running()).toHaveLength(1);
    const waiting = packets.close();
    await packets.close();
    await waiting;
    expect(runner.running()).toEqual([]);
    expect(packets.next()).toBe("end");
    await (await openAt(scale, { startMs: 0, volumePercent: 50 })).close();
  });

  it("may die: what it made is heard, then the reason", async () => {
    const packets = await openAt(scale, { startMs: 0, volumePercent: 50 });
    await packets.ready(NEVER);
    for (const pid of runner.running()) process.kill(pid, "SIGKILL");
    await expect(allOf(packets)).rejects.toMatchObject({ code: "TRANSCODE_FAILED" });
  });

  it("is given what is whole of a damaged file; then that is said", async () => {
    const damaged = await readFile(scale);
    const at = (pageStarts(damaged)[10] ?? 0) + 300;
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    const packets = await openAt(await write(folder, "damaged.opus", damaged), {
      startMs: 0,
      volumePercent: 50,
    });
    let count = 0;
    await expect(
      (async () => {
        for (let next = packets.next(); next !== "end"; next = packets.next()) {
          if (next === "later") await packets.ready(NEVER);
          else count += 1;
        }
      })(),
    ).rejects.toThrow(AppError);
    expect(count).toBeGreaterThan(350);
    await packets.close();
  });
});
