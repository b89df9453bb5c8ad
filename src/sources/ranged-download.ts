// Downloads a media address piece by piece into a file, going on where a connection was cut.
import { open, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import type { Clock } from "../core/clock.ts";
import { AppError } from "../core/errors.ts";
import { onDisk } from "./disk-errors.ts";
import { DownloadMeter, downloadTimeMs, watched } from "./download-meter.ts";
import type { PaceLimits } from "./download-meter.ts";
import { extractorError } from "./extractor-errors.ts";
import type { ExtractorFetch } from "./extractor-fetch.ts";
import type { DownloadRequest } from "./source.ts";

/** Google's servers slow down whoever asks for more than 10 MiB at once. */
const PIECE_BYTES = 10 * 1024 * 1024;
const MAX_FAILURES = 3;

export interface RangedDownloadOptions {
  readonly fetch: ExtractorFetch;
  readonly clock: Clock;
  readonly pace: PaceLimits;
  /** How often the pace is looked at, in milliseconds. */
  readonly watchEveryMs: number;
}

export interface MediaAddress {
  readonly url: string;
  /** Names the format: another name or another size is another file, which cannot be continued. */
  readonly formatId: string;
  /** `null` = the source did not say. */
  readonly bytes: number | null;
  readonly durationMs: number | null;
  /** Of the whole recording, as the source says. */
  readonly loudnessLufs: number | null;
}

export interface RangedDownloadRequest extends Pick<DownloadRequest, "limits" | "onProgress" | "onFile"> {
  /** A file of ours, made here; removed by the caller. */
  readonly path: string;
}

type Outcome = "complete" | "more" | "nothing";

/** One file, filled from one address or, when that expired, from another one for the same bytes. */
export class RangedDownload {
  readonly #options: RangedDownloadOptions;
  readonly #request: RangedDownloadRequest;
  #have = 0;
  #isBegun = false;
  #totalBytes: number | null = null;
  #source: Pick<MediaAddress, "formatId" | "bytes"> | undefined;

  constructor(options: RangedDownloadOptions, request: RangedDownloadRequest) {
    this.#options = options;
    this.#request = request;
  }

  /**
   * Fetches what is missing. @returns the size of the whole file
   * @throws {AppError} `MEDIA_FORBIDDEN` (a fresh address may go on), `RATE_LIMITED`, `SOURCE_UNREACHABLE`,
   * `DOWNLOAD_INCOMPLETE`, `NOT_AUDIO`, `FILE_TOO_LARGE`, `DISK_FULL`, `CACHE_UNWRITABLE`, `ABORTED`
   */
  async from(address: MediaAddress, signal: AbortSignal): Promise<number> {
    const { limits, path } = this.#request;
    if (this.#source?.formatId !== address.formatId || this.#source.bytes !== address.bytes) this.#have = 0;
    this.#source = address;
    this.#totalBytes = address.bytes;
    const { clock, pace, watchEveryMs: everyMs } = this.#options;
    const meter = new DownloadMeter({ clock, maxBytes: limits.maxBytes, pace });
    meter.check(address.bytes ?? 0);
    meter.start(downloadTimeMs(address.durationMs ?? limits.maxDurationMs));
    const look = (): void => meter.check(this.#have);
    await watched((ended) => this.#intoFile(path, address, ended), { look, everyMs }, signal);
    look();
    return this.#have;
  }

  async #intoFile(path: string, address: MediaAddress, signal: AbortSignal): Promise<void> {
    const isNew = this.#have === 0;
    // Another file under this name: whoever reads the former one keeps its bytes.
    if (isNew && this.#isBegun) await onDisk(rm(path, { force: true }));
    this.#isBegun = true;
    const file = await onDisk(open(path, isNew ? "w" : "r+"));
    if (isNew) this.#request.onFile?.({ path, loudnessLufs: address.loudnessLufs });
    try {
      await this.#fill(file, address, signal);
    } finally {
      await file.close();
    }
  }

  async #fill(file: FileHandle, address: MediaAddress, signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (failures <= MAX_FAILURES) {
      const before = this.#have;
      const outcome = await this.#piece(file, address.url, signal);
      if (outcome === "complete") return;
      // Starting over is no progress either.
      if (outcome === "nothing" || this.#have <= before) failures += 1;
    }
    throw extractorError("DOWNLOAD_INCOMPLETE", `${this.#have} of ${this.#totalBytes} bytes, then nothing`);
  }

  async #piece(file: FileHandle, url: string, signal: AbortSignal): Promise<Outcome> {
    const end = Math.min(this.#have + PIECE_BYTES, this.#totalBytes ?? Infinity) - 1;
    const headers = { range: `bytes=${this.#have}-${end}`, "accept-encoding": "identity" };
    let response: Response;
    try {
      response = await this.#options.fetch(url, { headers, signal, redirect: "follow" });
    } catch (error) {
      signal.throwIfAborted();
      if (this.#have > 0) return "nothing";
      throw extractorError("SOURCE_UNREACHABLE", String(error), error);
    }
    try {
      this.#judge(response);
      return await this.#receive(file, response, signal);
    } finally {
      await response.body?.cancel().catch(() => undefined);
    }
  }

  /** Decides from the headers where the body belongs. */
  #judge(response: Response): void {
    const problem = refusal(response);
    if (problem) throw problem;
    const { startsAt, totalBytes } = placeOf(response);
    if (startsAt !== 0 && startsAt !== this.#have) {
      throw extractorError("DOWNLOAD_INCOMPLETE", `asked from ${this.#have} on, got from ${startsAt}`);
    }
    this.#have = startsAt;
    this.#totalBytes ??= totalBytes;
    if (totalBytes !== null && totalBytes !== this.#totalBytes) {
      throw extractorError("DOWNLOAD_INCOMPLETE", `${totalBytes} bytes instead of ${this.#totalBytes}`);
    }
  }

  async #receive(file: FileHandle, response: Response, signal: AbortSignal): Promise<Outcome> {
    const before = this.#have;
    let isCut = false;
    try {
      for await (const chunk of response.body ?? []) await this.#write(file, chunk);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof AppError) throw error;
      isCut = true;
    }
    await onDisk(file.truncate(this.#have));
    const isPieceFull = this.#have - before >= PIECE_BYTES;
    const isEnd = this.#totalBytes === null ? !isCut && !isPieceFull : this.#have === this.#totalBytes;
    if (isEnd) return "complete";
    return this.#have > before ? "more" : "nothing";
  }

  async #write(file: FileHandle, chunk: Uint8Array): Promise<void> {
    const { limits, onProgress } = this.#request;
    const limitBytes = Math.min(limits.maxBytes, this.#totalBytes ?? Infinity);
    if (this.#have + chunk.length > limitBytes) {
      if (limitBytes < limits.maxBytes)
        throw extractorError("DOWNLOAD_INCOMPLETE", "more bytes than announced");
      throw new AppError("FILE_TOO_LARGE", { limitBytes: limits.maxBytes });
    }
    await onDisk(file.write(chunk, 0, chunk.length, this.#have));
    this.#have += chunk.length;
    onProgress?.({ receivedBytes: this.#have, totalBytes: this.#totalBytes });
  }
}

/** A server that ignores ranges sends everything from the start. NaN = a part that does not say where it belongs. */
function placeOf({ status, headers }: Response): { startsAt: number; totalBytes: number | null } {
  if (status !== 206) return { startsAt: 0, totalBytes: null };
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/u.exec(headers.get("content-range") ?? "");
  return { startsAt: Number(range?.[1]), totalBytes: range && range[2] !== "*" ? Number(range[2]) : null };
}

function refusal({ status, headers }: Response): AppError | undefined {
  const detail = `HTTP Error ${status} for media`;
  if (status === 429) return extractorError("RATE_LIMITED", detail);
  if (status === 416) return extractorError("DOWNLOAD_INCOMPLETE", detail);
  if (status >= 500) return extractorError("SOURCE_UNREACHABLE", detail);
  if (status >= 300) return extractorError("MEDIA_FORBIDDEN", detail);
  const isPage = /^(?:text|application\/json)/u.test(headers.get("content-type") ?? "");
  return isPage ? extractorError("NOT_AUDIO", "a web page came instead of audio") : undefined;
}
