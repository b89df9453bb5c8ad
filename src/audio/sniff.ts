// Tells audio containers apart by their first bytes, never by a name or by what a server said.
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";

/** ffmpeg's names for the demuxers we let it use; one of them is always forced upon it. */
export type Demuxer = "matroska" | "mov" | "ogg" | "mp3" | "aac" | "flac" | "wav";

/** A live stream may come as an MPEG transport stream, too. */
export type LiveDemuxer = Demuxer | "mpegts";

const HEAD_BYTES = 16 * 1024;
const ID3_HEADER_BYTES = 10;

/**
 * The container a file is in; `undefined` = none of ours, be it a web page, a playlist (which would make ffmpeg open
 * what it names), an image or noise.
 */
export async function sniff(path: string): Promise<Demuxer | undefined> {
  const file = await open(path, "r");
  try {
    return await sniffBy((position) => readAt(file, position));
  } finally {
    await file.close();
  }
}

/** The same for whatever can be read at a position: at least 4 KiB each time, where there are so many. */
export async function sniffBy(read: (position: number) => Promise<Buffer>): Promise<Demuxer | undefined> {
  const head = await read(0);
  const tagBytes = id3Bytes(head);
  return tagBytes === 0 ? sniffBytes(head) : sniffFrames(skipZeros(await read(tagBytes)));
}

async function readAt(file: FileHandle, position: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, position);
  return buffer.subarray(0, bytesRead);
}

/** The same for what begins with these bytes and has no ID3 tag. */
export function sniffBytes(head: Buffer): Demuxer | undefined {
  const at = (from: number, to: number): string => head.toString("latin1", from, to);
  if (at(0, 4) === "\x1aE\xdf\xa3") return /webm|matroska/u.test(at(4, 64)) ? "matroska" : undefined;
  if (at(4, 8) === "ftyp") return "mov";
  if (at(0, 5) === "OggS\0") return "ogg";
  if (at(0, 4) === "RIFF" && at(8, 12) === "WAVE") return "wav";
  return sniffFrames(head);
}

/** What may follow an ID3v2 tag. */
export function sniffFrames(head: Buffer): Demuxer | undefined {
  if (head.toString("latin1", 0, 4) === "fLaC") return "flac";
  if (isFollowed(head, mp3FrameBytes)) return "mp3";
  if (isFollowed(head, adtsFrameBytes)) return "aac";
  return undefined;
}

/** Length of an ID3v2 tag with its header, seven bits a byte (id3.org, ID3v2.4 §3.1); 0 = there is none. */
export function id3Bytes(head: Buffer): number {
  if (head.toString("latin1", 0, 3) !== "ID3" || head.length < ID3_HEADER_BYTES) return 0;
  const size = head.subarray(6, ID3_HEADER_BYTES);
  return ID3_HEADER_BYTES + size.reduce((sum, byte) => (sum << 7) | (byte & 0x7f), 0);
}

function skipZeros(buffer: Buffer): Buffer {
  const start = buffer.findIndex((byte) => byte !== 0);
  return buffer.subarray(Math.max(start, 0));
}

/** Eleven set bits stand in many files; a second frame exactly where the first one ends does not. */
function isFollowed(head: Buffer, frameBytes: (head: Buffer) => number): boolean {
  const first = frameBytes(head);
  return first > 0 && frameBytes(head.subarray(first)) > 0;
}

const MPEG1_KBPS = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const MPEG2_KBPS = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
/** By the version bits of a frame; 1 is reserved. The rates are 44.1, 48 and 32 kHz and their halves. */
const MPEG_VERSIONS = [
  { kbps: MPEG2_KBPS, rates: [11_025, 12_000, 8_000], samples: 576 },
  undefined,
  { kbps: MPEG2_KBPS, rates: [22_050, 24_000, 16_000], samples: 576 },
  { kbps: MPEG1_KBPS, rates: [44_100, 48_000, 32_000], samples: 1152 },
];

/** Length of the MPEG audio layer III frame at the start (ISO/IEC 11172-3 §2.4.1.3); 0 = there is none. */
function mp3FrameBytes(head: Buffer): number {
  if (head.length < 4) return 0;
  const header = head.readUInt32BE(0);
  const isLayer3 = header >>> 21 === 0x7ff && ((header >>> 17) & 3) === 1;
  const version = isLayer3 ? MPEG_VERSIONS[(header >>> 19) & 3] : undefined;
  const kbps = version?.kbps[(header >>> 12) & 15] ?? 0;
  const rate = version?.rates[(header >>> 10) & 3];
  if (!version || !rate || kbps === 0) return 0;
  return Math.floor((version.samples * kbps * 125) / rate) + ((header >>> 9) & 1);
}

/** Length of the ADTS frame at the start (ISO/IEC 13818-7 §6.2); 0 = there is none. */
function adtsFrameBytes(head: Buffer): number {
  if (head.length < 7 || head.readUInt8(0) !== 0xff || (head.readUInt8(1) & 0xf6) !== 0xf0) return 0;
  if (((head.readUInt8(2) >> 2) & 15) > 12) return 0;
  const bytes = ((head.readUInt8(3) & 3) << 11) | (head.readUInt8(4) << 3) | (head.readUInt8(5) >> 5);
  return bytes > 7 ? bytes : 0;
}
