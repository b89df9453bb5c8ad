/** How well frames kept their time: of one guild, or of all guilds of the process. */
export interface PaceCounts {
  /** Frames of songs that were sent. */
  readonly sent: number;
  /** Sent more than 20 ms after their time. */
  readonly late20: number;
  /** Sent more than 60 ms after their time. */
  readonly late60: number;
  readonly maxLatenessMs: number;
  /** Frames sent at once with the next ones, because their own time had passed unused. */
  readonly caughtUp: number;
  /** Times for a frame that passed unused: the song went on that much later. */
  readonly missed: number;
  /** Times the song was not there when its next frame was due. */
  readonly underruns: number;
  /** Silence that was heard because of them. */
  readonly underrunMs: number;
}

/** Counts, and shares all it counts with the counts of a greater whole. */
export class PaceMeter {
  readonly #whole: PaceMeter | undefined;
  readonly #counts = {
    sent: 0,
    late20: 0,
    late60: 0,
    maxLatenessMs: 0,
    caughtUp: 0,
    missed: 0,
    underruns: 0,
    underrunMs: 0,
  };

  constructor(whole?: PaceMeter) {
    this.#whole = whole;
  }

  get counts(): PaceCounts {
    return { ...this.#counts };
  }

  sent(latenessMs: number, isCatchUp: boolean): void {
    const counts = this.#counts;
    counts.sent += 1;
    if (latenessMs > 20) counts.late20 += 1;
    if (latenessMs > 60) counts.late60 += 1;
    if (latenessMs > counts.maxLatenessMs) counts.maxLatenessMs = latenessMs;
    if (isCatchUp) counts.caughtUp += 1;
    this.#whole?.sent(latenessMs, isCatchUp);
  }

  missed(frames: number): void {
    this.#counts.missed += frames;
    this.#whole?.missed(frames);
  }

  underrunBegan(): void {
    this.#counts.underruns += 1;
    this.#whole?.underrunBegan();
  }

  underrunEnded(ms: number): void {
    this.#counts.underrunMs += ms;
    this.#whole?.underrunEnded(ms);
  }
}
