// A live stream: what comes in is decoded, levelled by a gain that follows, encoded, and heard by all who want it.
import { setTimeout as delay } from "node:timers/promises";
import { untilAborted } from "../core/abort.ts";
import type { AudioProfile } from "../core/audio-profile.ts";
import type { Clock } from "../core/clock.ts";
import { AppError, toAppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { FfmpegDeps } from "./ffmpeg-run.ts";
import { type Feed, decodeBytes, write } from "./live-decoder.ts";
import { LiveEdge } from "./live-edge.ts";
import { startEncoder } from "./live-encoder.ts";
import { applyGain, nextGainDb, wantedGainDb } from "./live-gain.ts";
import { BLOCK_MS, BLOCK_SAMPLES, LoudnessMeter } from "./live-loudness.ts";
import { readHead } from "./live-stream-head.ts";
import { PacketAssembler } from "./ogg-opus.ts";
import type { OggPage } from "./ogg-page.ts";

export interface LiveStreamDeps extends FfmpegDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Waits before each new try of a stream that broke off, in milliseconds; after the last it is lost. */
  readonly pausesMs?: readonly number[];
}

/** Where a stream comes from: one connection each time. It ends when it is closed, and throws when it breaks off. */
export type Connect = (signal: AbortSignal) => AsyncIterable<Buffer>;

export interface LiveStreamRequest {
  readonly connect: Connect;
  readonly profile: AudioProfile;
}

/** A minute in all: as long as a restart of a station takes. */
const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
/** Stations close when they begin anew, and at the end of a broadcast: then the next song does not wait for long. */
const TRIES_WHEN_CLOSED = 3;
/** A connection that lasted so long was a good one: the next break begins with the shortest pause. */
const GOOD_MS = 30_000;
/** A connection over which nothing comes for so long is dead. */
const STALL_MS = 20_000;
/** Stations send the last seconds at once to who connects; what comes faster than it is played has to wait behind this. */
const AHEAD_MS = 10_000;
const SILENCE_LUFS = -70;
/** The gain is found by looking so far ahead. */
const LOOK_AHEAD_BLOCKS = 1_000 / BLOCK_MS;

/**
 * Two ffmpeg processes, however many listen, and the gain between them in here: a minute of it takes 2.2 s of processor
 * time with one listener, 1.2 of them in the children, and 2.6 s with fifty, besides what sending costs. The bytes come through a pipe: ffmpeg is
 * given no address, so that what stands in a playlist is fetched only by who checks addresses.
 */
export class LiveStream {
  readonly edge = new LiveEdge();
  readonly #deps: LiveStreamDeps;
  readonly #request: LiveStreamRequest;
  readonly #meter = new LoudnessMeter();
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #gainDb: number | undefined;
  /** Heard over this connection. */
  #encodedMs = 0;

  constructor(deps: LiveStreamDeps, request: LiveStreamRequest) {
    this.#deps = deps;
    this.#request = request;
    this.#running = this.#run();
  }

