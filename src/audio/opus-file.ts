// Opus packets of an Ogg file that is kept, or still written: read ahead, checked, handed out without waiting.
import { throwIfAborted, untilAborted } from "../core/abort.ts";
import { toAppError } from "../core/errors.ts";
import { type OpusPackets, PACKET_MS, type Playback } from "../core/opus-packets.ts";
import type { Rest } from "../core/rest.ts";
import { PacketAssembler, parseHead } from "./ogg-opus.ts";
import { checkEnd, checkOrder, type OggPage, parsePage } from "./ogg-page.ts";
import { findPage, FIRST_PAGE, type PageMark } from "./ogg-seek.ts";
import type { OpusFile } from "./transcoder.ts";

/** Holds the largest page there can be, or two reads. At 128 kbit/s it is four seconds of music. */
const RING_BYTES = 64 * 1024;
const READ_BYTES = RING_BYTES / 2;
/** Half a second: who waits for a file that grows slowly does not start again for a single packet. */
const ENOUGH_PACKETS = 25;

/**
 * Opens a file at a position, in whole packets; implements `OpenOpusFile`. Several can be open on one handle, which
 * stays open. Each holds 64 KiB and a copy of one page where that lies across the ring's edge, and 64 KiB more where
 * pages are larger than 32 KiB (a second at 256 kbit/s). `npm run bench -- reading` says 80 to 95 KiB of resident memory,
 * and 0.002 s of processor time for a minute of music.
 * @throws {AppError} `AUDIO_INCOMPLETE` where it is no Ogg Opus; `ABORTED`. What else is wrong with it, `next` throws.
 */
export async function openOpusFile(
  source: OpusFile,
  { startMs }: Playback,
  signal: AbortSignal,
): Promise<OpusPackets> {
  const packet = Math.floor(startMs / PACKET_MS);
  const mark = packet > 0 ? await findPage(source.file, packet, signal) : FIRST_PAGE;
  throwIfAborted(signal);
  return new OpusFileReader(source, mark, packet - mark.packets);
}

/**
 * A ring that is filled by one read at a time; a page is admitted when all of it is there and its checksum fits, so that
 * exactly the bytes that were verified are heard. A byte of the file lies at its position modulo the ring's size.
 */
class OpusFileReader implements OpusPackets {
  readonly #source: OpusFile;
  readonly #closing = new AbortController();
  readonly #assembler = new PacketAssembler();
  #ring: Buffer = Buffer.allocUnsafeSlow(RING_BYTES);
  // Positions in the file: what is before the first may be overwritten, pages before the second are good.
  #released: number;
  #admitted: number;
  #received: number;
  #current: OggPage | undefined;
  #packets: Iterator<Buffer, void> | undefined;
  #pages: OggPage[] = [];
  #lastAdmitted: OggPage | undefined;
  #skip: number;
  /** A packet that `ready` has come across. */
  #ahead: Buffer | undefined;
  #rest: Rest = { status: "coming" };
  #filling: Promise<void> | undefined;

  /** Packets behind the page at `mark` that are not wanted. */
  constructor(source: OpusFile, mark: PageMark, skip: number) {
    this.#source = source;
    this.#released = this.#admitted = this.#received = mark.at;
    this.#skip = skip;
    this.#fill();
  }

