// Discord as the external sender of a DAVE group: the one who proposes members, without being one.
import { generateKeyPairSync, sign } from "node:crypto";
import { uint16, uint64, vector } from "./mls-wire.ts";

const MLS10 = uint16(1);
const PUBLIC_MESSAGE = uint16(1);
const BASIC_CREDENTIAL = uint16(1);
const EXTERNAL_SENDER_0 = Buffer.from([2, 0, 0, 0, 0]);
const PROPOSAL_CONTENT = Buffer.from([2]);
const ADD = uint16(1);
const REMOVE = uint16(3);
const UNCOMPRESSED_POINT_BYTES = 65;

/** Which group, at which epoch. */
export interface GroupMoment {
  readonly channelId: string;
  readonly epoch: bigint;
}

/** Signs proposals with ECDSA P-256, as DAVE's cipher suite 2 asks. */
export class DaveSender {
  readonly #keys = generateKeyPairSync("ec", { namedCurve: "P-256" });

  /** The ExternalSender structure every client gets first (voice opcode 25). */
  get package(): Buffer {
    const publicKey = this.#keys.publicKey.export({ type: "spki", format: "der" });
    const point = publicKey.subarray(-UNCOMPRESSED_POINT_BYTES);
    return Buffer.concat([vector(point), BASIC_CREDENTIAL, vector(Buffer.from("local discord"))]);
  }

  /** Proposes to let in the owner of a key package. */
  add(moment: GroupMoment, keyPackage: Buffer): Buffer {
    return this.#proposal(moment, Buffer.concat([ADD, keyPackage]));
  }

  /** Proposes to put out the member at a leaf. */
  remove(moment: GroupMoment, leaf: number): Buffer {
    const index = Buffer.alloc(4);
    index.writeUInt32BE(leaf);
    return this.#proposal(moment, Buffer.concat([REMOVE, index]));
  }

  /** A PublicMessage (RFC 9420 §6), in the vector that opcode 27 carries. */
  #proposal({ channelId, epoch }: GroupMoment, proposal: Buffer): Buffer {
    const content = Buffer.concat([
      vector(uint64(BigInt(channelId))),
      uint64(epoch),
      EXTERNAL_SENDER_0,
      vector(),
      PROPOSAL_CONTENT,
      proposal,
    ]);
    const framed = Buffer.concat([MLS10, PUBLIC_MESSAGE, content]);
    const labelled = Buffer.concat([vector(Buffer.from("MLS 1.0 FramedContentTBS")), vector(framed)]);
    return vector(framed, vector(sign("sha256", labelled, this.#keys.privateKey)));
  }
}
