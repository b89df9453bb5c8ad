import type { Cut } from "../core/cut.ts";
import { type OpusPackets, PACKET_MS } from "../core/opus-packets.ts";

interface SongPacketsParts {
  readonly packets: OpusPackets;
  /** Where in the recording they begin. */
  readonly fromMs: number;
  /** Where in the recording they are to end, if not with it. */
  readonly endMs: number | undefined;
  /** How fast the recording passes. */
  readonly tempo: number;
  /** Packets of the recording from another position on, with the first of them there. */
  readonly open: (startMs: number) => Promise<OpusPackets>;
  /** A cut was left out. Must not take time: the next packet is due. */
  readonly onJump: () => void;
}

/** How long before a cut what lies behind it is opened: longer than that may take. */
const OPEN_AHEAD_MS = 5_000;
/** A cut that leaves less than that of the end leaves nothing. */
const NO_END_MS = 1_000;

/** A song's packets up to its end or its chapter's, without its cuts. */
export class SongPackets implements OpusPackets {
  readonly #parts: SongPacketsParts;
  readonly #stepMs: number;
  /** Stretches of the recording in the order they are heard; the first one's packet is number 0. */
  readonly #stretches: { readonly firstPacket: number; readonly fromMs: number }[];
  #packets: OpusPackets;
  #taken = 0;
  #atMs: number;
  #endMs: number;
  /** Cuts that lie ahead. */
  #cuts: readonly Cut[] = [];
  /** The first of them is being prepared, or is. */
  #isPreparing = false;
  #behind: OpusPackets | undefined;
  #isClosed = false;
  /** The position at which there is something to do. */
  #turnMs: number;

  constructor(parts: SongPacketsParts) {
    this.#parts = parts;
    const { packets, fromMs, endMs, tempo } = parts;
    this.#stepMs = PACKET_MS * tempo;
    this.#stretches = [{ firstPacket: 0, fromMs }];
    this.#packets = packets;
    this.#atMs = fromMs;
    this.#endMs = endMs ?? Number.POSITIVE_INFINITY;
    this.#turnMs = this.#endMs;
  }

  /** Where in the recording one is who has heard so many milliseconds of this. */
  positionAfter(heardMs: number): number {
    const packets = heardMs / PACKET_MS;
    const { firstPacket, fromMs } = this.#stretches.findLast((stretch) => stretch.firstPacket <= packets)!;
    return fromMs + (packets - firstPacket) * this.#stepMs;
  }

  /**
   * Leaves these parts of the recording out, as far as what lies behind them is there in time. `lengthMs` of the
   * recording, 0 = unknown.
   */
  leaveOut(cuts: readonly Cut[], lengthMs: number): void {
    const endMs = Math.min(this.#endMs, lengthMs || Number.POSITIVE_INFINITY);
    // Who went to a place inside a cut wants to hear it.
    const ahead = cuts.filter(({ fromMs }) => fromMs >= this.#parts.fromMs && fromMs < endMs);
    const last = ahead.find(({ toMs }) => toMs > endMs - NO_END_MS);
    if (last) this.#endMs = last.fromMs;
    this.#cuts = ahead.filter((cut) => cut !== last);
    this.#lookAhead();
  }

  next(): Buffer | "later" | "end" {
    if (this.#atMs >= this.#turnMs) this.#turn();
    if (this.#atMs >= this.#endMs) return "end";
    const packet = this.#packets.next();
    if (typeof packet === "object") {
      this.#taken += 1;
      this.#atMs += this.#stepMs;
    }
    return packet;
  }

  async ready(signal: AbortSignal): Promise<void> {
    await this.#packets.ready(signal);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([this.#packets.close(), this.#behind?.close()]);
  }

  #turn(): void {
    const [cut] = this.#cuts;
    if (cut && this.#behind && this.#atMs >= cut.fromMs) this.#jump(cut, this.#behind);
    else if (cut && !this.#isPreparing) void this.#prepare(cut);
    this.#lookAhead();
  }

  #lookAhead(): void {
    // What could not be left out in time has been heard.
    while (this.#cuts[0] && this.#cuts[0].toMs <= this.#atMs) this.#giveUp(this.#cuts[0]);
    const [cut] = this.#cuts;
    const begin = this.#isPreparing ? cut?.fromMs : cut && cut.fromMs - OPEN_AHEAD_MS;
    this.#turnMs = Math.min(begin ?? Number.POSITIVE_INFINITY, this.#endMs);
  }

  #jump(cut: Cut, behind: OpusPackets): void {
    this.#packets.close().catch(() => undefined);
    this.#packets = behind;
    this.#atMs = cut.toMs;
    this.#stretches.push({ firstPacket: this.#taken, fromMs: cut.toMs });
    this.#behind = undefined;
    this.#giveUp(cut);
    this.#parts.onJump();
  }

  /** Nothing is to be done about this cut any more. */
  #giveUp(cut: Cut): void {
    this.#behind?.close().catch(() => undefined);
    this.#behind = undefined;
    this.#isPreparing = false;
    this.#cuts = this.#cuts.filter((other) => other !== cut);
  }

  async #prepare(cut: Cut): Promise<void> {
    this.#isPreparing = true;
    const behind = await this.#parts.open(cut.toMs).catch(() => undefined);
    const isWanted = !this.#isClosed && this.#cuts[0] === cut;
    if (isWanted && behind) this.#behind = behind;
    else behind?.close().catch(() => undefined);
    if (isWanted && !behind) this.#giveUp(cut);
    this.#lookAhead();
  }
}
