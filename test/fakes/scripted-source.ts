/** A source that serves real audio files from the disk, counts, waits and fails as a test says. */
import { open, readFile, rm } from "node:fs/promises";
import { AppError } from "../../src/core/errors.ts";
import type { Track } from "../../src/core/track.ts";
import { onDisk } from "../../src/sources/disk-errors.ts";
import type { Download, DownloadRequest, Source } from "../../src/sources/source.ts";
import type { Gate } from "./gate.ts";
import { youtubeTrack } from "./tracks.ts";

export interface Script {
  /** The file it serves instead of the usual one. */
  readonly file?: string;
  /** Facts that differ from what was asked with; told with the first bytes. */
  readonly facts?: Partial<Track>;
  /** Told only with the finished download. */
  readonly lateFacts?: Partial<Track>;
  /** Thrown instead of the second half. */
  readonly failure?: AppError;
  /** Thrown before there is a promise. */
  readonly synchronousFailure?: AppError;
  /** Share of the bytes (0 to 1) at which it waits. */
  readonly waitAt?: { readonly share: number; readonly gate: Gate };
  readonly saysNoSize?: boolean;
  /** Loudness of the recording, as the source says. */
  readonly saysLufs?: number;
}

export class ScriptedSource implements Pick<Source, "download"> {
  readonly #file: string;
  readonly #scripts = new Map<string, Script>();
  /** IDs in the order in which they were asked for. */
  readonly downloads: string[] = [];
  aborted = 0;

  /** @param file what every recording sounds like unless its script says otherwise */
  constructor(file: string) {
    this.#file = file;
  }

  script(id: string, script: Script): void {
    this.#scripts.set(id, script);
  }

  download(request: DownloadRequest, signal: AbortSignal): Promise<Download> {
    const script = this.#scripts.get(request.target.id) ?? {};
    this.downloads.push(request.target.id);
    if (script.synchronousFailure) throw script.synchronousFailure;
    return this.#download(request, script, signal);
  }

  async #download(request: DownloadRequest, script: Script, signal: AbortSignal): Promise<Download> {
    try {
      return await serve(script.file ?? this.#file, request, script, signal);
    } catch (error) {
      await rm(request.toPath, { force: true });
      if (!signal.aborted) throw error;
      this.aborted += 1;
      throw new AppError("ABORTED", {}, { cause: signal.reason });
    }
  }
}

async function serve(
  from: string,
  request: DownloadRequest,
  script: Script,
  signal: AbortSignal,
): Promise<Download> {
  const { waitAt = { share: 0.5, gate: undefined } } = script;
  const bytes = await readFile(from);
  const totalBytes = script.saysNoSize ? null : bytes.length;
  const track = youtubeTrack(request.target.id, script.facts);
  const middle = Math.floor(bytes.length * waitAt.share);
  await using file = await onDisk(open(request.toPath, "wx"));
  request.onTrack?.(track);
  request.onFile?.({ path: request.toPath, loudnessLufs: script.saysLufs ?? null });
  signal.throwIfAborted();
  await onDisk(file.write(bytes.subarray(0, middle)));
  request.onProgress?.({ receivedBytes: middle, totalBytes });
  await waitAt.gate?.pass(signal);
  if (script.failure) throw script.failure;
  await onDisk(file.write(bytes.subarray(middle)));
  request.onProgress?.({ receivedBytes: bytes.length, totalBytes });
  signal.throwIfAborted();
  return { bytes: bytes.length, track: { ...track, ...script.lateFacts } };
}
