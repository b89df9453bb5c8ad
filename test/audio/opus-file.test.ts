// The reader that plays, against files by the real encoder, files made page by page, and files that still grow.
import { createHash } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { type FileHandle, open, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { inspectOggOpus, packetSamples } from "../../src/audio/ogg-opus.ts";
import { openOpusFile } from "../../src/audio/opus-file.ts";
import type { OpusFile } from "../../src/audio/transcoder.ts";
import { AppError } from "../../src/core/errors.ts";
import type { OpusPackets } from "../../src/core/opus-packets.ts";
import { allOf, packetsIn } from "../fakes/packets.ts";
import { seededRandom } from "../fakes/random.ts";
import { ffmpeg, NEVER, removeFolder, signal, temporaryFolder, TONES, write } from "./media.ts";
import { HEAD, header, numberedPackets, oggSong, packet, page, pageStarts, TAGS } from "./ogg-pages.ts";

const FROM_START = { startMs: 0 };
let folder: string;
let real: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  real = path.join(folder, "real.opus");
  await ffmpeg(...signal(TONES, 30), "-c:a", "libopus", "-b:a", "128k", real);
});
afterAll(() => removeFolder(folder));

async function opened(file: string): Promise<FileHandle> {
  const handle = await open(file, "r+");
  onTestFinished(() => handle.close());
  return handle;
}

async function fileWith(content: Buffer): Promise<OpusFile> {
  return { file: await opened(await write(folder, "x.opus", content)) };
}

describe("the packets of a file", () => {
  it("are the same as another demuxer finds in it", async () => {
    // ffmpeg writes each packet as a line: its time, its length, its hash.
    const list = path.join(folder, "packets.txt");
    await ffmpeg("-i", real, "-c", "copy", "-f", "framehash", "-hash", "md5", list);
    const expected = (await readFile(list, "utf8"))
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => line.split(",").at(5)?.trim());
    const packets = await packetsIn(real);
    expect(packets.map((p) => createHash("md5").update(p).digest("hex"))).toEqual(expected);
    expect(packets.every((p) => packetSamples(p) === 960)).toBe(true);
  });

  it("are all there, whatever the pages, also the largest and those across the edges of what is read", async () => {
    for (let seed = 1; seed <= 12; seed += 1) {
      const random = seededRandom(seed);
      const largest = [40, 700, 10_000][seed % 3] ?? 0;
      const packets = numberedPackets(600, () => Math.floor(random() * largest));
      const file = await fileWith(
        oggSong(packets, () => (seed % 4 === 0 ? 255 : 1 + Math.floor(random() * 255))),
      );
      const heard = await allOf(await openOpusFile(file, FROM_START, NEVER));
      expect(Buffer.concat(heard).equals(Buffer.concat(packets)), `seed ${seed}`).toBe(true);
    }
  });

  it("may go on over pages and be as long as they like", async () => {
    const long = packet(600, 2);
    const content = Buffer.concat([
      header(0, HEAD),
      header(1, TAGS),
      page({ flags: 0, granule: -1, sequence: 2, lacing: [255], body: long.subarray(0, 255) }),
      page({ flags: 1, granule: 960, sequence: 3, lacing: [255, 90], body: long.subarray(255) }),
      // 255 bytes exactly: a segment of nothing ends it.
      page({
        flags: 4,
        granule: 2880,
        sequence: 4,
        lacing: [255, 0, 30],
        body: Buffer.concat([packet(255), packet(30)]),
      }),
    ]);
    const file = await write(folder, "continued.opus", content);
    expect(await packetsIn(file)).toEqual([long, packet(255), packet(30)]);
    expect(await inspectOggOpus(file, NEVER)).toMatchObject({ packets: 3, durationMs: 54 });
  });

  it("are there without waiting for the next two seconds, by reads of 32 KiB, each byte once", async () => {
    const handle = await opened(real);
    const reads: [from: number, length: number][] = [];
    const watched = {
      read: (buffer: Buffer, at: number, length: number, from: number) => {
        reads.push([from, length]);
        return handle.read(buffer, at, length, from);
      },
    };
    const packets = await openOpusFile({ file: watched as unknown as FileHandle }, FROM_START, NEVER);
    await packets.ready(NEVER);
    const first = Array.from({ length: 100 }, () => packets.next());
    expect(first.filter((next) => typeof next === "string")).toEqual([]);
    await allOf(packets);
    const starts = reads.map(([from]) => from);
    expect(starts).toEqual([0, ...reads.map(([from, length]) => from + length)].slice(0, -1));
    expect(Math.max(...reads.map(([, length]) => length))).toBe(32_768);
  });

  it.each([1_275, 800, 250])(
    "of %i bytes never keep a listener waiting, however large the pages",
    async (bytes) => {
      const packets = numberedPackets(1_000, () => bytes);
      const { file: handle } = await fileWith(oggSong(packets, () => 255));
      let reading: Promise<unknown> = Promise.resolve();
      const watched = {
        read: (...args: [Buffer, number, number, number]) => (reading = handle.read(...args)),
      };
      const reader = await openOpusFile({ file: watched as unknown as FileHandle }, FROM_START, NEVER);
      await reader.ready(NEVER);
      for (const given of packets) {
        expect(given.equals(reader.next() as Buffer)).toBe(true);
        // Between two frames is time for one read.
        await reading;
        await setImmediate();
      }
      await reader.close();
    },
  );

  it("can be read by several at once, and the handle stays open where it was", async () => {
    const handle = await opened(real);
    const readers = [0, 1, 2].map(async () => allOf(await openOpusFile({ file: handle }, FROM_START, NEVER)));
    const [first, ...others] = await Promise.all(readers);
    expect(first).toHaveLength(1_501);
    for (const other of others) expect(other).toEqual(first);
    expect((await handle.read(Buffer.alloc(4))).buffer.toString()).toBe("OggS");
  });
});

