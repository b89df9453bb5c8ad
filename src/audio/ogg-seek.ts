// Where in an Ogg Opus file a packet is, found by halving instead of reading.
import type { FileHandle } from "node:fs/promises";
import { throwIfAborted } from "../core/abort.ts";
import { PACKET_SAMPLES, parseHead } from "./ogg-opus.ts";
import { CAPTURE, damaged, HEADER_BYTES, type OggPage, parsePage } from "./ogg-page.ts";

/** A page, and how many packets of audio there are up to and with the last one that ends on it. */
export interface PageMark {
  readonly at: number;
  readonly packets: number;
}

/** Holds the beginning of at least one page, wherever it starts. */
const WINDOW_BYTES = 64 * 1024;

/** The identification header has its page to itself, RFC 7845 §3. */
const MAX_HEAD_BYTES = 1024;

/** The page of OpusHead; OpusTags follow, which are no audio. RFC 7845 §3. */
export const FIRST_PAGE: PageMark = { at: 0, packets: -1 };

/**
 * A page that ends before the packet of this number does (the first is 0), at most 64 KiB and one page ahead of it; the
 * last page when there is no such packet. In an hour at 128 kbit/s that takes 11 reads of at most 64 KiB.
 * @throws {AppError} `AUDIO_INCOMPLETE` when the file is not Ogg Opus; `ABORTED`
 */
export async function findPage(file: FileHandle, packet: number, signal: AbortSignal): Promise<PageMark> {
  let end = (await file.stat()).size;
  if (end <= WINDOW_BYTES) return FIRST_PAGE;
  const window = Buffer.allocUnsafe(WINDOW_BYTES);
  const read = async (from: number, bytes: number): Promise<Buffer> =>
    window.subarray(0, (await file.read(window, 0, Math.min(bytes, WINDOW_BYTES), from)).bytesRead);
  const { serial } = headPage(await read(0, MAX_HEAD_BYTES));
  let best = FIRST_PAGE;
  while (end - best.at > WINDOW_BYTES) {
    throwIfAborted(signal);
    const middle = best.at + Math.floor((end - best.at) / 2);
    const mark = firstMark(await read(middle, end - middle), serial);
    if (mark && mark.packets <= packet) best = { ...mark, at: middle + mark.at };
    else end = middle;
  }
  return best;
}

function headPage(start: Buffer): OggPage {
  const page = parsePage(start);
  if (!page) throw damaged("the first page is too large");
  parseHead(page.body);
  return page;
}

/**
 * The first page of the stream in these bytes on which a packet ends. Its checksum is left to who reads on from there:
 * 64 bits that fit are proof enough to look further.
 */
function firstMark(window: Buffer, serial: number): PageMark | undefined {
  for (let at = window.indexOf(CAPTURE); at >= 0; at = window.indexOf(CAPTURE, at + 1)) {
    if (at + HEADER_BYTES > window.length) return undefined;
    const granule = Number(window.readBigInt64LE(at + 6));
    // The last page's may end inside its last packet.
    const packets = Math.ceil(granule / PACKET_SAMPLES);
    if (window.readUInt32LE(at + 14) === serial && granule >= 0) return { at, packets };
  }
  return undefined;
}
