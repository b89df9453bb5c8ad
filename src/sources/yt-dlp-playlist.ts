// Entries of a list, one by one, while yt-dlp is still reading the next pages.
import { throwIfAborted } from "../core/abort.ts";
import { AppError } from "../core/errors.ts";
import type { Track } from "../core/track.ts";
import type { PlaylistRef } from "./source.ts";
import { parseEntry } from "./yt-dlp-output.ts";
import { runFailure } from "./yt-dlp-process.ts";
import type { StartYtDlp } from "./yt-dlp-process.ts";

const TIMEOUT_MS = 120_000;

/** The process runs ahead of the reader; leaving the loop ends it. Deleted and private entries are left out. */
export async function* playlistEntries(
  start: StartYtDlp,
  { list, args }: { readonly list: PlaylistRef; readonly args: readonly string[] },
  signal: AbortSignal,
): AsyncGenerator<Track, void, undefined> {
  throwIfAborted(signal);
  const stop = new AbortController();
  const arrivals = new Arrivals<Track>();
  const onStdoutLine = (line: string): void => {
    const track = parseEntry(line, list);
    if (track) arrivals.add(track);
  };
  const run = { args, timeoutMs: TIMEOUT_MS, onStdoutLine };
  const finished = outcome(start(run, AbortSignal.any([signal, stop.signal])), arrivals);
  try {
    yield* arrivals;
    const problem = await finished;
    if (problem !== undefined) throw problem;
  } finally {
    stop.abort();
    await finished;
  }
}

/** Never rejects: `undefined` = all went well, else the error. */
async function outcome(run: ReturnType<StartYtDlp>, arrivals: Arrivals<Track>): Promise<unknown> {
  try {
    const result = await run;
    return result.exitCode === 0 ? undefined : listFailure(runFailure(result).error);
  } catch (error) {
    return error;
  } finally {
    arrivals.end();
  }
}

/** What is final for a recording means for a list that it cannot be had. */
function listFailure(error: AppError): AppError {
  const isGone = error.code === "VIDEO_REMOVED" || error.code === "PRIVATE_VIDEO";
  return isGone ? new AppError("PLAYLIST_UNAVAILABLE", error.context, { cause: error }) : error;
}

/** Things that arrive one by one, for one reader. */
class Arrivals<T> {
  readonly #waiting: T[] = [];
  #wake = Promise.withResolvers<void>();
  #isOver = false;

  add(item: T): void {
    this.#waiting.push(item);
    this.#wake.resolve();
  }

  end(): void {
    this.#isOver = true;
    this.#wake.resolve();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (;;) {
      yield* this.#waiting.splice(0);
      if (this.#waiting.length > 0) continue;
      if (this.#isOver) return;
      await this.#wake.promise;
      this.#wake = Promise.withResolvers<void>();
    }
  }
}
