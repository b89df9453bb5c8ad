// RTP packets as Discord's voice servers take them: an opus frame behind AEAD encryption with a 4-byte nonce at the end.
import { createDecipheriv } from "node:crypto";
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";

/** Transport encryptions of voice gateway v8. */
export type VoiceMode = "aead_aes256_gcm_rtpsize" | "aead_xchacha20_poly1305_rtpsize";

/** What one packet says. */
export interface RtpPacket {
  readonly ssrc: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly opus: Buffer;
}

const TAG_BYTES = 16;
const NONCE_BYTES = 4;
const FIXED_HEADER_BYTES = 12;
const OPUS_PAYLOAD_TYPE = 120;

/** The sender's id; `undefined` = not an RTP packet with opus in it. */
export function ssrcOf(packet: Buffer): number | undefined {
  if (packet.length < FIXED_HEADER_BYTES + TAG_BYTES + NONCE_BYTES) return undefined;
  const isOpus = packet.readUInt8(0) >> 6 === 2 && (packet.readUInt8(1) & 0x7f) === OPUS_PAYLOAD_TYPE;
  return isOpus ? packet.readUInt32BE(8) : undefined;
}

/**
 * Decrypts one packet. In the `_rtpsize` modes the header (with the extension's first word) stays in clear and is
 * authenticated; the rest of the extension is encrypted with the payload.
 * @throws {Error} when the packet was not made with this key
 */
export function openRtp(packet: Buffer, mode: VoiceMode, key: Uint8Array): RtpPacket {
  const first = packet.readUInt8(0);
  const hasExtension = (first & 0x10) !== 0;
  const clearBytes = FIXED_HEADER_BYTES + (first & 0x0f) * 4 + (hasExtension ? 4 : 0);
  const header = packet.subarray(0, clearBytes);
  const sealed = packet.subarray(clearBytes, packet.length - NONCE_BYTES);
  const nonce = packet.subarray(packet.length - NONCE_BYTES);
  const plain = mode === "aead_aes256_gcm_rtpsize" ? openAes : openXChaCha;
  const body = plain(sealed, { header, nonce, key });
  const extensionBytes = hasExtension ? packet.readUInt16BE(clearBytes - 2) * 4 : 0;
  const paddingBytes = (first & 0x20) === 0 ? 0 : (body.at(-1) ?? 0);
  return {
    ssrc: packet.readUInt32BE(8),
    sequence: packet.readUInt16BE(2),
    timestamp: packet.readUInt32BE(4),
    opus: Buffer.from(body.subarray(extensionBytes, body.length - paddingBytes)),
  };
}

interface Seal {
  readonly header: Buffer;
  readonly nonce: Buffer;
  readonly key: Uint8Array;
}

function openAes(sealed: Buffer, { header, nonce, key }: Seal): Buffer {
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.concat([nonce, Buffer.alloc(8)]));
  decipher.setAAD(header);
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES)), decipher.final()]);
}

function openXChaCha(sealed: Buffer, { header, nonce, key }: Seal): Buffer {
  return Buffer.from(
    xchacha20poly1305(key, Buffer.concat([nonce, Buffer.alloc(20)]), header).decrypt(sealed),
  );
}
