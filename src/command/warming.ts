import { randomBytes } from "node:crypto";
import type { Clock } from "../core/clock.ts";
import { AppError, toAppError } from "../core/errors.ts";
import { plural } from "../core/format.ts";
import type { Logger } from "../core/logger.ts";
import type { Track } from "../core/track.ts";
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
}

interface Job {
  readonly number: string;
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
    const shown = warmingPanel(number, counts, undefined);
    const sending = wish.answer(shown).then((handle) => ({ handle, shown }));
    const message = new LiveMessage(sending, this.#log);
    const job: Job = { number, stop: new AbortController(), message, counts, failedInARow: 0, drawnAtMs: 0 };
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
      end = signal.aborted ? "Cancelled." : error.message;
    }
    this.#job = undefined;
    this.#log.info("warming.ended", { ...job.counts });
    job.message.show(warmedPanel(job.counts, end));
  }

  /** Returns why it ended. */
  async #fetchAll(job: Job, wish: WarmWish, signal: AbortSignal): Promise<string> {
    let seen = 0;
    for await (const track of await wish.songs(signal)) {
      if (signal.aborted) return "Cancelled.";
      if (seen === MOST_SONGS) return `The list goes on; only its first ${MOST_SONGS} songs were looked at.`;
      seen += 1;
      this.#draw(job, track);
      const failure = await this.#fetchOne(job, () => wish.prepare(track, signal));
      if (signal.aborted) return "Cancelled.";
      if (failure && job.failedInARow === MOST_FAILURES_IN_A_ROW)
        return `Stopped after ${MOST_FAILURES_IN_A_ROW} failures in a row. The last one: ${failure.message}`;
      if (job.counts.unstored > 0) return "Stopped: songs are not being stored now.";
    }
    return "All songs were looked at.";
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
    job.message.show(warmingPanel(job.number, job.counts, track));
  }
}

function warmingPanel(number: string, counts: Job["counts"], track: Track | undefined): Panel {
  return {
    tone: "waiting",
    title: "Fetching songs for later",
    lines: [summary(counts), track ? `Now: ${songTitle(track)}` : "Reading the playlist…"],
    footer: "one song at a time, in the background",
    buttons: [{ label: "Cancel", id: buttonId("cache", "cancel", number), style: "secondary" }],
  };
}

function warmedPanel(counts: Job["counts"], end: string): Panel {
  const isWhole = counts.failed === 0 && counts.unstored === 0;
  return {
    tone: isWhole ? "done" : "warning",
    title: "Songs fetched for later",
    lines: [summary(counts), end],
  };
}

function summary({ fetched, "there already": there, failed }: Job["counts"]): string {
  const failures = failed > 0 ? ` · ${plural(failed, "song")} could not be fetched` : "";
  return `**${plural(fetched, "song")}** fetched · ${plural(there, "song")} there already${failures}`;
}
