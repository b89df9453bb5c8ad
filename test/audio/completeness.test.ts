// Half songs, damaged songs and things that are no songs: none may become a kept file.
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkResult, checkSource } from "../../src/audio/completeness.ts";
import type { SourceEvidence } from "../../src/audio/completeness.ts";
import {
  ffmpeg,
  NEVER,
  removeFolder,
  request,
  signal,
  temporaryFolder,
  TONES,
  transcoder,
  write,
} from "./media.ts";
import { seededRandom } from "../fakes/random.ts";

function sameNoise(bytes: number): Buffer {
  const random = seededRandom(1);
  return Buffer.from(Array.from({ length: bytes }, () => Math.floor(random() * 256)));
}

const subject = transcoder();
let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => removeFolder(folder));

/** The code of the refusal, or `accepted`; whatever is refused leaves nothing behind. */
async function verdict(content: Buffer | string, expectedDurationMs: number | null): Promise<unknown> {
  const fromPath = await write(folder, "download.src", content);
  const asked = request(folder, fromPath, { expectedDurationMs });
  await rm(asked.toPath, { force: true });
  const code = await subject.normalize(asked, NEVER).then(
    () => "accepted",
    (error: unknown) => (error as { code?: unknown }).code,
  );
  expect((await readdir(folder)).includes(path.basename(asked.toPath))).toBe(code === "accepted");
  return code;
}

async function made(name: string, ...args: readonly string[]): Promise<Buffer> {
  const file = path.join(folder, name);
  await ffmpeg(...signal(TONES, 8), ...args, file);
  return readFile(file);
}

const KINDS: readonly (readonly [string, readonly string[]])[] = [
  ["opus.webm", ["-c:a", "libopus"]],
  ["live.webm", ["-c:a", "libopus", "-live", "1"]],
  ["end.m4a", ["-c:a", "aac"]],
  ["front.m4a", ["-c:a", "aac", "-movflags", "+faststart"]],
  ["fragments.m4a", ["-c:a", "aac", "-movflags", "+frag_keyframe+empty_moov", "-frag_duration", "2000000"]],
  ["tagged.mp3", ["-c:a", "libmp3lame", "-b:a", "128k"]],
  ["vbr.mp3", ["-c:a", "libmp3lame", "-q:a", "4"]],
  ["opus.ogg", ["-c:a", "libopus"]],
  ["vorbis.ogg", ["-c:a", "libvorbis"]],
  ["pcm.flac", ["-c:a", "flac"]],
  ["pcm.wav", []],
];

describe.each(KINDS)("%s", (name, args) => {
  let whole: Buffer;
  beforeAll(async () => {
    whole = await made(name, ...args);
  });

  it("is accepted whole, with and without an announced length", async () => {
    expect(await verdict(whole, null)).toBe("accepted");
    // Sources round.
    expect(await verdict(whole, 9_000)).toBe("accepted");
  });

  it.each([0.03, 0.4, 0.75])("is refused when only %s of it arrived", async (share) => {
    const cut = whole.subarray(0, Math.floor(whole.length * share));
    expect(await verdict(cut, 8_000)).toBe("AUDIO_INCOMPLETE");
    expect(await verdict(cut, null)).toBe("AUDIO_INCOMPLETE");
  });

  it("is refused when another song was announced", async () => {
    expect(await verdict(whole, 12_000)).toBe("AUDIO_INCOMPLETE");
  });

  it("is refused when noise follows its first kilobyte", async () => {
    const start = whole.subarray(0, 1_000);
    // Without a length some noise passes for the end of a live stream, so this one is always the same.
    expect(await verdict(Buffer.concat([start, sameNoise(150_000)]), null)).toBe("AUDIO_INCOMPLETE");
    expect(await verdict(Buffer.concat([start, randomBytes(150_000)]), 8_000)).toBe("AUDIO_INCOMPLETE");
  });
});

describe("damage in the middle", () => {
  it.each(["opus.webm", "front.m4a", "tagged.mp3", "opus.ogg"])("is found in %s", async (name) => {
    const whole = await made(name, ...(KINDS.find(([kind]) => kind === name)?.[1] ?? []));
    const at = Math.floor(whole.length * 0.3);
    const length = Math.floor(whole.length * 0.4);
    const damaged = Buffer.concat([whole.subarray(0, at), randomBytes(length), whole.subarray(at + length)]);
    expect(await verdict(damaged, 8_000)).toBe("AUDIO_INCOMPLETE");
    expect(await verdict(damaged, null)).toBe("AUDIO_INCOMPLETE");
  });
});

