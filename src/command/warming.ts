import { randomBytes } from "node:crypto";
import type { Clock } from "../core/clock.ts";
import { AppError, toAppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Track } from "../core/track.ts";
import { errorText, type Texts } from "../texts/texts.ts";
import type { Prepared } from "./cache-tools.ts";
import { LiveMessage } from "./live-message.ts";
import { buttonId, type MessageHandle, type Panel } from "./panel.ts";
import { songTitle } from "./song-panels.ts";

/** What fetching a list for later needs to know. */
export interface WarmWish {
  /** The songs, as they become known. */
  readonly songs: (signal: AbortSignal) => Promise<AsyncIterable<Track>>;
  readonly prepare: (track: Track, signal: AbortSignal) => Promise<Prepared>;
  /** Sends the one message that shows how far it is. */
  readonly answer: (panel: Panel) => Promise<MessageHandle>;
  /** Language of that message. */
  readonly texts: Texts;
}

interface Job {
  readonly number: string;
  readonly texts: Texts;
  readonly stop: AbortController;
  readonly message: LiveMessage;
  readonly counts: Record<Prepared | "failed", number>;
  /** Failures since the last song that could be fetched. */
  failedInARow: number;
  drawnAtMs: number;
}

/** Of a list, so that one link cannot fill the cache for days. */
const MOST_SONGS = 200;
/** A source that refuses so often in a row is not asked for more. */
const MOST_FAILURES_IN_A_ROW = 5;
const REDRAW_MS = 3_000;

/** Fetches lists of songs for later: one list at a time, one song at a time, in the background. */
export class Warming {
  readonly #clock: Clock;
  readonly #log: Logger;
  #job: Job | undefined;
  /** Settles when nothing is being fetched any more. */
  settled: Promise<void> = Promise.resolve();

  constructor(deps: { readonly clock: Clock; readonly log: Logger }) {
    this.#clock = deps.clock;
    this.#log = deps.log;
  }

  /**
   * Answers and begins; the rest happens in the background, until the signal fires or somebody cancels.
   * @throws {AppError} `WARMING_BUSY`
   */
  async start(wish: WarmWish, signal: AbortSignal): Promise<void> {
    if (this.#job) throw new AppError("WARMING_BUSY");
    const number = randomBytes(6).toString("hex");
    const counts = { "there already": 0, fetched: 0, unstored: 0, failed: 0 };
    const { texts } = wish;
    const shown = warmingPanel({ number, texts, counts }, undefined);
    const sending = wish.answer(shown).then((handle) => ({ handle, shown }));
    const message = new LiveMessage(sending, this.#log);
    const stop = new AbortController();
    const job: Job = { number, texts, stop, message, counts, failedInARow: 0, drawnAtMs: 0 };
    this.#job = job;
    try {
      await sending;
    } catch (error) {
      this.#job = undefined;
      throw error;
    }
    this.settled = this.#work(job, wish, AbortSignal.any([signal, job.stop.signal]));
  }

  /** Ends the job of that number after the song it is at. False when it is over already. */
  cancel(number: string): boolean {
    if (this.#job?.number !== number) return false;
    this.#job.stop.abort();
    return true;
  }

  /** Never rejects: what went wrong is in the message. */
  async #work(job: Job, wish: WarmWish, signal: AbortSignal): Promise<void> {
    let end: string;
    try {
      end = await this.#fetchAll(job, wish, signal);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.severity !== "user") this.#log.warn("warming.failed", { error });
      end = signal.aborted ? job.texts.warming.cancelled : errorText(error, job.texts);
    }
    this.#job = undefined;
    this.#log.info("warming.ended", { ...job.counts });
    job.message.show(warmedPanel(job, end));
  }

  /** Returns why it ended. */
  async #fetchAll(job: Job, wish: WarmWish, signal: AbortSignal): Promise<string> {
    const { warming } = job.texts;
    let seen = 0;
    for await (const track of await wish.songs(signal)) {
      if (signal.aborted) return warming.cancelled;
      if (seen === MOST_SONGS) return warming.listGoesOn({ most: MOST_SONGS });
      seen += 1;
      this.#draw(job, track);
      const failure = await this.#fetchOne(job, () => wish.prepare(track, signal));
      if (signal.aborted) return warming.cancelled;
      if (failure && job.failedInARow === MOST_FAILURES_IN_A_ROW)
        return warming.gaveUp({ failures: MOST_FAILURES_IN_A_ROW, last: errorText(failure, job.texts) });
      if (job.counts.unstored > 0) return warming.unstored;
    }
    return warming.allSeen;
  }

  async #fetchOne(job: Job, prepare: () => Promise<Prepared>): Promise<AppError | undefined> {
    try {
      job.counts[await prepare()] += 1;
      job.failedInARow = 0;
      return undefined;
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code === "ABORTED") return error;
      job.counts.failed += 1;
      job.failedInARow += 1;
      return error;
    }
  }

  #draw(job: Job, track: Track): void {
    const nowMs = this.#clock.monotonicMs();
    if (job.drawnAtMs !== 0 && nowMs - job.drawnAtMs < REDRAW_MS) return;
    job.drawnAtMs = nowMs;
    job.message.show(warmingPanel(job, track));
  }
}

type Shown = Pick<Job, "number" | "texts" | "counts">;

function warmingPanel({ number, texts, counts }: Shown, track: Track | undefined): Panel {
  const { warming } = texts;
  return {
    tone: "waiting",
    title: warming.running,
    lines: [summary(counts, texts), track ? warming.now({ song: songTitle(track) }) : warming.reading],
    footer: warming.pace,
    buttons: [{ label: warming.buttons.cancel, id: buttonId("cache", "cancel", number), style: "secondary" }],
  };
}

function warmedPanel({ texts, counts }: Shown, end: string): Panel {
  const isWhole = counts.failed === 0 && counts.unstored === 0;
  return {
    tone: isWhole ? "done" : "warning",
    title: texts.warming.ended,
    lines: [summary(counts, texts), end],
  };
}

function summary(counts: Job["counts"], { warming }: Texts): string {
  const { fetched, "there already": there, failed } = counts;
  const sums = warming.sums({ fetched, there });
  return failed > 0 ? `${sums} · ${warming.failed({ failed })}` : sums;
}
