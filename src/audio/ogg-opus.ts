// Ogg Opus as Encore keeps it (RFC 7845): packets of a page, facts for those who judge a file.
import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { throwIfAborted } from "../core/abort.ts";
import { toAppError } from "../core/errors.ts";
import { PACKET_MS } from "../core/opus-packets.ts";
import { damaged, readPages } from "./ogg-page.ts";
import type { OggPage } from "./ogg-page.ts";
import type { OggOpusFacts } from "./transcoder.ts";

/** Opus counts at 48 kHz whatever went in: 48 samples a millisecond, RFC 7845 §4. */
const SAMPLES_PER_MS = 48;
export const PACKET_SAMPLES = PACKET_MS * SAMPLES_PER_MS;
/** Far above one 20 ms stereo packet (RFC 6716: 1275 bytes a frame) and above the tags we write. */
const MAX_PACKET_BYTES = 64 * 1024;

/**
 * Reads a whole file once and checks that it is what Encore keeps: Ogg Opus, stereo, 20 ms packets without a gap, with
 * its end.
 * @throws {AppError} `AUDIO_INCOMPLETE` with `context.detail`; `ABORTED`.
 */
export async function inspectOggOpus(path: string, signal: AbortSignal): Promise<OggOpusFacts> {
  const file = await open(path, "r").catch((error: unknown) => {
    throw toAppError(error);
  });
  try {
    const hash = createHash("sha256");
    const assembler = new PacketAssembler();
    const stream = new OpusStream();
    let bytes = 0;
    for await (const page of readPages(file)) {
      throwIfAborted(signal);
      hash.update(page.raw);
      bytes += page.raw.length;
      for (const packet of assembler.packets(page)) stream.addPacket(packet);
      stream.endPage(page);
    }
    assembler.checkEnd();
    return { bytes, sha256: hash.digest("hex"), ...stream.facts() };
  } finally {
    await file.close();
  }
}

/** Joins segments to packets, RFC 3533 §5; a packet may go on over pages. */
export class PacketAssembler {
  #begun: Buffer[] = [];
  #begunBytes = 0;

