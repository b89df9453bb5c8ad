// Going to a position, in an hour of packets that say their number, and in a song by the real encoder.
import { type FileHandle, open } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOpusFile } from "../../src/audio/opus-file.ts";
import { packetsIn } from "../fakes/packets.ts";
import { seededRandom } from "../fakes/random.ts";
import { oggOpus } from "../sandbox/discord/ogg-writer.ts";
import { describeSound } from "../sandbox/discord/sound.ts";
import { ffmpeg, NEVER, removeFolder, temporaryFolder, write } from "./media.ts";
import { numberedPackets, oggSong, pageStarts } from "./ogg-pages.ts";

const HOUR_PACKETS = 180_000;
const LARGEST_READ_BYTES = 64 * 1024;

let folder: string;
/** An hour of 58 MB: loud and soft passages, pages of one second and a little. */
let hour: Buffer;
let file: FileHandle;

beforeAll(async () => {
  folder = await temporaryFolder();
  const random = seededRandom(3);
  const packets = numberedPackets(
    HOUR_PACKETS,
    (number) => 20 + Math.floor(random() * 600 * (1 + Math.sin(number / 3_000))),
  );
  hour = oggSong(packets, () => 100);
  file = await open(await write(folder, "hour.opus", hour));
});
afterAll(async () => {
  await file.close();
  await removeFolder(folder);
});

/** The number of the first packet, and what was read to find it. */
async function seek(startMs: number): Promise<{ number: number | string; reads: number; largest: number }> {
  const sizes: number[] = [];
  const watched = {
    stat: () => file.stat(),
    read: (buffer: Buffer, at: number, length: number, from: number) => {
      sizes.push(length);
      return file.read(buffer, at, length, from);
    },
  };
  const packets = await openOpusFile({ file: watched as unknown as FileHandle }, { startMs }, NEVER);
  await packets.ready(NEVER);
  const next = packets.next();
  await packets.close();
  const number = typeof next === "string" ? next : next.readUInt32LE(1);
  return { number, reads: sizes.length, largest: Math.max(...sizes) };
}

describe("a position in an hour", () => {
  it("is met to the packet, with few and small reads, wherever it is", async () => {
    const random = seededRandom(11);
    const edges = [0, 1, 19, 20, 21, 999, 1_000, 3_599_979, 3_599_980, 3_599_999];
    const anywhere = Array.from({ length: 400 }, () => Math.floor(random() * 3_600_000));
    for (const startMs of [...edges, ...anywhere]) {
      const { number, reads, largest } = await seek(startMs);
      expect(number, `at ${startMs} ms`).toBe(Math.floor(startMs / 20));
      expect(reads, `at ${startMs} ms`).toBeLessThanOrEqual(20);
      expect(largest).toBeLessThanOrEqual(LARGEST_READ_BYTES);
    }
  });

  it("at its end or behind it is the end", async () => {
    for (const startMs of [3_600_000, 3_600_020, 4_000_000, 10 ** 9])
      expect((await seek(startMs)).number).toBe("end");
  });

  it("goes on packet after packet from there", async () => {
    const packets = await packetsIn(path.join(folder, "hour.opus"), 3_500_000);
    expect(packets.map((packet) => packet.readUInt32LE(1))).toEqual(
      Array.from({ length: 5_000 }, (_none, index) => 175_000 + index),
    );
  });
});

it("is met among pages of all sizes and packets that go on over several", async () => {
  for (let seed = 1; seed <= 10; seed += 1) {
    const random = seededRandom(seed);
    const largest = [30, 800, 10_000][seed % 3] ?? 0;
    const packets = numberedPackets(3_000, () => Math.floor(random() * largest));
    const song = await write(
      folder,
      "any.opus",
      oggSong(packets, () => 1 + Math.floor(random() ** 3 * 255)),
    );
    for (let times = 0; times < 10; times += 1) {
      const number = Math.floor(random() * 3_000);
      const heard = await packetsIn(song, number * 20);
      expect(heard.length, `seed ${seed}, packet ${number}`).toBe(3_000 - number);
      expect(heard[0]).toEqual(packets[number]);
    }
  }
});

it("sounds like the song does at that position", async () => {
  const song = path.join(folder, "scale.opus");
  // 400 Hz in the first four seconds, 500 Hz in the next, and so on.
  const scale = "aevalsrc=0.3*sin((400+100*floor(t/4))*2*PI*t):d=24:s=48000";
  await ffmpeg("-f", "lavfi", "-i", scale, "-ac", "2", "-c:a", "libopus", "-b:a", "128k", song);
  for (const startMs of [1_000, 5_000, 13_000, 21_000]) {
    const heard = (await packetsIn(song, startMs)).slice(0, 50);
    const part = await write(folder, "part.opus", oggOpus(heard));
    const { dominantFrequencyHz } = await describeSound(part);
    expect(dominantFrequencyHz).toBeCloseTo(400 + 100 * Math.floor(startMs / 4_000), -1);
  }
});

async function seeking(content: Buffer): Promise<Buffer[]> {
  return packetsIn(await write(folder, "bad.opus", content), 1_800_000);
}

describe("a file that is not what it must be", () => {
  it("is refused with a code", async () => {
    const damagedHead = Buffer.from(hour);
    damagedHead[30] = 0;
    for (const content of [Buffer.alloc(200_000, "encore"), Buffer.alloc(200_000), damagedHead])
      await expect(seeking(content)).rejects.toMatchObject({ code: "AUDIO_INCOMPLETE" });
  });

  it("is refused where it is damaged, and plays in front of that", async () => {
    const damaged = Buffer.from(hour);
    const at = hour.length - 10_000;
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    await expect(seeking(damaged)).rejects.toMatchObject({ code: "AUDIO_INCOMPLETE" });
    const handle = await open(await write(folder, "bad.opus", damaged));
    const packets = await openOpusFile({ file: handle }, { startMs: 1_800_000 }, NEVER);
    await packets.ready(NEVER);
    expect(packets.next()).toBeInstanceOf(Buffer);
    await packets.close();
    await handle.close();
  });

  it("does not keep the search from ending, whatever its pages say", async () => {
    const random = seededRandom(5);
    const lying = Buffer.from(hour.subarray(0, 4_000_000));
    for (const start of pageStarts(lying).slice(2, -1))
      lying.writeBigInt64LE(BigInt(Math.floor(random() * 2 ** 40)), start + 6);
    await expect(seeking(lying)).rejects.toMatchObject({ code: "AUDIO_INCOMPLETE" });
  });
});
