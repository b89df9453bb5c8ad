// The few MLS encodings (RFC 9420) that the server's part of DAVE needs.

/** Unsigned 16-bit number. */
export function uint16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}

/** Unsigned 64-bit number. */
export function uint64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}

/** A vector: its length in 1, 2 or 4 bytes (RFC 9420 §2.1.2), then its content. */
export function vector(...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  if (length < 0x40) return Buffer.concat([Buffer.from([length]), content]);
  const header = length < 0x4000 ? uint16(0x4000 | length) : Buffer.alloc(4);
  if (length >= 0x4000) header.writeUInt32BE(0x8000_0000 + length);
  return Buffer.concat([header, content]);
}

/** Steps over encoded values. */
class Reader {
  readonly #bytes: Buffer;
  position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  byte(): number {
    const value = this.#bytes.readUInt8(this.position);
    this.position += 1;
    return value;
  }

  skip(bytes: number): void {
    this.position += bytes;
  }

  skipVectors(count: number): void {
    for (let index = 0; index < count; index += 1) {
      const first = this.byte();
      const moreBytes = [0, 1, 3][first >> 6] ?? 0;
      let length = first & 0x3f;
      for (let byte = 0; byte < moreBytes; byte += 1) length = length * 256 + this.byte();
      this.skip(length);
    }
  }
}

const HEADER_BYTES = 4; // version, wire format
const MEMBER_SENDER_BYTES = 5;
const KEY_PACKAGE_LEAF = 1;
const COMMIT_LEAF = 3;

/**
 * A client sends its commit and the welcome in one message: this is where the commit ends. It is a PublicMessage of a
 * member (RFC 9420 §6.2) whose content is a Commit (§12.4).
 */
export function commitBytes(message: Buffer): number {
  const reader = new Reader(message);
  reader.skip(HEADER_BYTES);
  reader.skipVectors(1); // group id
  reader.skip(8 + MEMBER_SENDER_BYTES); // epoch, sender
  reader.skipVectors(1); // authenticated data
  reader.skip(1); // content type
  reader.skipVectors(1); // proposals
  if (reader.byte() === 1) skipUpdatePath(reader);
  reader.skipVectors(3); // signature, confirmation tag, membership tag
  return reader.position;
}

function skipUpdatePath(reader: Reader): void {
  reader.skipVectors(2); // encryption key, signature key
  reader.skip(2); // credential type
  reader.skipVectors(6); // identity, capabilities
  const source = reader.byte();
  if (source === KEY_PACKAGE_LEAF) reader.skip(16); // lifetime
  if (source === COMMIT_LEAF) reader.skipVectors(1); // parent hash
  reader.skipVectors(3); // extensions, signature, path nodes
}
