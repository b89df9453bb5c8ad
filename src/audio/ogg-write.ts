// A stream of Opus packets as Ogg pages, for a program that reads files (RFC 3533, RFC 7845).
import { PACKET_SAMPLES } from "./ogg-opus.ts";
import { CAPTURE, damaged, HEADER_BYTES, oggCrc } from "./ogg-page.ts";

const FIRST_PAGE = 2;

/** Writes one packet of 20 ms on each page. The stream ends with its bytes. */
export class OggWriter {
  #pages = 0;
  #granule = 0;

  /** The pages before the first packet. Nothing is to be left out at the start of what follows. */
  head(): Buffer {
    const head = Buffer.alloc(19);
    head.write("OpusHead\u0001\u0002", "latin1");
    head.writeUInt32LE(48_000, 12);
    const tags = Buffer.alloc(16);
    tags.write("OpusTags");
    return Buffer.concat([this.#page(head, FIRST_PAGE), this.#page(tags, 0)]);
  }

  /** @throws {AppError} `AUDIO_INCOMPLETE` when it is larger than a page */
  packet(packet: Buffer): Buffer {
    this.#granule += PACKET_SAMPLES;
    return this.#page(packet, 0);
  }

  #page(packet: Buffer, flags: number): Buffer {
    const segments = Math.floor(packet.length / 255) + 1;
    if (segments > 255) throw damaged("a packet is too large");
    const header = Buffer.alloc(HEADER_BYTES + segments, 255);
    header.write(CAPTURE, "latin1");
    header.writeUInt8(flags, 5);
    header.writeBigInt64LE(BigInt(this.#granule), 6);
    header.writeUInt32LE(1, 14);
    header.writeUInt32LE(this.#pages, 18);
    header.writeUInt8(segments, 26);
    header.writeUInt8(packet.length % 255, header.length - 1);
    const page = Buffer.concat([header, packet]);
    page.writeUInt32LE(oggCrc(page), 22);
    this.#pages += 1;
    return page;
  }
}
