/**
 * Notes when a process sends voice packets, whoever sends them: by standing before the `send` of every UDP socket.
 * It costs all bots the same, well under a microsecond a packet.
 */
import { Socket } from "node:dgram";
import { ControlThread, type Lateness } from "../kit/control-thread.ts";
import { percentile } from "../kit/statistics.ts";

const FRAME_MS = 20;
const RTP_VERSION = 2;
const OPUS_PAYLOAD_TYPE = 120;
const LEAST_RTP_BYTES = 28;
/** A frame is late against the most punctual one of half a second. */
const WINDOW_FRAMES = 25;
const VERY_LATE_MS = 60;
/** The machine is to blame when a thread that does nothing else was late by most of it, at that time. */
const SEEN_SHARE = 0.5;

export interface SendingFacts {
  readonly streams: number;
  readonly packets: number;
  /** Slots of 20 ms between the first and the last packet of a stream in which none was sent. */
  readonly lost: number;
  readonly lateMs: Lateness;
  /** Frames more than 60 ms late. */
  readonly veryLate: number;
  /** Those that the control thread did not see as well. */
  readonly veryLateByItself: number;
  /** How late a thread of the same process was that only wakes every 20 ms. */
  readonly controlMs: Lateness;
  /** What that thread used. */
  readonly controlCpuMs: number;
}

type Send = (this: Socket, ...args: unknown[]) => void;

/** Counts from `begin` to `end`. */
export class SendWatch {
  readonly #sentAtMs = new Map<unknown, number[]>();
  #control: ControlThread | undefined;

  constructor() {
    const note = (socket: Socket, packet: unknown): void => this.#note(socket, packet);
    const prototype = Socket.prototype as unknown as { send: Send };
    const { send } = prototype;
    prototype.send = function noted(...args) {
      note(this, args[0]);
      Reflect.apply(send, this, args);
    };
  }

  async begin(): Promise<void> {
    const control = await ControlThread.start();
    this.#sentAtMs.clear();
    this.#control = control;
  }

  async end(): Promise<SendingFacts> {
    const control = await this.#control!.stop();
    this.#control = undefined;
    const streams = [...this.#sentAtMs.values()].filter((times) => times.length > WINDOW_FRAMES);
    const late = streams.flatMap(latenessOf);
    const sorted = Float64Array.from(late, ({ lateMs }) => lateMs).toSorted();
    const veryLate = late.filter(({ lateMs }) => lateMs > VERY_LATE_MS);
    const seen = control.stalls.filter(({ lateMs }) => lateMs > VERY_LATE_MS * SEEN_SHARE);
    return {
      streams: streams.length,
      packets: streams.reduce((sum, times) => sum + times.length, 0),
      lost: streams.reduce((sum, times) => sum + missingIn(times), 0),
      lateMs: { p50: percentile(sorted, 50), p99: percentile(sorted, 99), max: sorted.at(-1) ?? 0 },
      veryLate: veryLate.length,
      veryLateByItself: veryLate.filter(({ atMs, lateMs }) => {
        return !seen.some((stall) => Math.abs(stall.atMs - atMs) < lateMs + stall.lateMs);
      }).length,
      controlMs: control.lateMs,
      controlCpuMs: control.cpuMs,
    };
  }

  #note(socket: Socket, packet: unknown): void {
    if (!this.#control || !isVoice(packet)) return;
    const times = this.#sentAtMs.get(socket);
    if (times) times.push(performance.now());
    else this.#sentAtMs.set(socket, [performance.now()]);
  }
}

function isVoice(packet: unknown): boolean {
  const head = Array.isArray(packet) ? (packet[0] as unknown) : packet;
  if (!(head instanceof Uint8Array)) return false;
  const isLong = head.length >= LEAST_RTP_BYTES || Array.isArray(packet);
  return isLong && head[0]! >> 6 === RTP_VERSION && (head[1]! & 0x7f) === OPUS_PAYLOAD_TYPE;
}

interface LateFrame {
  readonly atMs: number;
  readonly lateMs: number;
}

/**
 * Each frame against the stream's own timeline, before or behind it, whichever is kinder: after a stall a stream may go
 * on later than before, and what that skipped is counted as lost. The frame that ends a stall is as late as it was long.
 */
function latenessOf(times: readonly number[]): LateFrame[] {
  const offsets = times.map((atMs, index) => atMs - index * FRAME_MS);
  const earliest = (from: number, to: number): number => Math.min(...offsets.slice(Math.max(0, from), to));
  return times.map((atMs, index) => {
    const before = earliest(index - WINDOW_FRAMES, index + 1);
    const behind = earliest(index, index + WINDOW_FRAMES);
    const stallMs = index === 0 ? 0 : atMs - times[index - 1]! - FRAME_MS;
    const lateMs = Math.max(offsets[index]! - Math.max(before, behind), stallMs);
    return { atMs: performance.timeOrigin + atMs, lateMs };
  });
}

function missingIn(times: readonly number[]): number {
  const slots = Math.round((times.at(-1)! - times[0]!) / FRAME_MS) + 1;
  return Math.max(0, slots - times.length);
}
