/** Where the frames of one guild go: 20 ms of Opus each. */
export interface FrameSink {
  /**
   * Sends a frame now. False = not possible at the moment (the connection is away, an encrypted call has not let us
   * in): the same frame is offered again a frame's length later, so nothing of a song is lost.
   * @throws {AppError} when no frame will ever go out
   */
  send(frame: Buffer): boolean;
  /** No frame follows for a while; tells the others that we stopped speaking. */
  rest(): void;
}

/** 20 ms of silence. https://docs.discord.com/developers/topics/voice-connections#voice-data-interpolation */
export const SILENCE_FRAME = Buffer.from([0xf8, 0xff, 0xfe]);

/** Frames of silence that end a stretch of sound; without them listeners' clients would make some sound up. */
export const SILENCE_FRAMES = 5;