  next(): Buffer | "later" | "end" {
    const packet = this.#ahead ?? this.#take();
    this.#ahead = undefined;
    this.#fill();
    if (packet) return packet;
    if (this.#rest.status === "failed") throw this.#rest.error;
    return this.#rest.status === "coming" ? "later" : "end";
  }

  async ready(signal: AbortSignal): Promise<void> {
    for (;;) {
      this.#ahead ??= this.#take();
      if (this.#ahead && this.#waiting() >= ENOUGH_PACKETS) return;
      this.#fill();
      // Nothing more can come before something is taken.
      if (!this.#filling) return;
      await untilAborted(this.#filling, signal);
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#rest = { status: "ended" };
    this.#ahead = this.#current = this.#packets = undefined;
    this.#pages = [];
    await this.#filling;
  }

  /** The next packet that is here and is wanted. */
  #take(): Buffer | undefined {
    for (;;) {
      const packet = this.#packets?.next().value;
      if (!packet && !this.#turnPage()) return undefined;
      if (packet && this.#skip === 0) return packet;
      if (packet) this.#skip -= 1;
    }
  }

  #turnPage(): boolean {
    this.#released += this.#current?.raw.length ?? 0;
    this.#current = this.#pages.shift();
    this.#packets = this.#current && this.#assembler.packets(this.#current);
    return this.#current !== undefined;
  }

  /** Packets on admitted pages behind the current one. */
  #waiting(): number {
    return this.#pages.reduce((sum, page) => sum + endingOn(page), 0);
  }

  #fill(): void {
    if (this.#filling || this.#rest.status !== "coming") return;
    const freeBytes = this.#ring.length - (this.#received - this.#released);
    const isNeeded = freeBytes >= READ_BYTES || (freeBytes > 0 && this.#pages.length === 0);
    if (!isNeeded) return;
    const filling = this.#read(freeBytes)
      .catch((error: unknown) => this.#end(error))
      .finally(() => (this.#filling = undefined));
    this.#filling = filling;
  }

  async #read(freeBytes: number): Promise<void> {
    const at = this.#received % this.#ring.length;
    const length = Math.min(READ_BYTES, freeBytes, this.#ring.length - at);
    const { bytesRead } = await this.#source.file.read(this.#ring, at, length, this.#received);
    this.#received += bytesRead;
    this.#admit();
    if (bytesRead > 0 || this.#rest.status !== "coming") return;
    const grown = await this.#source.grown?.(this.#received, this.#closing.signal);
    if (grown === true) return;
    checkEnd(this.#lastAdmitted, this.#received - this.#admitted);
  }

  #admit(): void {
    while (this.#rest.status === "coming") {
      const page = this.#firstPending();
      if (!page) return;
      if (this.#lastAdmitted) this.#append(page, this.#lastAdmitted);
      else this.#enter(page);
      this.#admitted += page.raw.length;
      this.#lastAdmitted = page;
      if (page.raw.length > READ_BYTES) this.#widen();
      if (page.isLast) this.#rest = { status: "ended" };
    }
  }

  #enter(page: OggPage): void {
    if (this.#admitted === 0) parseHead(page.body);
    this.#assembler.enter(page);
    this.#released += page.raw.length;
  }

  #append(page: OggPage, previous: OggPage): void {
    checkOrder(previous, page);
    this.#pages.push(page);
  }

  /** A page that lies across the ring's edge is copied. */
  #firstPending(): OggPage | undefined {
    const ring = this.#ring;
    const from = this.#admitted % ring.length;
    const to = from + this.#received - this.#admitted;
    const page = parsePage(ring.subarray(from, Math.min(to, ring.length)));
    if (page || to <= ring.length) return page;
    return parsePage(Buffer.concat([ring.subarray(from), ring.subarray(0, to - ring.length)]));
  }

  /** A large page is heard while the next one is read beside it. The old ring goes with the pages that lie in it. */
  #widen(): void {
    if (this.#ring.length > RING_BYTES) return;
    const wide = Buffer.allocUnsafeSlow(2 * RING_BYTES);
    for (let at = this.#admitted; at < this.#received;) {
      const [from, to] = [at % RING_BYTES, at % wide.length];
      const length = Math.min(this.#received - at, RING_BYTES - from);
      this.#ring.copy(wide, to, from, from + length);
      at += length;
    }
    this.#ring = wide;
  }

  #end(error: unknown): void {
    if (this.#rest.status === "coming") this.#rest = { status: "failed", error: toAppError(error) };
  }
}

/** How many packets end on a page. */
function endingOn({ lacing }: OggPage): number {
  return lacing.reduce((sum, segment) => (segment < 255 ? sum + 1 : sum), 0);
}