/** What could be taken, and what was thrown behind it. */
async function untilFailure(packets: OpusPackets): Promise<{ heard: Buffer[]; failure: unknown }> {
  const heard: Buffer[] = [];
  try {
    for (let next = packets.next(); next !== "end"; next = packets.next()) {
      if (next === "later") await packets.ready(NEVER);
      else heard.push(Buffer.from(next));
    }
    return { heard, failure: undefined };
  } catch (failure) {
    return { heard, failure };
  }
}

describe("a file that is not what it must be", () => {
  it("plays up to the damaged page, and not one packet of it", async () => {
    const bytes = await readFile(real);
    const whole = await packetsIn(real);
    const starts = pageStarts(bytes);
    for (const number of [5, 17, starts.length - 1]) {
      const damaged = Buffer.from(bytes);
      const at = (starts[number] ?? 0) + 500;
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      const packets = await openOpusFile(await fileWith(damaged), FROM_START, NEVER);
      const { heard, failure } = await untilFailure(packets);
      expect(failure).toMatchObject({ code: "AUDIO_INCOMPLETE" });
      // It says the same again, and being ready is no lie.
      await packets.ready(NEVER);
      expect(() => packets.next()).toThrow(AppError);
      await packets.close();
      expect(heard).toEqual(whole.slice(0, heard.length));
      expect(heard.length).toBeGreaterThan(40 * (number - 2));
      expect(heard.length).toBeLessThan(52 * (number - 1));
    }
  });

  it.each([
    ["is empty", () => Buffer.alloc(0)],
    ["is no Ogg", () => Buffer.alloc(100_000, "encore")],
    [
      "holds something else",
      () => page({ flags: 2, granule: 0, sequence: 0, lacing: [7], body: Buffer.from("\x01vorbis") }),
    ],
    ["is cut inside a page", (bytes: Buffer) => bytes.subarray(0, -1)],
    ["is cut between pages", (bytes: Buffer) => bytes.subarray(0, pageStarts(bytes).at(-1))],
    [
      "lacks a page",
      (bytes: Buffer) =>
        Buffer.concat([bytes.subarray(0, pageStarts(bytes)[9]), bytes.subarray(pageStarts(bytes)[10])]),
    ],
    [
      "leaves out the rest of a packet",
      () =>
        Buffer.concat([
          header(0, HEAD),
          header(1, TAGS),
          page({ flags: 0, granule: -1, sequence: 2, lacing: [255], body: packet(255) }),
          page({ flags: 4, granule: 960, sequence: 3, lacing: [30], body: packet(30) }),
        ]),
    ],
  ])("%s: that is said with a code", async (_name, make) => {
    const file = await fileWith(make(await readFile(real)));
    const reading = openOpusFile(file, FROM_START, NEVER).then(allOf);
    await expect(reading).rejects.toMatchObject({ code: "AUDIO_INCOMPLETE" });
  });

  it("cannot be read at all: that is said with a code, too", async () => {
    const handle = await open(real);
    await handle.close();
    const packets = await openOpusFile({ file: handle }, FROM_START, NEVER);
    await packets.ready(NEVER);
    expect(() => packets.next()).toThrow(AppError);
    await packets.close();
  });
});

