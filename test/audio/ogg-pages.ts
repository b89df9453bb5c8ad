// Ogg pages built byte by byte.
import { oggCrc } from "../../src/audio/ogg-page.ts";

/** Where pages begin. */
export function pageStarts(ogg: Buffer): number[] {
  const starts: number[] = [];
  for (let at = ogg.indexOf("OggS"); at >= 0; at = ogg.indexOf("OggS", at + 4)) starts.push(at);
  return starts;
}

interface PageParts {
  readonly flags: number;
  readonly granule: number;
  readonly sequence: number;
  readonly lacing: readonly number[];
  readonly body: Buffer;
}

/** One page with a right checksum. */
export function page({ flags, granule, sequence, lacing, body }: PageParts): Buffer {
  const header = Buffer.alloc(27 + lacing.length);
  header.write("OggS");
  header.writeUInt8(flags, 5);
  header.writeBigInt64LE(BigInt(granule), 6);
  header.writeUInt32LE(7, 14);
  header.writeUInt32LE(sequence, 18);
  header.writeUInt8(lacing.length, 26);
  Buffer.from(lacing).copy(header, 27);
  const whole = Buffer.concat([header, body]);
  whole.writeUInt32LE(oggCrc(whole), 22);
  return whole;
}

/** The identification header of 48 kHz stereo. */
export const HEAD = Buffer.from("4f707573486561640102380180bb0000000000", "hex");
/** A comment header without comments. */
export const TAGS = Buffer.concat([Buffer.from("OpusTags"), Buffer.alloc(8)]);
/** A page that holds nothing but a header. */
export const header = (sequence: number, body: Buffer): Buffer =>
  page({ flags: sequence === 0 ? 2 : 0, granule: 0, sequence, lacing: [body.length], body });
/** A packet that says of itself that it is one CELT frame of 20 ms (configuration 31, code 0). */
export const packet = (size: number, fill = 1): Buffer =>
  Buffer.concat([Buffer.from([0xfc]), Buffer.alloc(size - 1, fill)]);

/** Packets of 20 ms, each with its number in it, of 5 bytes at least. */
export function numberedPackets(count: number, bytes: (number: number) => number): Buffer[] {
  return Array.from({ length: count }, (_none, number) => {
    const made = packet(Math.max(bytes(number), 5), number % 251);
    made.writeUInt32LE(number, 1);
    return made;
  });
}

/** A whole file. How many segments go on each page is asked anew for each; a packet may go on over pages. */
export function oggSong(packets: readonly Buffer[], segmentsPerPage: () => number): Buffer {
  const lacing = packets.flatMap(({ length }) => [
    ...Array.from({ length: Math.floor(length / 255) }, () => 255),
    length % 255,
  ]);
  const sound = Buffer.concat(packets);
  const pages = [header(0, HEAD), header(1, TAGS)];
  let [at, bodyAt, ended, goesOn] = [0, 0, 0, false];
  while (at < lacing.length) {
    const part = lacing.slice(at, at + segmentsPerPage());
    const body = sound.subarray(bodyAt, bodyAt + part.reduce((sum, segment) => sum + segment, 0));
    const ending = part.filter((segment) => segment < 255).length;
    [at, bodyAt, ended] = [at + part.length, bodyAt + body.length, ended + ending];
    const flags = (goesOn ? 1 : 0) + (at === lacing.length ? 4 : 0);
    const granule = ending === 0 ? -1 : ended * 960 - (at === lacing.length ? 100 : 0);
    pages.push(page({ flags, granule, sequence: pages.length, lacing: part, body }));
    goesOn = part.at(-1) === 255;
  }
  return Buffer.concat(pages);
}