describe("what is no audio", () => {
  it.each([
    ["an empty file", ""],
    ["a web page", "<!doctype html><title>Sign in to confirm you are not a bot</title>"],
    ["JSON", '{"error":"rate limited"}'],
  ])("is refused as such: %s", async (_name, content) => {
    expect(await verdict(content, null)).toBe("NOT_AUDIO");
    expect(await verdict(content, 8_000)).toBe("NOT_AUDIO");
  });

  it("is a film without sound", async () => {
    const file = path.join(folder, "mute.mp4");
    await ffmpeg("-f", "lavfi", "-i", "testsrc=d=1:s=64x64", "-c:v", "mpeg4", file);
    expect(await verdict(await readFile(file), null)).toBe("NOT_AUDIO");
  });

  it("is a list that names other files or hosts, and nothing it names is opened", async () => {
    let requests = 0;
    const server = createServer((_request, response) => {
      requests += 1;
      response.end();
    });
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const song = path.join(folder, "song.webm");
    await ffmpeg(...signal(TONES, 1), "-c:a", "libopus", song);
    const head = (await readFile(song)).subarray(0, 300);
    const lists = [
      `#EXTM3U\n#EXTINF:10,\n${url}/a.ts\n#EXT-X-ENDLIST\n`,
      `ffconcat version 1.0\nfile '${song}'\n`,
      `ffconcat version 1.0\nfile ${url}/x\n`,
      `<?xml version="1.0"?><MPD><BaseURL>${url}/</BaseURL></MPD>`,
      `${url}/song.mp3\n`,
    ];
    for (const list of lists) {
      expect(await verdict(list, null)).toBe("NOT_AUDIO");
      // And behind a real header, where ffmpeg itself has to cope with it.
      expect(await verdict(Buffer.concat([head, Buffer.from(list.repeat(50))]), null)).toBe(
        "AUDIO_INCOMPLETE",
      );
    }
    server.close();
    expect(requests).toBe(0);
  });
});

describe("the rules", () => {
  const source = { decodedMs: 200_000, promisedMs: null, decodeErrors: 0 };
  const sound = { isTorn: false, isOpenEnded: false, isMalformed: false };
  const accepts = (more: Partial<SourceEvidence>, expectedMs: number | null): boolean => {
    try {
      checkSource({ ...source, ...sound, ...more }, expectedMs);
      return true;
    } catch (error) {
      expect(error).toMatchObject({ code: "AUDIO_INCOMPLETE" });
      return false;
    }
  };

  it("allow 1.5 s or 1 % less than announced, whichever is more, and any more", () => {
    expect(accepts({ decodedMs: 98_500 }, 100_000)).toBe(true);
    expect(accepts({ decodedMs: 98_499 }, 100_000)).toBe(false);
    expect(accepts({ decodedMs: 990_000 }, 1_000_000)).toBe(true);
    expect(accepts({ decodedMs: 989_999 }, 1_000_000)).toBe(false);
    expect(accepts({ decodedMs: 190_000 }, 100_000)).toBe(true);
  });

  it("believe samples and not headers once a length is announced", () => {
    expect(accepts({ promisedMs: 400_000 }, 200_000)).toBe(true);
    expect(accepts({ promisedMs: 400_000 }, null)).toBe(false);
    expect(accepts({ promisedMs: 100_000 }, null)).toBe(true);
    expect(accepts({ isOpenEnded: true }, 200_000)).toBe(true);
    expect(accepts({ isOpenEnded: true }, null)).toBe(false);
    expect(accepts({ isMalformed: true }, 200_000)).toBe(true);
    expect(accepts({ isMalformed: true }, null)).toBe(false);
  });

  it("refuse torn files, and more decoding errors than tags cause, in any case", () => {
    expect(accepts({ isTorn: true }, 200_000)).toBe(false);
    expect(accepts({ decodeErrors: 100 }, 200_000)).toBe(true);
    expect(accepts({ decodeErrors: 101 }, 200_000)).toBe(false);
    expect(accepts({ decodedMs: 1_000, decodeErrors: 20 }, null)).toBe(true);
    expect(accepts({ decodedMs: 1_000, decodeErrors: 21 }, null)).toBe(false);
    expect(accepts({ decodedMs: 0 }, null)).toBe(false);
  });

  it("want the encoder to give back what it was given", () => {
    expect(() => checkResult(8_100, 8_000)).not.toThrow();
    expect(() => checkResult(7_899, 8_000)).toThrow(expect.objectContaining({ code: "TRANSCODE_FAILED" }));
    expect(() => checkResult(8_101, 8_000)).toThrow(expect.objectContaining({ code: "TRANSCODE_FAILED" }));
  });
});
