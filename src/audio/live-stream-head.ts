// What a live stream is, by its first bytes. One enters it in the middle, so they need not be the first of a frame.
import { AppError } from "../core/errors.ts";
import { id3Bytes, type LiveDemuxer, sniffBytes, sniffFrames } from "./sniff.ts";

/** A frame and the head of the next one are in it, wherever it begins. */
const LEAST_BYTES = 4 * 1024;
/** What has no two frames in so much has none. */
const MOST_BYTES = 64 * 1024;
/** A tag in front may hold a picture. */
const MOST_TAG_BYTES = 1024 * 1024;

/** ISO/IEC 13818-1 §2.4.3.2. */
const TS_PACKET_BYTES = 188;
const TS_SYNC = 0x47;

/**
 * Reads until it is clear which demuxer fits; `rest` gives all of the stream, from its first byte.
 * @throws {AppError} `NOT_AUDIO`, and what the stream throws
 */
export async function readHead(
  pieces: AsyncGenerator<Buffer, void, undefined>,
): Promise<{ readonly demuxer: LiveDemuxer; readonly rest: AsyncIterable<Buffer> }> {
  let head = Buffer.alloc(0);
  for (let ended = false; ;) {
    const piece = await pieces.next();
    ended = piece.done === true;
    if (!piece.done) head = Buffer.concat([head, piece.value]);
    const bytes = head.length - id3Bytes(head);
    const demuxer = ended || bytes >= LEAST_BYTES ? sniffStream(head) : undefined;
    if (demuxer) return { demuxer, rest: following(head, pieces) };
    if (ended || bytes >= MOST_BYTES || head.length >= MOST_TAG_BYTES)
      throw new AppError("NOT_AUDIO", { detail: "no stream that can be played" });
  }
}

function sniffStream(head: Buffer): LiveDemuxer | undefined {
  const tagBytes = id3Bytes(head);
  if (tagBytes === 0 && isTransportStream(head)) return "mpegts";
  return (tagBytes === 0 ? sniffBytes(head) : undefined) ?? sniffAnywhere(head.subarray(tagBytes));
}

function isTransportStream(head: Buffer): boolean {
  return [0, 1, 2].every((packet) => head[packet * TS_PACKET_BYTES] === TS_SYNC);
}

/** The first frame that is followed by another one. */
function sniffAnywhere(bytes: Buffer): LiveDemuxer | undefined {
  for (let at = bytes.indexOf(0xff); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const found = sniffFrames(bytes.subarray(at));
    if (found) return found;
  }
  return undefined;
}

async function* following(
  head: Buffer,
  pieces: AsyncGenerator<Buffer, void, undefined>,
): AsyncGenerator<Buffer, void, undefined> {
  yield head;
  yield* pieces;
}
