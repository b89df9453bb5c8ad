// What listeners of one voice channel heard: opus packets with their arrival times.
import { writeFile } from "node:fs/promises";
import { oggOpus, samplesIn } from "./ogg-writer.ts";

/** One packet as it came off the wire, decrypted. */
export interface HeardPacket {
  readonly ssrc: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly opus: Buffer;
  /** Monotonic clock of the local Discord, milliseconds. */
  readonly arrivedAtMs: number;
  /** Discord's own silence frame, sent at the end of speech. */
  readonly isSilence: boolean;
}

/** The frame every client sends five times when it stops talking. */
export const SILENCE_FRAME = Buffer.from([0xf8, 0xff, 0xfe]);

/** A stretch of heard packets. */
export class HeardSound {
  readonly packets: readonly HeardPacket[];

  constructor(packets: readonly HeardPacket[]) {
    this.packets = packets;
  }

  /** Packets with sound in them, without the silence frames between songs. */
  get sounding(): readonly HeardPacket[] {
    return this.packets.filter((packet) => !packet.isSilence);
  }

  /** Monotonic; `undefined` = nothing was heard. */
  get firstPacketAtMs(): number | undefined {
    return this.sounding[0]?.arrivedAtMs;
  }

  get lastPacketAtMs(): number | undefined {
    return this.sounding.at(-1)?.arrivedAtMs;
  }

  /** Length of the sound in milliseconds, counted from the packets, silence frames excluded. */
  get durationMs(): number {
    return this.sounding.reduce((sum, packet) => sum + samplesIn(packet.opus) / 48, 0);
  }

  /** Packets that are missing in the numbering of each voice connection. */
  get lost(): number {
    const newest = new Map<number, number>();
    let lost = 0;
    for (const { ssrc, sequence } of this.packets) {
      const step = (sequence - (newest.get(ssrc) ?? sequence - 1)) & 0xffff;
      if (step >= 0x8000) {
        lost -= 1; // a late packet, counted as lost before
      } else {
        lost += Math.max(0, step - 1);
        newest.set(ssrc, sequence);
      }
    }
    return Math.max(0, lost);
  }

  /** Milliseconds between the arrivals of neighbouring packets, unsorted. */
  get intervalsMs(): readonly number[] {
    return this.packets
      .slice(1)
      .map((packet, index) => packet.arrivedAtMs - this.packets[index]!.arrivedAtMs);
  }

  /** Writes the sound as an Ogg Opus file. @throws {Error} when nothing was heard */
  async writeOgg(path: string): Promise<void> {
    if (this.packets.length === 0) throw new Error("Nothing was heard, so there is nothing to write.");
    await writeFile(path, oggOpus(this.packets.map((packet) => packet.opus)));
  }
}

/** Grows while the bot plays. Marks cut it into parts, for instance one per song. */
export class Recording extends HeardSound {
  readonly #packets: HeardPacket[];
  #marks: { readonly name: string; readonly from: number }[] = [];
  /** What the bot last told Discord about itself (voice opcode 5). */
  speaking = false;

  constructor() {
    const packets: HeardPacket[] = [];
    super(packets);
    this.#packets = packets;
  }

  add(packet: Omit<HeardPacket, "isSilence">): void {
    this.#packets.push({ ...packet, isSilence: packet.opus.equals(SILENCE_FRAME) });
  }

  /** From here on packets belong to this part. */
  mark(name: string): void {
    this.#marks.push({ name, from: this.#packets.length });
  }

  /** What was heard between a mark and the next. @throws {Error} when there is no such mark */
  part(name: string): HeardSound {
    const index = this.#marks.findIndex((mark) => mark.name === name);
    const mark = this.#marks[index];
    if (!mark) throw new Error(`No part "${name}"; there are: ${this.#marks.map((m) => m.name).join(", ")}`);
    return new HeardSound(this.#packets.slice(mark.from, this.#marks[index + 1]?.from));
  }

  /** Forgets everything heard so far. */
  reset(): void {
    this.#packets.length = 0;
    this.#marks = [];
  }
}
