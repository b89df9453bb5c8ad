// The reader of kept files, against files by the real encoder and against pages built byte by byte.
import { createHash } from "node:crypto";
import { open, readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inspectOggOpus } from "../../src/audio/ogg-opus.ts";
import { oggEnding } from "../../src/audio/ogg-page.ts";
import { ffmpeg, NEVER, removeFolder, signal, temporaryFolder, TONES, write } from "./media.ts";
import { HEAD, header, packet, page, pageStarts, TAGS } from "./ogg-pages.ts";

let folder: string;
let real: string;
let bytes: Buffer;

beforeAll(async () => {
  folder = await temporaryFolder();
  real = path.join(folder, "real.opus");
  await ffmpeg(
    ...signal(TONES, 5),
    "-metadata",
    "TITLE=Gr\u00fc\u00dfe = \ud83c\udfb5",
    "-c:a",
    "libopus",
    real,
  );
  bytes = await readFile(real);
});
afterAll(() => removeFolder(folder));

async function inspected(content: Buffer): Promise<Awaited<ReturnType<typeof inspectOggOpus>>> {
  return inspectOggOpus(await write(folder, "x.opus", content), NEVER);
}

/** The end of a stream: one packet of 20 ms, or what claims to be one. */
const lastPage = (sequence: number, only: Buffer): Buffer =>
  page({ flags: 4, granule: 960, sequence, lacing: [only.length], body: only });
const twoPackets = (granule: number): Buffer =>
  page({ flags: 4, granule, sequence: 2, lacing: [50, 50], body: Buffer.concat([packet(50), packet(50)]) });
const fileOf = (head: Buffer, ...rest: readonly Buffer[]): Buffer =>
  Buffer.concat([header(0, head), header(1, TAGS), ...rest]);

describe("facts about a file", () => {
  it("are read from its packets", async () => {
    const facts = await inspectOggOpus(real, NEVER);
    expect(facts).toEqual({
      bytes: bytes.length,
      sha256: createHash("sha256").update(bytes).digest("hex"),
      durationMs: 5_000,
      packets: 251,
      channels: 2,
      tags: { ENCODER: expect.stringContaining("libopus"), TITLE: "Grüße = 🎵" },
    });
  });

  it("are refused where the file ends too early, wherever that is", async () => {
    const cuts = [
      0,
      1,
      26,
      27,
      ...pageStarts(bytes),
      ...pageStarts(bytes).map((at) => at + 100),
      bytes.length - 1,
    ];
    for (const cut of cuts) {
      await expect(inspected(bytes.subarray(0, cut)), `cut at ${cut}`).rejects.toMatchObject({
        code: "AUDIO_INCOMPLETE",
      });
    }
  });

  it("are refused after any single flipped bit", async () => {
    for (let at = 0; at < bytes.length; at += 977) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      await expect(inspected(flipped), `bit at ${at}`).rejects.toMatchObject({ code: "AUDIO_INCOMPLETE" });
    }
  });

  it("are refused when a page is missing, repeated, exchanged, or follows the end", async () => {
    const starts = pageStarts(bytes);
    const pages = starts.map((at, index) => bytes.subarray(at, starts[index + 1]));
    const order = (...indexes: number[]): Buffer =>
      Buffer.concat(indexes.map((index) => pages[index] ?? bytes));
    const all = pages.map((_page, index) => index);
    await expect(inspected(order(...all))).resolves.toMatchObject({ packets: 251 });
    for (const wrong of [all.toSpliced(3, 1), all.toSpliced(3, 0, 3), all.toSpliced(3, 2, 4, 3), [...all, 0]])
      await expect(inspected(order(...wrong))).rejects.toMatchObject({ code: "AUDIO_INCOMPLETE" });
    await expect(inspected(Buffer.concat([bytes, Buffer.from("ID3")]))).rejects.toMatchObject({
      code: "AUDIO_INCOMPLETE",
    });
  });

  it.each([
    ["mono", ["-ac", "1", "-c:a", "libopus"]],
    ["packets of 60 ms", ["-c:a", "libopus", "-frame_duration", "60"]],
    ["packets of 10 ms", ["-c:a", "libopus", "-frame_duration", "10"]],
    ["Vorbis", ["-c:a", "libvorbis"]],
    ["FLAC", ["-c:a", "flac"]],
  ])("are refused for %s", async (_name, args) => {
    const file = path.join(folder, "other.ogg");
    await ffmpeg(...signal(TONES, 1), ...args, file);
    await expect(inspectOggOpus(file, NEVER)).rejects.toMatchObject({ code: "AUDIO_INCOMPLETE" });
  });

  it("are refused for a header with an output gain, for a gap and for an empty stream", async () => {
    await expect(inspected(fileOf(HEAD, twoPackets(1920)))).resolves.toMatchObject({
      packets: 2,
      durationMs: 34,
    });
    const loud = Buffer.from(HEAD);
    loud.writeInt16LE(256, 16);
    const empty = page({ flags: 4, granule: 0, sequence: 2, lacing: [], body: Buffer.alloc(0) });
    for (const wrong of [
      fileOf(loud, twoPackets(1920)),
      fileOf(HEAD, twoPackets(2880)),
      fileOf(HEAD, twoPackets(900)),
      fileOf(HEAD, empty),
    ])
      await expect(inspected(wrong)).rejects.toMatchObject({ code: "AUDIO_INCOMPLETE" });
  });

  it("are refused for each fault on its own, though everything else fits", async () => {
    await expect(inspected(fileOf(HEAD, lastPage(2, packet(50))))).resolves.toMatchObject({ packets: 1 });
    // Configuration 30 is a frame of 10 ms.
    const short = Buffer.concat([Buffer.from([0xf4]), Buffer.alloc(49)]);
    for (const wrong of [lastPage(3, packet(50)), lastPage(2, short), lastPage(2, Buffer.alloc(0))])
      await expect(inspected(fileOf(HEAD, wrong))).rejects.toMatchObject({ code: "AUDIO_INCOMPLETE" });
  });

  it("stop being read when the caller gives up", async () => {
    await expect(inspectOggOpus(real, AbortSignal.abort())).rejects.toMatchObject({ code: "ABORTED" });
  });
});

describe("how an Ogg file ends", () => {
  it("is told from its last page, whatever the codec", async () => {
    const file = path.join(folder, "v.ogg");
    await ffmpeg(...signal(TONES, 3), "-c:a", "libvorbis", file);
    const vorbis = await readFile(file);
    const last = pageStarts(vorbis).at(-1) ?? 0;
    const endingOf = async (content: Buffer): Promise<string> => {
      const handle = await open(await write(folder, "e.ogg", content));
      const ending = await oggEnding(handle, content.length);
      await handle.close();
      return ending;
    };
    expect(await endingOf(vorbis)).toBe("whole");
    expect(await endingOf(Buffer.concat([vorbis, Buffer.from("TAG some ID3v1")]))).toBe("whole");
    expect(await endingOf(vorbis.subarray(0, last))).toBe("open");
    expect(await endingOf(vorbis.subarray(0, -1))).toBe("cut");
    expect(await endingOf(vorbis.subarray(0, last + 10))).toBe("cut");
    expect(await endingOf(Buffer.alloc(0))).toBe("cut");
  });
});
