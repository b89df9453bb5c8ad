/** A pacer whose time passes when a test says so, sinks that remember, and songs that arrive when a test says so. */
import { vi } from "vitest";
import type { OpusPackets } from "../../../src/core/opus-packets.ts";
import { type FrameSink, SILENCE_FRAME } from "../../../src/player/pacer/frame-sink.ts";
import { Pacer } from "../../../src/player/pacer/pacer.ts";
import { FakeClock } from "../../fakes/clock.ts";

export const never = new AbortController().signal;

/** One frame as it left. */
export interface SentFrame {
  /** Its text, or `silence`. */
  readonly what: string;
  readonly atMs: number;
}

export class MemorySink implements FrameSink {
  readonly #clock: FakeClock;
  readonly sent: SentFrame[] = [];
  rests = 0;
  isAway = false;
  /** Thrown by the next frames. */
  fault: Error | undefined;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  send(frame: Buffer): boolean {
    if (this.fault) throw this.fault;
    if (this.isAway) return false;
    const what = frame.equals(SILENCE_FRAME) ? "silence" : frame.toString();
    this.sent.push({ what, atMs: this.#clock.monotonicMs() });
    return true;
  }

  rest(): void {
    this.rests += 1;
  }

  get heard(): readonly string[] {
    return this.sent.map(({ what }) => what);
  }

  get song(): readonly SentFrame[] {
    return this.sent.filter(({ what }) => what !== "silence");
  }

  /** Milliseconds between neighbouring frames. */
  get intervalsMs(): readonly number[] {
    return this.sent.slice(1).map(({ atMs }, index) => atMs - this.sent[index]!.atMs);
  }
}

/** A song of numbered frames: `a0`, `a1` and so on. */
export class ArrivingSong implements OpusPackets {
  readonly #name: string;
  readonly #buffer = Buffer.alloc(8);
  #there: number;
  #taken = 0;
  #isWhole: boolean;
  #waiting: (() => void)[] = [];
  fault: Error | undefined;
  signals = 0;

  constructor(name: string, frames: number, isWhole = true) {
    this.#name = name;
    this.#there = frames;
    this.#isWhole = isWhole;
  }

  /** The same bytes are used for every frame, as a reader of files may do. */
  next(): Buffer | "later" | "end" {
    if (this.fault) throw this.fault;
    if (this.#taken === this.#there) return this.#isWhole ? "end" : "later";
    const length = this.#buffer.write(`${this.#name}${this.#taken}`);
    this.#taken += 1;
    return this.#buffer.subarray(0, length);
  }

  async ready(signal: AbortSignal): Promise<void> {
    this.signals += 1;
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push(resolve);
      signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    });
  }

  arrive(frames: number, isWhole = false): void {
    this.#there += frames;
    this.#isWhole = isWhole;
    for (const resolve of this.#waiting) resolve();
    this.#waiting = [];
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Time, the pacer, and what is needed to play. */
export class PacerLab {
  readonly clock = new FakeClock();
  readonly pacer = new Pacer(this.clock);

  constructor() {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  }

  /** A guild. */
  guild(): { readonly sink: MemorySink; readonly lane: ReturnType<Pacer["lane"]> } {
    const sink = new MemorySink(this.clock);
    return { sink, lane: this.pacer.lane(sink) };
  }

  /** Time passes, and whatever is due happens. */
  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 1) {
      this.clock.advance(1);
      await vi.advanceTimersByTimeAsync(1);
    }
  }

  /** Time passes in which the process does nothing; then what is due happens. */
  async stall(ms: number): Promise<void> {
    this.clock.advance(ms);
    await vi.advanceTimersToNextTimerAsync();
  }

  end(): void {
    vi.useRealTimers();
  }
}

export const frames = (name: string, from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_none, index) => `${name}${from + index}`);

export const silence = (count = 5): string[] => Array.from({ length: count }, () => "silence");
