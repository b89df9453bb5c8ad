// The newest packets of a stream that has no end, and those who hear them.
import { Change } from "../core/change.ts";
import { AppError } from "../core/errors.ts";
import { type OpusPackets, PACKET_MS } from "../core/opus-packets.ts";
import type { Rest } from "../core/rest.ts";

/** Kept for who listens: 16 KiB a second at 128 kbit/s. */
const KEPT_PACKETS = 30_000 / PACKET_MS;
/** So far behind the newest packet one begins to listen: what comes unevenly is heard evenly. */
const BEHIND_PACKETS = 2_000 / PACKET_MS;
/** Who has nothing more to hear waits for so much. */
const ENOUGH_PACKETS = 1_000 / PACKET_MS;

/** One writes to it, any number listen, each in their own time. */
export class LiveEdge {
  readonly #change = new Change();
  readonly #audible = Promise.withResolvers<void>();
  #packets: Buffer[] = [];
  /** Number of the first packet that is kept. */
  #first = 0;
  #rest: Rest = { status: "coming" };

  constructor() {
    this.#audible.promise.catch(() => undefined);
  }

  /** Resolves when there is enough to begin with. @throws {AppError} why there will never be */
  get audible(): Promise<void> {
    return this.#audible.promise;
  }

  append(packet: Buffer): void {
    this.#packets.push(packet);
    if (this.#packets.length > KEPT_PACKETS) {
      this.#packets.shift();
      this.#first += 1;
    }
    if (this.#packets.length >= ENOUGH_PACKETS) this.#audible.resolve();
    this.#change.tell();
  }

  /** Nothing more comes; `error` = why the stream is lost. */
  end(error?: AppError): void {
    if (this.#rest.status !== "coming") return;
    this.#rest = error ? { status: "failed", error } : { status: "ended" };
    if (this.#packets.length > 0) this.#audible.resolve();
    else this.#audible.reject(error ?? new AppError("LIVE_ENDED"));
    this.#change.tell();
  }

  get isOver(): boolean {
    return this.#rest.status !== "coming";
  }

  /** From a little before now on. */
  listen(): OpusPackets {
    let at = this.#entry;
    let isOpen = true;
    return {
      next: () => {
        if (!isOpen) return "end";
        // Who was held for long goes on with what is live by then.
        if (at < this.#first) at = this.#entry;
        const packet = this.#packets[at - this.#first];
        if (!packet) return this.#nothing();
        at += 1;
        return packet;
      },
      ready: async (signal) => {
        const isWaiting = (): boolean => isOpen && !this.isOver && this.#end - at < ENOUGH_PACKETS;
        while (isWaiting()) await this.#change.next(signal);
      },
      close: async () => {
        isOpen = false;
        this.#change.tell();
      },
    };
  }

  get #end(): number {
    return this.#first + this.#packets.length;
  }

  get #entry(): number {
    return Math.max(this.#first, this.#end - BEHIND_PACKETS);
  }

  #nothing(): "later" | "end" {
    if (this.#rest.status === "failed") throw this.#rest.error;
    return this.#rest.status === "coming" ? "later" : "end";
  }
}
