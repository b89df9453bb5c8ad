// The live leg: what has arrived is decoded, levelled by a gain that follows, encoded and put on tape.
import { type AudioProfile, tempoOf } from "../core/audio-profile.ts";
import { Change } from "../core/change.ts";
import { AppError, toAppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { isShorter } from "./completeness.ts";
import type { FfmpegDeps } from "./ffmpeg-run.ts";
import { decodeArrival } from "./live-decoder.ts";
import { startEncoder } from "./live-encoder.ts";
import { applyGain, type Hearing, nextGainDb, wantedGainDb } from "./live-gain.ts";
import { BLOCK_MS, BLOCK_SAMPLES, LoudnessMeter } from "./live-loudness.ts";
import { Tape } from "./live-tape.ts";
import type { Arrival, LiveRequest, LiveTranscoder } from "./live.ts";
import type { OpenOpusFile } from "./transcoder.ts";

export interface LiveLegDeps extends FfmpegDeps {
  readonly openOpusFile: OpenOpusFile;
  readonly logger: Logger;
  /** Hears the gain of each tenth of a second. */
  readonly onGain?: (gainDb: number) => void;
}

/** So much is encoded before the foremost listener gets there. */
const AHEAD_MS = 20_000;
/** What is nearer to a listener than this is encoded, however little is known of what comes behind it. */
const NEAR_MS = 5_000;
/** So much is decoded, and looked at, before it is encoded: 3.8 MB of samples. */
const LOOK_AHEAD_BLOCKS = 10_000 / BLOCK_MS;
/** For that the first sound waits no longer than this: as long as a slow source needs for the first second anyway. */
const FIRST_LOOK_MS = 1_000;
/** A source that stands still for so long is not waited for. */
const FIRST_PAUSE_MS = 250;
const SAMPLES_PER_MS = BLOCK_SAMPLES / BLOCK_MS;

/** Two ffmpeg processes for each song, and the gain between them in here. */
export function createLiveTranscoder(deps: LiveLegDeps): LiveTranscoder {
  return {
    start: (request, signal) => {
      const making = request.arrival.next(undefined, signal).then(() => Tape.create(request.tapePath()));
      const ended = making.then(
        (tape) => new LiveLeg(deps, request, tape).run(signal),
        (error: unknown) => deps.logger.debug("audio.not_live", { error }),
      );
      const { promise: audible, resolve } = Promise.withResolvers<void>();
      making.then((tape) => tape.audible).then(resolve, () => undefined);
      return {
        audible,
        ended,
        open: async (playback, stop) => (await making).listen(deps.openOpusFile, playback, stop),
        release: async () => {
          await ended;
          await making.then((tape) => tape.release()).catch(() => undefined);
        },
      };
    },
  };
}

interface Ahead {
  readonly block: Float32Array;
  readonly loudnessLufs: number;
}

type Decoding =
  | { readonly status: "running" }
  | { readonly status: "done" }
  | { readonly status: "failed"; readonly error: AppError };

class LiveLeg {
  readonly #deps: LiveLegDeps;
  readonly #arrival: Arrival;
  readonly #profile: AudioProfile;
  readonly #tape: Tape;
  readonly #meter = new LoudnessMeter();
  readonly #change = new Change();
  readonly #ahead: Ahead[] = [];
  #decoding: Decoding = { status: "running" };
  #gainDb: number | undefined;
  #samples = 0;

  constructor(deps: LiveLegDeps, { arrival, profile }: LiveRequest, tape: Tape) {
    this.#deps = deps;
    this.#arrival = arrival;
    this.#profile = profile;
    this.#tape = tape;
  }

  /** Never rejects: what befalls the song is told by the tape, where it ends. */
  async run(signal: AbortSignal): Promise<void> {
    // The other half must not wait for ever when one of them has failed.
    const stop = new AbortController();
    const ended = AbortSignal.any([signal, stop.signal]);
    const decoding = this.#decode(ended);
    try {
      await this.#encode(ended);
      this.#tape.end();
    } catch (error) {
      this.#tape.end(signal.aborted ? new AppError("ABORTED") : toAppError(error));
    } finally {
      stop.abort();
      await decoding;
    }
  }

  async #decode(signal: AbortSignal): Promise<void> {
    const song = { arrival: this.#arrival, effect: this.#profile.effect };
    try {
      for await (const block of decodeArrival(this.#deps, song, signal)) {
        // Only where nobody else has measured it is it measured here.
        const loudnessLufs = this.#isFollowed() ? this.#meter.add(block) : Number.NEGATIVE_INFINITY;
        this.#ahead.push({ block, loudnessLufs });
        this.#change.tell();
        while (this.#ahead.length >= LOOK_AHEAD_BLOCKS) await this.#change.next(signal);
      }
      this.#decoding = { status: "done" };
    } catch (error) {
      this.#decoding = { status: "failed", error: toAppError(error) };
    }
    this.#change.tell();
  }

  async #encode(signal: AbortSignal): Promise<void> {
    const encoder = startEncoder(this.#deps, { profile: this.#profile, tape: this.#tape }, signal);
    try {
      await this.#firstLook(signal);
      for (let next = await this.#next(signal); next; next = await this.#next(signal)) {
        this.#level(next);
        await encoder.write(next.block);
        this.#samples += next.block.length;
      }
      const failure = this.#whyCut() ?? (await this.#whyRefused(signal));
      await encoder.finish(failure === undefined);
      if (failure) throw failure;
    } finally {
      await encoder.close();
    }
  }

  /** As much as can be known of the song's loudness without letting people wait for it. */
  async #firstLook(signal: AbortSignal): Promise<void> {
    while (this.#ahead.length === 0 && this.#isDecoding()) await this.#change.next(signal);
    const late = AbortSignal.timeout(FIRST_LOOK_MS);
    while (this.#isFollowed() && this.#ahead.length < LOOK_AHEAD_BLOCKS && this.#isDecoding()) {
      const enough = AbortSignal.any([signal, late, AbortSignal.timeout(FIRST_PAUSE_MS)]);
      await this.#change.next(enough).catch(() => undefined);
      if (enough.aborted) return;
    }
  }

  /** The next block, when the listeners are near enough to it; `undefined` = there is no more. */
  async #next(signal: AbortSignal): Promise<Ahead | undefined> {
    while (this.#leadMs >= AHEAD_MS || (this.#ahead.length < this.#neededBlocks && this.#isDecoding()))
      await Promise.race([this.#change.next(signal), this.#tape.changed(signal)]);
    const next = this.#ahead.shift();
    this.#change.tell();
    return next;
  }

  /** Where nobody is near, the gain is found by looking as far ahead as possible. */
  get #neededBlocks(): number {
    return this.#isFollowed() && this.#leadMs >= NEAR_MS ? LOOK_AHEAD_BLOCKS : 1;
  }

  get #leadMs(): number {
    return this.#encodedMs - this.#tape.furthestMs;
  }

  get #encodedMs(): number {
    return this.#samples / SAMPLES_PER_MS;
  }

  #isDecoding(): boolean {
    return this.#decoding.status === "running";
  }

  /** Why the song has no right end; `undefined` = it has. */
  #whyCut(): AppError | undefined {
    if (this.#decoding.status === "failed") return this.#decoding.error;
    const { durationMs } = this.#arrival;
    const decodedMs = this.#encodedMs * tempoOf(this.#profile);
    const isCut = decodedMs === 0 || (durationMs !== null && isShorter(decodedMs, durationMs));
    return isCut ? new AppError("AUDIO_INCOMPLETE", { decodedMs, durationMs }) : undefined;
  }

  async #whyRefused(signal: AbortSignal): Promise<AppError | undefined> {
    return this.#arrival.accepted(signal).then(() => undefined, toAppError);
  }

  /** False where the gain is fixed. */
  #isFollowed(): boolean {
    return this.#profile.loudnessTargetLufs !== null && this.#arrival.loudnessLufs === null;
  }

  #level({ block, loudnessLufs }: Ahead): void {
    const { loudnessTargetLufs } = this.#profile;
    if (loudnessTargetLufs === null) return;
    const wanted = wantedGainDb(this.#hearing(loudnessLufs), loudnessTargetLufs);
    const gainDb = nextGainDb(this.#gainDb, wanted, block.length / SAMPLES_PER_MS);
    applyGain(block, this.#gainDb ?? gainDb, gainDb);
    this.#gainDb = gainDb;
    this.#deps.onGain?.(gainDb);
  }

  #hearing(nextLufs: number): Hearing {
    const { loudnessLufs: known } = this.#arrival;
    if (known !== null) return { status: "known", loudnessLufs: known };
    const { integratedLufs: loudnessLufs, measuredMs } = this.#meter;
    // All of it has been looked at.
    if (this.#decoding.status === "done" && loudnessLufs !== null) return { status: "known", loudnessLufs };
    const loudestAheadLufs = this.#ahead.reduce(
      (most, ahead) => Math.max(most, ahead.loudnessLufs),
      nextLufs,
    );
    return { status: "guessed", loudnessLufs, measuredMs, loudestAheadLufs };
  }
}
