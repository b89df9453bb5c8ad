// What is heard of a song while it arrives: a file without a name that one writes and many read from its beginning.
import { type FileHandle, open, rm } from "node:fs/promises";
import { Change } from "../core/change.ts";
import { AppError, toAppError } from "../core/errors.ts";
import { type OpusPackets, PACKET_MS, type Playback } from "../core/opus-packets.ts";
import type { Rest } from "../core/rest.ts";
import type { OggPage } from "./ogg-page.ts";
import type { OpenOpusFile, OpusFile } from "./transcoder.ts";

/** Samples at 48 kHz. */
const AUDIBLE_SAMPLES = 48_000;

/** One who has opened it, or is about to. */
interface Listener {
  atMs: number;
}

/** An Ogg Opus file that grows. It is closed when it is released and nobody reads it any more. */
export class Tape implements OpusFile {
  readonly file: FileHandle;
  readonly #change = new Change();
  readonly #audible = Promise.withResolvers<void>();
  #bytes = 0;
  #rest: Rest = { status: "coming" };
  #users = 1;
  readonly #listeners = new Set<Listener>();

  private constructor(file: FileHandle) {
    this.file = file;
  }

  /** @throws {AppError} `DISK_FULL`, `CACHE_UNWRITABLE` */
  static async create(path: string): Promise<Tape> {
    try {
      const file = await open(path, "wx+");
      await rm(path, { force: true });
      return new Tape(file);
    } catch (error) {
      throw toAppError(error);
    }
  }

  /** How far the foremost listener has come, in milliseconds; 0 = nobody listens. */
  get furthestMs(): number {
    return Math.max(0, ...[...this.#listeners].map(({ atMs }) => atMs));
  }

  /** Resolves when a listener has gone on, or something was written. */
  async changed(signal: AbortSignal): Promise<void> {
    await this.#change.next(signal);
  }

  /** Resolves when about a second is there, or all of a shorter song. */
  get audible(): Promise<void> {
    return this.#audible.promise;
  }

  /** One writer, one page at a time. @throws {AppError} `DISK_FULL` */
  async append({ raw, granule }: OggPage): Promise<void> {
    const { bytesWritten } = await this.file
      .write(raw, 0, raw.length, this.#bytes)
      .catch((error: unknown) => {
        throw toAppError(error);
      });
    // What a disk that is nearly full does before it refuses.
    if (bytesWritten < raw.length) throw new AppError("DISK_FULL");
    this.#bytes += raw.length;
    if (granule >= AUDIBLE_SAMPLES) this.#audible.resolve();
    this.#change.tell();
  }

  /** Nothing more is written; `error` = why it ends too early. */
  end(error?: AppError): void {
    this.#rest = error ? { status: "failed", error } : { status: "ended" };
    if (!error) this.#audible.resolve();
    this.#change.tell();
  }

  async grown(bytes: number, signal: AbortSignal): Promise<boolean> {
    for (;;) {
      if (this.#bytes > bytes) return true;
      if (this.#rest.status === "ended") return false;
      if (this.#rest.status === "failed") throw this.#rest.error;
      await this.#change.next(signal);
    }
  }

  /** Packets for one listener, whose place is counted. */
  async listen(openOpusFile: OpenOpusFile, playback: Playback, signal: AbortSignal): Promise<OpusPackets> {
    this.#users += 1;
    const listener = { atMs: playback.startMs };
    this.#listeners.add(listener);
    this.#change.tell();
    try {
      return this.#counted(await openOpusFile(this, playback, signal), listener);
    } catch (error) {
      this.#listeners.delete(listener);
      await this.release();
      throw error;
    }
  }

  async release(): Promise<void> {
    this.#users -= 1;
    if (this.#users === 0) await this.file.close();
  }

  #counted(packets: OpusPackets, listener: Listener): OpusPackets {
    let isOpen = true;
    return {
      next: () => {
        const packet = packets.next();
        if (typeof packet !== "string") this.#heard(listener);
        return packet;
      },
      ready: (signal) => packets.ready(signal),
      close: async () => {
        if (!isOpen) return;
        isOpen = false;
        this.#listeners.delete(listener);
        await packets.close();
        await this.release();
      },
    };
  }

  #heard(listener: Listener): void {
    const furthestMs = this.furthestMs;
    listener.atMs += PACKET_MS;
    if (listener.atMs > furthestMs) this.#change.tell();
  }
}
