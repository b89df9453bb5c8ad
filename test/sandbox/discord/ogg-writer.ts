// Writes opus packets into an Ogg Opus file (RFC 3533, RFC 7845), so that any player can open what was heard.

const SERIAL = 0x656e_6331;
const PACKETS_PER_PAGE = 50;
/** Samples at 48 kHz a decoder throws away at the start: the delay of libopus. */
const PRE_SKIP = 312;
const FIRST_PAGE = 2;
const LAST_PAGE = 4;

/** A complete Ogg Opus file, 48 kHz stereo; granule positions come from the packets' own lengths. */
export function oggOpus(packets: readonly Buffer[], tags: Readonly<Record<string, string>> = {}): Buffer {
  const pages = [
    page({ packets: [opusHead()], granule: 0n, number: 0, flags: FIRST_PAGE }),
    page({ packets: [opusTags(tags)], granule: 0n, number: 1, flags: 0 }),
  ];
  let granule = 0n;
  for (let start = 0; start < packets.length; start += PACKETS_PER_PAGE) {
    const group = packets.slice(start, start + PACKETS_PER_PAGE);
    for (const packet of group) granule += BigInt(samplesIn(packet));
    const isLast = start + PACKETS_PER_PAGE >= packets.length;
    pages.push(page({ packets: group, granule, number: pages.length, flags: isLast ? LAST_PAGE : 0 }));
  }
  return Buffer.concat(pages);
}

/** Length of an opus packet in samples at 48 kHz, read from its first bytes (RFC 6716 §3.1). */
export function samplesIn(packet: Buffer): number {
  const toc = packet[0] ?? 0;
  const code = toc & 3;
  const frames = code === 0 ? 1 : code === 3 ? (packet[1] ?? 0) & 0x3f : 2;
  return frames * samplesPerFrame(toc >> 3);
}

function samplesPerFrame(config: number): number {
  if (config < 12) return [480, 960, 1920, 2880][config & 3] ?? 0;
  if (config < 16) return [480, 960][config & 1] ?? 0;
  return [120, 240, 480, 960][config & 3] ?? 0;
}

function opusHead(): Buffer {
  const head = Buffer.alloc(19);
  head.write("OpusHead", 0, "ascii");
  head.writeUInt8(1, 8);
  head.writeUInt8(2, 9);
  head.writeUInt16LE(PRE_SKIP, 10);
  head.writeUInt32LE(48_000, 12);
  return head;
}

function opusTags(tags: Readonly<Record<string, string>>): Buffer {
  const comments = Object.entries(tags).map(([name, value]) => `${name}=${value}`);
  const count = Buffer.alloc(4);
  count.writeUInt32LE(comments.length);
  const parts = ["local discord", ...comments].map(withLength);
  return Buffer.concat([Buffer.from("OpusTags"), ...parts.slice(0, 1), count, ...parts.slice(1)]);
}

function withLength(text: string): Buffer {
  const bytes = Buffer.from(text, "utf8");
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes]);
}

interface Page {
  readonly packets: readonly Buffer[];
  readonly granule: bigint;
  readonly number: number;
  readonly flags: number;
}

function page({ packets, granule, number, flags }: Page): Buffer {
  const segments = Buffer.from(packets.flatMap(segmentsOf));
  const header = Buffer.alloc(27);
  header.write("OggS", 0, "ascii");
  header.writeUInt8(flags, 5);
  header.writeBigInt64LE(granule, 6);
  header.writeUInt32LE(SERIAL, 14);
  header.writeUInt32LE(number, 18);
  header.writeUInt8(segments.length, 26);
  const whole = Buffer.concat([header, segments, ...packets]);
  whole.writeUInt32LE(oggCrc(whole), 22);
  return whole;
}

/** A packet's lengths in the page header: 255s and a rest below 255, even when the rest is 0. */
function segmentsOf(packet: Buffer): number[] {
  return [...Array.from({ length: Math.floor(packet.length / 255) }, () => 255), packet.length % 255];
}

/** CRC-32 as Ogg uses it: polynomial 0x04c11db7, not reflected, start 0. */
function oggCrc(bytes: Buffer): number {
  let crc = 0;
  for (const byte of bytes) crc = ((crc << 8) ^ (CRC_TABLE[(crc >>> 24) ^ byte] ?? 0)) >>> 0;
  return crc;
}

const CRC_TABLE = Array.from({ length: 256 }, (_, index) => {
  let value = index << 24;
  for (let bit = 0; bit < 8; bit += 1) value = value & 0x8000_0000 ? (value << 1) ^ 0x04c1_1db7 : value << 1;
  return value >>> 0;
});