/** A file that is written piece by piece, and the reader's way to hear of it. */
class Tape {
  readonly events = new EventEmitter();
  readonly handle: FileHandle;
  bytes = 0;
  asked = 0;
  isDone = false;
  failure: AppError | undefined;

  constructor(handle: FileHandle) {
    this.handle = handle;
  }

  get source(): OpusFile {
    return {
      file: this.handle,
      grown: async (bytes, ended) => {
        this.asked += 1;
        while (this.bytes <= bytes) {
          if (this.failure) throw this.failure;
          if (this.isDone) return false;
          await once(this.events, "news", { signal: ended });
        }
        return true;
      },
    };
  }

  async write(piece: Buffer): Promise<void> {
    await this.handle.write(piece, 0, piece.length, this.bytes);
    this.bytes += piece.length;
    this.events.emit("news");
  }

  end(failure?: AppError): void {
    this.isDone = true;
    this.failure = failure;
    this.events.emit("news");
  }
}

async function tape(): Promise<Tape> {
  const file = path.join(folder, "tape.opus");
  await writeFile(file, "");
  return new Tape(await opened(file));
}

describe("a file that still grows", () => {
  it("is followed to its end, in whatever pieces it is written", async () => {
    const bytes = await readFile(real);
    const growing = await tape();
    const heard = openOpusFile(growing.source, FROM_START, NEVER).then(allOf);
    const random = seededRandom(7);
    for (let at = 0; at < bytes.length;) {
      const length = Math.ceil(random() * 20_000);
      await growing.write(bytes.subarray(at, at + length));
      at += length;
    }
    growing.end();
    expect(await heard).toEqual(await packetsIn(real));
    expect(growing.asked).toBeGreaterThan(0);
  });

  it("is ready with half a second of it, so that a slow one does not stutter, or with its end", async () => {
    const packets = numberedPackets(60, () => 100);
    const bytes = oggSong(packets, () => 1);
    const [, , ...starts] = pageStarts(bytes);
    const growing = await tape();
    const reader = await openOpusFile(growing.source, FROM_START, NEVER);
    await growing.write(bytes.subarray(0, starts[20]));
    let isReady = false;
    const waiting = reader.ready(NEVER).then(() => (isReady = true));
    await expect.poll(() => growing.asked).toBe(2);
    expect(isReady).toBe(false);
    await growing.write(bytes.subarray(starts[20], starts[50]));
    await waiting;
    for (let number = 0; number < 50; number += 1) expect(reader.next()).toEqual(packets[number]);
    expect(reader.next()).toBe("later");
    await growing.write(bytes.subarray(starts[50]));
    expect(await allOf(reader)).toEqual(packets.slice(50));
  });

  it("that is never finished ends with the reason, behind what is whole", async () => {
    const bytes = await readFile(real);
    const growing = await tape();
    await growing.write(bytes.subarray(0, pageStarts(bytes)[4]));
    growing.end(new AppError("DOWNLOAD_INCOMPLETE"));
    const reader = await openOpusFile(growing.source, FROM_START, NEVER);
    const { heard, failure } = await untilFailure(reader);
    expect(failure).toMatchObject({ code: "DOWNLOAD_INCOMPLETE" });
    expect(heard.length).toBeGreaterThan(40);
    await reader.close();
  });

  it("is waited for only as long as somebody listens", async () => {
    const growing = await tape();
    const reader = await openOpusFile(growing.source, FROM_START, NEVER);
    await expect(reader.ready(AbortSignal.abort())).rejects.toMatchObject({ code: "ABORTED" });
    const impatient = new AbortController();
    const waiting = reader.ready(impatient.signal);
    impatient.abort();
    await expect(waiting).rejects.toMatchObject({ code: "ABORTED" });
    expect(reader.next()).toBe("later");
    const still = reader.ready(NEVER);
    await reader.close();
    await still;
    await reader.close();
    expect(reader.next()).toBe("end");
  });
});