  *packets(page: OggPage): Generator<Buffer, void, undefined> {
    if (page.isContinued !== this.#begun.length > 0) throw damaged("a packet is broken off");
    let from = 0;
    let to = 0;
    for (const segment of page.lacing) {
      to += segment;
      if (segment === 255) continue;
      yield this.#finish(page.body.subarray(from, to));
      from = to;
    }
    if (page.lacing.at(-1) === 255) this.#begin(page.body.subarray(from));
  }

  /** Begins in the middle of a stream: what ends on this page is left out, what goes on after it is not. */
  enter({ lacing, body }: OggPage): void {
    const last = lacing.findLastIndex((segment) => segment < 255);
    const from = lacing.subarray(0, last + 1).reduce((sum, segment) => sum + segment, 0);
    if (last < lacing.length - 1) this.#begin(body.subarray(from));
  }

  checkEnd(): void {
    if (this.#begun.length > 0) throw damaged("the last packet is broken off");
  }

  #begin(part: Buffer): void {
    this.#begunBytes += part.length;
    if (this.#begunBytes > MAX_PACKET_BYTES) throw damaged("a packet is too large");
    // The page's bytes may be gone when the next one comes.
    this.#begun.push(Buffer.from(part));
  }

  #finish(part: Buffer): Buffer {
    if (this.#begun.length === 0) return part;
    this.#begin(part);
    const packet = Buffer.concat(this.#begun);
    this.#begun = [];
    this.#begunBytes = 0;
    return packet;
  }
}

/** Checks packets and granule positions as they come, and keeps the sums. */
class OpusStream {
  #headers = 0;
  #packets = 0;
  #preSkip = 0;
  #granule = 0;
  #tags: Readonly<Record<string, string>> = {};

  addPacket(packet: Buffer): void {
    if (this.#headers === 0) this.#preSkip = parseHead(packet);
    else if (this.#headers === 1) this.#tags = parseTags(packet);
    else this.#addAudio(packet);
    this.#headers = Math.min(this.#headers + 1, 2);
  }

  /** Every page's granule position is the number of samples so far; the last may end inside its last packet. */
  endPage(page: OggPage): void {
    if (page.granule === -1) return;
    const samples = this.#packets * PACKET_SAMPLES;
    const isRight = page.isLast
      ? page.granule > samples - PACKET_SAMPLES && page.granule <= samples
      : page.granule === samples;
    if (!isRight) throw damaged("a gap in the granule positions");
    this.#granule = page.granule;
  }

  facts(): Pick<OggOpusFacts, "durationMs" | "packets" | "channels" | "tags"> {
    const samples = this.#granule - this.#preSkip;
    if (this.#headers < 2 || samples <= 0) throw damaged("no audio");
    const durationMs = Math.round(samples / SAMPLES_PER_MS);
    return { durationMs, packets: this.#packets, channels: 2, tags: this.#tags };
  }

  #addAudio(packet: Buffer): void {
    if (packetSamples(packet) !== PACKET_SAMPLES) throw damaged("a packet that is not 20 ms");
    this.#packets += 1;
  }
}

/**
 * Pre-skip of the identification header, RFC 7845 §5.1. Only what we write is accepted: stereo, gain 0.
 * @throws {AppError} `AUDIO_INCOMPLETE`
 */
export function parseHead(packet: Buffer): number {
  const isOpus =
    packet.length >= 19 && packet.toString("latin1", 0, 8) === "OpusHead" && packet.readUInt8(8) < 16;
  if (!isOpus) throw damaged("not Opus");
  if (packet.readUInt8(9) !== 2 || packet.readUInt8(18) !== 0) throw damaged("not plain stereo");
  if (packet.readUInt32LE(12) !== 48_000) throw damaged("not made from 48 kHz");
  // A gain in the header would change the loudness in some players and be ignored by Discord's.
  if (packet.readInt16LE(16) !== 0) throw damaged("an output gain");
  return packet.readUInt16LE(10);
}

/** Comments of the second header, RFC 7845 §5.2; names are compared without case, so they are given in capitals. */
function parseTags(packet: Buffer): Readonly<Record<string, string>> {
  if (packet.toString("latin1", 0, 8) !== "OpusTags") throw damaged("no tags");
  const reader = new LengthReader(packet, 8);
  reader.text();
  const tags: [string, string][] = [];
  for (let left = reader.number(); left > 0; left -= 1) {
    const comment = reader.text();
    const at = comment.indexOf("=");
    if (at > 0) tags.push([comment.slice(0, at).toUpperCase(), comment.slice(at + 1)]);
  }
  return Object.fromEntries(tags);
}

/** Little-endian 32-bit lengths, each followed by so many bytes of UTF-8. */
class LengthReader {
  readonly #packet: Buffer;
  #at: number;

  constructor(packet: Buffer, at: number) {
    this.#packet = packet;
    this.#at = at;
  }

  number(): number {
    if (this.#at + 4 > this.#packet.length) throw damaged("broken tags");
    this.#at += 4;
    return this.#packet.readUInt32LE(this.#at - 4);
  }

  text(): string {
    const length = this.number();
    if (this.#at + length > this.#packet.length) throw damaged("broken tags");
    this.#at += length;
    return this.#packet.toString("utf8", this.#at - length, this.#at);
  }
}

const SILK_SAMPLES = [480, 960, 1920, 2880];
const HYBRID_SAMPLES = [480, 960];
const CELT_SAMPLES = [120, 240, 480, 960];

/** Length of a packet in samples at 48 kHz, from its TOC byte, RFC 6716 §3.1; 0 = not a packet. */
export function packetSamples(packet: Uint8Array): number {
  const [toc, count] = packet;
  if (toc === undefined) return 0;
  const config = toc >> 3;
  const frames = [1, 2, 2, (count ?? 0) & 63][toc & 3] ?? 0;
  return frames * frameSamples(config);
}

function frameSamples(config: number): number {
  if (config < 12) return SILK_SAMPLES[config & 3] ?? 0;
  if (config < 16) return HYBRID_SAMPLES[config & 1] ?? 0;
  return CELT_SAMPLES[config & 3] ?? 0;
}
