/** Length of each packet. */
export const PACKET_MS = 20;

/** Opus packets of one song, 20 ms each, taken without waiting. Everything slow happens between the calls. */
export interface OpusPackets {
  /**
   * The next packet; its bytes are valid until the next call of anything here. `later` = not there yet, `end` = none
   * will follow.
   * @throws {AppError} why reading failed, behind the last packet that is whole
   */
  next(): Buffer | "later" | "end";
  /**
   * Resolves when there is enough to go on with (or the end, or a failure that `next` will throw).
   * @throws {AppError} `ABORTED`
   */
  ready(signal: AbortSignal): Promise<void>;
  /** Frees buffers and, if it owns one, its child process. Idempotent. */
  close(): Promise<void>;
}

/** How a song is to be played. */
export interface Playback {
  /** Where in the song to begin, in milliseconds. */
  readonly startMs: number;
  /** 100 (the default) = the packets as they are; 50 is half the amplitude, 6 dB less. Any other costs a child process. */
  readonly volumePercent?: number;
  /** Most kbit/s of what is heard; not given = as it is. Costs a child process. */
  readonly limitKbps?: number;
}
