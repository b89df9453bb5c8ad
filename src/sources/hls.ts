/** A live stream of HLS as one run of bytes: its list is asked again and again, its pieces are fetched in their order. */
import { setTimeout as delay } from "node:timers/promises";
import { throwIfAborted } from "../core/abort.ts";
import type { Clock } from "../core/clock.ts";
import { AppError } from "../core/errors.ts";
import type { GuardedFetch, Reply } from "./guarded-fetch.ts";
import { type HlsList, type HlsSegment, parseHls } from "./hls-list.ts";
import { readBytes } from "./read-bytes.ts";

type Pieces = Extract<HlsList, { kind: "pieces" }>;

/** Hours of a broadcast, where each piece has an address of a kilobyte. */
const LIST_BYTES = 2 * 1024 * 1024;
const SEGMENT_BYTES = 32 * 1024 * 1024;
const REQUEST_MS = 15_000;
/** How far behind the newest piece it begins. RFC 8216 §6.3.3 */
const PIECES_BEHIND = 3;
/** The list may stay the same for so many of its longest pieces; then the stream is dead. */
const PATIENCE_PIECES = 10;
const MOST_LOST_IN_A_ROW = 3;
/** The shortest piece that a list can tell of. RFC 8216 §4.3.3.1 */
const SHORTEST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;

/** How a stream is read. */
export interface HlsReading {
  readonly fetch: GuardedFetch;
  readonly clock: Clock;
  /** How it waits between its looks at the list. Default: as long as it says. */
  readonly wait?: Wait | undefined;
}

/** Resolves after so many milliseconds, or when the signal fires. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

/** A list of pieces, and where to ask for it again. */
export interface HlsStream {
  readonly url: URL;
  readonly pieces: Pieces;
}

/**
 * Finds the list of pieces behind a list.
 * @param text what is at `start`, when that was read already
 * @throws {AppError} `SOURCE_UNREACHABLE`, `DRM_PROTECTED`, `NOT_AUDIO`, what the guard says
 */
export async function openHls(
  start: URL,
  { fetch }: Pick<HlsReading, "fetch">,
  signal: AbortSignal,
  text?: string,
): Promise<HlsStream> {
  let page = text === undefined ? await fetch(start, wholeText, within(signal)) : { url: start, text };
  let list = parseHls(page.text, page.url);
  if (list.kind === "choice") {
    page = await fetch(list.best, wholeText, within(signal));
    list = parseHls(page.text, page.url);
  }
  // A list of qualities names lists of pieces and no others.
  if (list.kind === "choice") throw new AppError("NOT_AUDIO", { reason: "lists of lists of lists" });
  return { url: page.url, pieces: list };
}

/**
 * Bytes from about now on, until the stream is over. Stop iterating and nothing more is fetched.
 * @throws {AppError} as {@link openHls}
 */
export async function* readHls(
  { url, pieces }: HlsStream,
  reading: HlsReading,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  let list = pieces;
  let next = Math.max(0, list.segments.length - PIECES_BEHIND) + (list.segments[0]?.number ?? 0);
  const follower = new SegmentFetcher(reading, signal);
  for (let still = 0; still < PATIENCE_PIECES * 2;) {
    const readAtMs = reading.clock.monotonicMs();
    const fresh = list.segments.filter(({ number }) => number >= next);
    for (const segment of fresh) {
      yield* follower.fetch(segment);
      next = segment.number + 1;
    }
    if (list.isOver) return;
    // A list that has not changed is asked again after half a piece. RFC 8216 §6.3.4
    still = fresh.length > 0 ? 0 : still + 1;
    const everyMs = fresh.length > 0 ? list.targetMs : list.targetMs / 2;
    // Whoever listens takes the pieces slowly, so that most of the time is over by now.
    const waitMs = readAtMs + everyMs - reading.clock.monotonicMs();
    await (reading.wait ?? pause)(Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, waitMs)), signal);
    throwIfAborted(signal);
    list = (await openHls(url, reading, signal)).pieces;
  }
  throw new AppError("SOURCE_UNREACHABLE", { host: url.hostname, reason: "the stream stands still" });
}

/** Fetches pieces one after another; one that is gone already is passed over. */
class SegmentFetcher {
  readonly #reading: HlsReading;
  readonly #signal: AbortSignal;
  #init: string | undefined;
  #lost = 0;

  constructor(reading: HlsReading, signal: AbortSignal) {
    this.#reading = reading;
    this.#signal = signal;
  }

  async *fetch({ url, init }: HlsSegment): AsyncGenerator<Buffer, void, undefined> {
    try {
      if (init && init.href !== this.#init) {
        yield await this.#whole(init);
        this.#init = init.href;
      }
      yield await this.#whole(url);
      this.#lost = 0;
    } catch (error) {
      throwIfAborted(this.#signal);
      this.#lost += 1;
      const isLost = error instanceof AppError && error.code === "SOURCE_UNREACHABLE";
      if (!isLost || this.#lost > MOST_LOST_IN_A_ROW) throw error;
    }
  }

  async #whole(url: URL): Promise<Buffer> {
    const { fetch } = this.#reading;
    return await fetch(url, (reply) => wholeBytes(reply, SEGMENT_BYTES), within(this.#signal));
  }
}

async function wholeText(reply: Reply): Promise<{ readonly url: URL; readonly text: string }> {
  return { url: reply.url, text: (await wholeBytes(reply, LIST_BYTES)).toString() };
}

async function wholeBytes(reply: Reply, limitBytes: number): Promise<Buffer> {
  if (reply.status === 200) return await readBytes(reply.body, limitBytes);
  throw new AppError("SOURCE_UNREACHABLE", { host: reply.url.hostname, status: reply.status });
}

function within(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(REQUEST_MS)]);
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