  /** Ends it for everybody. Resolves when no child is left. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** Never rejects: what befalls the stream is told by its edge. */
  async #run(): Promise<void> {
    const { signal } = this.#stop;
    let failures = 0;
    let hasClosed = false;
    for (;;) {
      const error = await this.#connection(signal).then(() => undefined, toAppError);
      if (signal.aborted) return this.edge.end(new AppError("ABORTED"));
      if (this.#encodedMs >= GOOD_MS) failures = 0;
      // A station that has closed and is not there again is over, whatever is found in its place.
      hasClosed = error === undefined || (hasClosed && this.#encodedMs === 0);
      const pauseMs = this.#pauseAfter(failures, hasClosed, error);
      if (pauseMs === undefined) return this.edge.end(hasClosed && this.#wasThere ? undefined : error);
      failures += 1;
      this.#deps.logger.warn("live.broken", { error, pauseMs, tries: failures });
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** `undefined` = it is not tried again. */
  #pauseAfter(failures: number, hasClosed: boolean, error: AppError | undefined): number | undefined {
    if (!this.#wasThere || error?.code === "LIVE_ENDED") return undefined;
    const { pausesMs = PAUSES_MS } = this.#deps;
    return pausesMs.slice(0, hasClosed ? TRIES_WHEN_CLOSED : pausesMs.length)[failures];
  }

  get #wasThere(): boolean {
    return this.#meter.measuredMs > 0;
  }

  /** From one connection to its end. */
  async #connection(signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const ended = AbortSignal.any([signal, stop.signal]);
    const { connect, profile } = this.#request;
    const startedAtMs = this.#deps.clock.monotonicMs();
    this.#encodedMs = 0;
    const encoder = startEncoder(this.#deps, { profile, tape: packetsTo(this.edge) }, ended);
    try {
      const bytes = patiently(connect(ended), ended);
      const { demuxer, rest } = await readHead(bytes);
      const source = { demuxer, effect: profile.effect, skipSamples: 0, feed: feedOf(rest) };
      const ahead: Ahead[] = [];
      const encode = async ({ block }: Ahead): Promise<void> => encoder.write(this.#level(block, ahead));
      for await (const block of decodeBytes(this.#deps, source, ended)) {
        ahead.push({ block, loudnessLufs: this.#meter.add(block) });
        if (ahead.length > LOOK_AHEAD_BLOCKS) await encode(ahead.shift()!);
        await this.#keepPace(startedAtMs, ended);
      }
      for (const last of ahead) await encode(last);
      await encoder.finish(true);
    } finally {
      stop.abort();
      await encoder.close();
    }
  }

  /** The same block, at its gain. */
  #level(block: Float32Array, ahead: readonly Ahead[]): Float32Array {
    const durationMs = (block.length / BLOCK_SAMPLES) * BLOCK_MS;
    this.#encodedMs += durationMs;
    const { loudnessTargetLufs } = this.#request.profile;
    if (loudnessTargetLufs === null) return block;
    const { integratedLufs, measuredMs } = this.#meter;
    const loudestAheadLufs = Math.max(...ahead.map(({ loudnessLufs }) => loudnessLufs), SILENCE_LUFS);
    const hearing = {
      status: "guessed",
      loudnessLufs: integratedLufs,
      measuredMs,
      loudestAheadLufs,
    } as const;
    const gainDb = nextGainDb(this.#gainDb, wantedGainDb(hearing, loudnessTargetLufs), durationMs);
    applyGain(block, this.#gainDb ?? gainDb, gainDb);
    this.#gainDb = gainDb;
    return block;
  }

  async #keepPace(startedAtMs: number, signal: AbortSignal): Promise<void> {
    const leadMs = this.#encodedMs - (this.#deps.clock.monotonicMs() - startedAtMs);
    if (leadMs > AHEAD_MS) await delay(leadMs - AHEAD_MS, undefined, { signal });
  }
}

interface Ahead {
  readonly block: Float32Array;
  readonly loudnessLufs: number;
}

/** Where an encoder puts its pages: packet by packet to those who listen. */
function packetsTo(edge: LiveEdge): { append(page: OggPage): Promise<void> } {
  const assembler = new PacketAssembler();
  // OpusHead and OpusTags come first.
  let skip = 2;
  return {
    append: async (page) => {
      for (const packet of assembler.packets(page)) {
        if (skip > 0) skip -= 1;
        else edge.append(packet);
      }
    },
  };
}

/** The pieces of a stream; one that stands still is as good as broken. */
async function* patiently(
  bytes: AsyncIterable<Buffer>,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  const pieces = bytes[Symbol.asyncIterator]();
  try {
    for (;;) {
      const late = AbortSignal.timeout(STALL_MS);
      const piece = await untilAborted(pieces.next(), AbortSignal.any([signal, late])).catch(
        (error: unknown) => {
          throw late.aborted
            ? new AppError("SOURCE_UNREACHABLE", { detail: "nothing comes any more" })
            : error;
        },
      );
      if (piece.done) return;
      yield piece.value;
    }
  } finally {
    // Not waited for: who waits for bytes that never come cannot be ended before their connection is.
    pieces.return?.().catch(() => undefined);
  }
}

/** Writes a stream's pieces as they come. */
function feedOf(pieces: AsyncIterable<Buffer>): Feed {
  return async (stdin) => {
    try {
      for await (const piece of pieces) if (!(await write(stdin, piece))) break;
      return "end";
    } catch (error) {
      return toAppError(error);
    } finally {
      stdin.end();
    }
  };
}
