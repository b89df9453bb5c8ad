import { createCipheriv, createSecretKey } from "node:crypto";
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";

/** Transport encryptions of Discord's voice gateway, version 8, and the length of their nonces. */
const NONCE_BYTES_OF = {
  aead_aes256_gcm_rtpsize: 12,
  aead_xchacha20_poly1305_rtpsize: 24,
} as const;

/** Keys of a voice session and where it is in its numbering. Whoever sends in the session counts in the same object. */
export interface RtpKeys {
  readonly encryptionMode: string;
  readonly secretKey: Uint8Array;
  readonly ssrc: number;
  /** Of the next packet; 16 bits, then from 0 again. */
  sequence: number;
  /** Of the next packet, in samples of 48 kHz; 32 bits, then from 0 again. */
  timestamp: number;
  /** Of the packet before; 32 bits, each used once. */
  nonce: number;
}

/** https://docs.discord.com/developers/topics/voice-connections#transport-encryption-and-sending-voice */
const HEADER_BYTES = 12;
const VERSION = 0x80;
const OPUS_PAYLOAD = 0x78;
const TAG_BYTES = 16;
/** Bytes of the nonce that count, and that travel with the packet; the others are zero. */
const COUNTER_BYTES = 4;
/** Samples of 48 kHz in a frame of 20 ms. */
const FRAME_SAMPLES = 960;
const MAX_NONCE = 2 ** 32 - 1;
/** Room for an Opus frame of any bit rate (RFC 6716, 3.2.1: at most 1275 bytes) and what DAVE puts around it. */
const USUAL_PACKET_BYTES = 1_500;
/** The socket reads a packet when the code that sends it has ended, and a late guild sends three at once. */
const PACKETS_IN_FLIGHT = 4;

/** Makes the RTP packets of one voice session; its key, its header and its buffers are made once. */
export class RtpSealer {
  readonly #session: RtpKeys;
  readonly #seal: (frame: Uint8Array, packet: Buffer) => void;
  readonly #header = Buffer.alloc(HEADER_BYTES);
  readonly #nonce: Buffer;
  readonly #packets = Array.from({ length: PACKETS_IN_FLIGHT }, () => Buffer.alloc(USUAL_PACKET_BYTES));
  #turn = 0;

  constructor(session: RtpKeys) {
    const { encryptionMode, secretKey, ssrc } = session;
    this.#session = session;
    this.#seal =
      encryptionMode === "aead_aes256_gcm_rtpsize" ? this.#aes(secretKey) : this.#xChaCha(secretKey);
    this.#nonce = Buffer.alloc(isRtpEncryption(encryptionMode) ? NONCE_BYTES_OF[encryptionMode] : 0);
    this.#header[0] = VERSION;
    this.#header[1] = OPUS_PAYLOAD;
    this.#header.writeUInt32BE(ssrc, 8);
  }

  /** True when every nonce of this session's key was used: another session has to come first. */
  get isExhausted(): boolean {
    return this.#session.nonce >= MAX_NONCE;
  }

  /** The next packet of the session, with its own number, time and nonce; good until four more were made. */
  seal(frame: Uint8Array): Buffer {
    const session = this.#session;
    const sealedBytes = HEADER_BYTES + frame.length + TAG_BYTES;
    const packet = this.#packetFor(sealedBytes + COUNTER_BYTES);
    this.#header.writeUInt16BE(session.sequence, 2);
    this.#header.writeUInt32BE(session.timestamp, 4);
    this.#header.copy(packet);
    session.nonce += 1;
    this.#nonce.writeUInt32BE(session.nonce, 0);
    this.#seal(frame, packet);
    this.#nonce.copy(packet, sealedBytes, 0, COUNTER_BYTES);
    session.sequence = (session.sequence + 1) % 2 ** 16;
    session.timestamp = (session.timestamp + FRAME_SAMPLES) % 2 ** 32;
    return packet.subarray(0, sealedBytes + COUNTER_BYTES);
  }

  #packetFor(bytes: number): Buffer {
    if (bytes > USUAL_PACKET_BYTES) return Buffer.alloc(bytes);
    this.#turn = (this.#turn + 1) % PACKETS_IN_FLIGHT;
    return this.#packets[this.#turn]!;
  }

  #aes(secretKey: Uint8Array): (frame: Uint8Array, packet: Buffer) => void {
    // Importing the key for every packet would cost three times as much as encrypting it.
    const key = createSecretKey(secretKey);
    return (frame, packet) => {
      const cipher = createCipheriv("aes-256-gcm", key, this.#nonce);
      cipher.setAAD(this.#header);
      cipher.update(frame).copy(packet, HEADER_BYTES);
      cipher.final();
      cipher.getAuthTag().copy(packet, HEADER_BYTES + frame.length);
    };
  }

  #xChaCha(secretKey: Uint8Array): (frame: Uint8Array, packet: Buffer) => void {
    return (frame, packet) => {
      const sealed = packet.subarray(HEADER_BYTES, HEADER_BYTES + frame.length + TAG_BYTES);
      xchacha20poly1305(secretKey, this.#nonce, this.#header).encrypt(frame, sealed);
    };
  }
}

/** Can packets be made for this encryption? */
export function isRtpEncryption(mode: string): mode is keyof typeof NONCE_BYTES_OF {
  return mode in NONCE_BYTES_OF;
}
