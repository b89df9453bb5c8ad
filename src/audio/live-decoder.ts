// From a growing file to samples: a child that is fed what has arrived.
import type { Writable } from "node:stream";
import { AppError, toAppError } from "../core/errors.ts";
import type { Effect } from "../core/audio-profile.ts";
import type { ChildPipes } from "../process/runner.ts";
import { type FfmpegDeps, inputArgs, runFfmpeg } from "./ffmpeg-run.ts";
import { heardFilter } from "./filters.ts";
import { streamable } from "./live-container.ts";
import { BLOCK_SAMPLES } from "./live-loudness.ts";
import type { Arrival, GrowingFile } from "./live.ts";
import type { LiveDemuxer } from "./sniff.ts";

/** A song may be held for long. Before what nobody waits for, and behind the bot itself. */
const LIVE_BUDGET = { durationMs: 24 * 3600 * 1000, fileBytes: 0, niceness: 5 };
const READ_BYTES = 64 * 1024;
const SAMPLE_BYTES = 4;

/** A song on its way, and what is done to its music; by that it may become longer or shorter. */
export interface DecodedSong {
  readonly arrival: Arrival;
  readonly effect: Effect | undefined;
}

/**
 * Samples of a whole song in blocks, over all files in which it arrives: where a file is replaced by another one, the
 * next goes on at the same position. Nothing comes from a song that can be decoded only when it is whole.
 * @throws {AppError} why the song ends too early, behind its last sample
 */
export async function* decodeArrival(
  deps: FfmpegDeps,
  { arrival, effect }: DecodedSong,
  signal: AbortSignal,
): AsyncGenerator<Float32Array, void, undefined> {
  let samples = 0;
  let file = await arrival.next(undefined, signal);
  while (file) {
    const demuxer = await streamable(file, signal);
    if (demuxer) {
      const current = file;
      const feed: Feed = (stdin, ended) => feedFile(current, stdin, ended);
      for await (const block of decodeBytes(deps, { demuxer, effect, feed, skipSamples: samples }, signal)) {
        samples += block.length;
        yield block;
      }
    }
    file = await arrival.next(file, signal);
    if (!file && !demuxer && samples > 0)
      throw new AppError("AUDIO_INCOMPLETE", { detail: "what came instead cannot be decoded as it grows" });
  }
}

/** Writes all that there is to decode and closes the pipe; never rejects. `anew` = another decoder goes on. */
export type Feed = (stdin: Writable, signal: AbortSignal) => Promise<"end" | "anew" | AppError>;

export interface DecodeJob {
  readonly feed: Feed;
  readonly demuxer: LiveDemuxer;
  readonly effect: Effect | undefined;
  /** Heard already, from another file. */
  readonly skipSamples: number;
}

/** Samples of what a decoder is fed, in blocks. @throws {AppError} why there are no more, behind the last one */
export async function* decodeBytes(
  deps: FfmpegDeps,
  { feed, demuxer, effect, skipSamples }: DecodeJob,
  signal: AbortSignal,
): AsyncGenerator<Float32Array, void, undefined> {
  const stop = new AbortController();
  const ended = AbortSignal.any([signal, stop.signal]);
  const filter = ["-af", heardFilter(effect)];
  const args = [...inputArgs({ path: null, demuxer }), ...filter, "-f", "f32le", "pipe:1"];
  const { running, pipes } = startWithPipes(deps, args, ended);
  try {
    const { stdin, stdout } = await pipes;
    const feeding = feed(stdin, ended);
    const blocks = new Blocks(skipSamples);
    for await (const chunk of stdout) yield* blocks.add(chunk as Buffer);
    const how = await feeding;
    if (how instanceof AppError) throw how;
    if (how === "anew") return;
    await running;
    yield* blocks.rest();
  } catch (error) {
    throw toAppError(error);
  } finally {
    stop.abort();
    await running.catch(() => undefined);
  }
}

/** Starts ffmpeg; both promises fail when it cannot be started. */
export function startWithPipes(
  deps: FfmpegDeps,
  args: readonly string[],
  signal: AbortSignal,
): { readonly running: Promise<unknown>; readonly pipes: Promise<ChildPipes> } {
  const { promise: pipes, resolve, reject } = Promise.withResolvers<ChildPipes>();
  const running = runFfmpeg(deps, { args, onPipes: resolve }, LIVE_BUDGET, signal);
  running.catch(reject);
  pipes.catch(() => undefined);
  return { running, pipes };
}

/** Writes all that comes of the file. A decoder that ended early tells by itself why. */
async function feedFile(
  file: GrowingFile,
  stdin: Writable,
  signal: AbortSignal,
): Promise<"end" | "anew" | AppError> {
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  try {
    for (let position = 0; ;) {
      const bytes = await file.read(buffer, position, signal);
      if (bytes === "anew" || bytes === 0) return bytes === 0 ? "end" : bytes;
      position += bytes;
      if (!(await write(stdin, buffer.subarray(0, bytes)))) return "end";
    }
  } catch (error) {
    return toAppError(error);
  } finally {
    stdin.end();
  }
}

/** Resolves when the bytes were taken over; false = there is nobody who takes them. */
export async function write(stdin: Writable, bytes: Uint8Array): Promise<boolean> {
  if (!stdin.writable) return false;
  return new Promise((resolve) => {
    stdin.write(bytes, (error) => resolve(!error));
  });
}

/** Cuts bytes into blocks of samples, without those that are skipped. */
class Blocks {
  #skipBytes: number;
  #block = new Uint8Array(BLOCK_SAMPLES * SAMPLE_BYTES);
  #have = 0;

  constructor(skipSamples: number) {
    this.#skipBytes = skipSamples * SAMPLE_BYTES;
  }

  *add(chunk: Buffer): Generator<Float32Array, void, undefined> {
    let at = Math.min(this.#skipBytes, chunk.length);
    this.#skipBytes -= at;
    while (at < chunk.length) {
      const part = chunk.subarray(at, at + this.#block.length - this.#have);
      this.#block.set(part, this.#have);
      this.#have += part.length;
      at += part.length;
      if (this.#have === this.#block.length) yield this.#take();
    }
  }

  /** What is left at the end, less than a block. */
  *rest(): Generator<Float32Array, void, undefined> {
    if (this.#have > 0) yield this.#take();
  }

  #take(): Float32Array {
    const samples = new Float32Array(this.#block.buffer, 0, Math.floor(this.#have / 2 / SAMPLE_BYTES) * 2);
    this.#block = new Uint8Array(BLOCK_SAMPLES * SAMPLE_BYTES);
    this.#have = 0;
    // A float file may hold anything: one NaN would be the loudness, and the gain, of all that follows.
    for (let at = 0; at < samples.length; at += 1) if (!Number.isFinite(samples[at])) samples[at] = 0;
    return samples;
  }
}
