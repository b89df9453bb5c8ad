// What a file is, from its bytes alone.
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sniff } from "../../src/audio/sniff.ts";
import { ffmpeg, removeFolder, signal, temporaryFolder, TONES, write } from "./media.ts";

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => removeFolder(folder));

/** ID3v2.4 tag with one frame of so many bytes, and padding. */
function id3(frameBytes: number, paddingBytes = 0): Buffer {
  const size = 10 + frameBytes + paddingBytes;
  const sevenBits = [21, 14, 7, 0].map((shift) => (size >> shift) & 0x7f);
  const frame = Buffer.concat([Buffer.from("PRIV\0\0\0\0\0\0", "latin1"), Buffer.alloc(frameBytes, "x")]);
  return Buffer.concat([
    Buffer.from([0x49, 0x44, 0x33, 4, 0, 0, ...sevenBits]),
    frame,
    Buffer.alloc(paddingBytes),
  ]);
}

describe("audio files", () => {
  const REAL: readonly (readonly [string, string, readonly string[]])[] = [
    ["opus.webm", "matroska", ["-c:a", "libopus"]],
    ["vorbis.mkv", "matroska", ["-c:a", "libvorbis"]],
    ["aac.m4a", "mov", ["-c:a", "aac"]],
    ["fragments.mp4", "mov", ["-c:a", "aac", "-movflags", "+frag_keyframe+empty_moov"]],
    ["opus.ogg", "ogg", ["-c:a", "libopus"]],
    ["cbr.mp3", "mp3", ["-c:a", "libmp3lame", "-b:a", "128k"]],
    ["untagged.mp3", "mp3", ["-c:a", "libmp3lame", "-q:a", "5", "-id3v2_version", "0", "-write_xing", "0"]],
    ["low.mp3", "mp3", ["-c:a", "libmp3lame", "-ar", "22050", "-b:a", "32k"]],
    ["lowest.mp3", "mp3", ["-c:a", "libmp3lame", "-ar", "8000", "-b:a", "16k"]],
    ["raw.aac", "aac", ["-c:a", "aac"]],
    ["lossless.flac", "flac", ["-c:a", "flac"]],
    ["plain.wav", "wav", []],
  ];

  it.each(REAL)("knows %s as %s", async (name, demuxer, args) => {
    const file = path.join(folder, name);
    await ffmpeg(...signal(TONES, 1), ...args, file);
    expect(await sniff(file)).toBe(demuxer);
    // A name says nothing.
    expect(await sniff(await write(folder, "song.html", await readFile(file)))).toBe(demuxer);
  });

  it("looks behind an ID3 tag, however large, and its padding", async () => {
    const args = ["-c:a", "libmp3lame", "-id3v2_version", "0"];
    await ffmpeg(...signal(TONES, 1), ...args, path.join(folder, "bare.mp3"));
    const mp3 = await readFile(path.join(folder, "bare.mp3"));
    expect(await sniff(await write(folder, "a", Buffer.concat([id3(300_000, 2_000), mp3])))).toBe("mp3");
    await ffmpeg(...signal(TONES, 1), path.join(folder, "bare.flac"));
    const flac = await readFile(path.join(folder, "bare.flac"));
    expect(await sniff(await write(folder, "b", Buffer.concat([id3(100), flac])))).toBe("flac");
    expect(await sniff(await write(folder, "c", Buffer.concat([id3(100), Buffer.from("#EXTM3U")])))).toBe(
      undefined,
    );
  });
});

describe("everything else", () => {
  const list = "#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:10,\nhttp://127.0.0.1:1/secret\n#EXT-X-ENDLIST\n";
  const ebml = Buffer.from([0x1a, 0x45, 0xdf, 0xa3]);
  const others: readonly (readonly [string, string | Buffer])[] = [
    ["an empty file", ""],
    ["one byte", "R"],
    ["an HLS list", list],
    ["an HLS list behind a byte order mark", `\ufeff${list}`],
    ["an HLS list behind blanks", ` \n${list}`],
    ["an ffconcat list", "ffconcat version 1.0\nfile '/etc/passwd'\n"],
    ["a concat script", "file '/etc/passwd'\nfile 'http://127.0.0.1/x'\n"],
    ["a DASH manifest", '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"></MPD>'],
    ["an SDP description", "v=0\no=- 0 0 IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n"],
    ["a PLS list", "[playlist]\nFile1=http://127.0.0.1/\n"],
    ["an M3U list", "http://127.0.0.1/a.mp3\n"],
    ["ffmetadata", ";FFMETADATA1\ntitle=x\n"],
    ["a web page", "<!doctype html><html><body>Sign in to confirm you are not a bot</body></html>"],
    ["JSON", '{"error":{"code":403,"message":"ftyp"}}'],
    ["UTF-16 text", Buffer.from("\ufeff#EXTM3U\n", "utf16le")],
    ["a picture", Buffer.from("89504e470d0a1a0a0000000d49484452", "hex")],
    [
      "a JPEG",
      Buffer.concat([Buffer.from("ffd8ffe000104a46494600010100", "hex"), Buffer.alloc(5_000, 0xff)]),
    ],
    ["a zip archive", Buffer.from("504b0304140000000800", "hex")],
    ["an AVI film", Buffer.from("RIFF\0\0\0\0AVI LIST", "latin1")],
    ["other EBML", Buffer.concat([ebml, Buffer.from("\x9fB\x82\x84draw", "latin1")])],
    ["set bits", Buffer.alloc(20_000, 0xff)],
    [
      "one MP3 header without a second frame",
      Buffer.concat([Buffer.from("fffb9000", "hex"), Buffer.alloc(4_000)]),
    ],
    [
      "one ADTS header without a second frame",
      Buffer.concat([Buffer.from("fff15080041ffc", "hex"), Buffer.alloc(4_000)]),
    ],
  ];

  it.each(others)("is not audio: %s", async (_name, content) => {
    expect(await sniff(await write(folder, "x.webm", content))).toBeUndefined();
  });

  it("is not audio: noise, whatever its first byte", async () => {
    const noise = randomBytes(16_384);
    for (let first = 0; first < 256; first += 1) {
      noise[0] = first;
      noise[1] = 0xfb;
      expect(await sniff(await write(folder, "noise", noise))).toBeUndefined();
    }
  });
});
