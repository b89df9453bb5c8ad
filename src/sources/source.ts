import type { Track, TrackRef } from "../core/track.ts";

/** A list of recordings at one source. */
export interface PlaylistRef {
  readonly source: string;
  readonly id: string;
}

/** What a person's text means, decided without any I/O. */
export type Query =
  | {
      readonly kind: "track";
      readonly target: MediaTarget;
      readonly startMs: number;
      /** The list that the link was found in; a hint only. */
      readonly list?: PlaylistRef;
    }
  /** A song by its name at a service that gives no audio away, see `isNamedOnly`. */
  | { readonly kind: "named"; readonly target: MediaTarget }
  /** A short link to such a service: only its redirect tells what it means. */
  | { readonly kind: "short"; readonly url: URL }
  | { readonly kind: "playlist"; readonly playlist: PlaylistRef; readonly startAt: TrackRef | null }
  | { readonly kind: "search"; readonly text: string };

/** A recording to fetch. `url` matters for `direct` only; the others build their own address from the ID. */
export interface MediaTarget extends TrackRef {
  readonly url: string;
}

export interface DownloadLimits {
  readonly maxBytes: number;
  readonly maxDurationMs: number;
}

export interface DownloadProgress {
  readonly receivedBytes: number;
  /** `null` = the source did not say. */
  readonly totalBytes: number | null;
}

/** A recording on its way: a file that grows at its end while its bytes stay as they are. */
export interface ArrivingFile {
  readonly path: string;
  /** Integrated loudness of the whole recording in LUFS, as the source says; `null` = it does not. */
  readonly loudnessLufs: number | null;
}

export interface DownloadRequest {
  readonly target: MediaTarget;
  /**
   * Where the finished file must be, absolute. Scratch files may stand beside it under names that begin with this
   * path; the adapter leaves none of them behind, whatever happens.
   */
  readonly toPath: string;
  readonly limits: DownloadLimits;
  /** Facts about the recording, as soon as they are known; may come more than once. */
  readonly onTrack?: (track: Track) => void;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /**
   * Told when the recording begins to arrive, and again when it begins anew (another format, another extractor): the
   * former file grows no more then. The name may be gone soon; who opens it at once has the bytes.
   */
  readonly onFile?: (file: ArrivingFile) => void;
}

export interface Download {
  readonly bytes: number;
  /** Facts as the source told them with the download. */
  readonly track: Track;
}

/** State of one extractor, for `doctor` and for the start-up line. */
export interface SourceHealth {
  readonly name: string;
  readonly usable: boolean;
  readonly version: string | null;
  readonly ageDays: number | null;
  /** Each one sentence with what to do. */
  readonly problems: readonly string[];
}

/**
 * One way to get recordings. Knows nothing of the cache. Every rejection is an `AppError` whose code tells what
 * happened; raw output of a program stays in `context.detail`, for the log only.
 */
export interface Source {
  /** Name used in EXTRACTORS: `yt-dlp`, `youtubei`, `ytdl-core`, `direct`. */
  readonly name: string;
  /** True when it can serve recordings of this family (`TrackRef.source`). No I/O. */
  serves(source: string): boolean;
  health(signal: AbortSignal): Promise<SourceHealth>;
  resolve(target: MediaTarget, signal: AbortSignal): Promise<Track>;
  /** Best match first, at most `limit`; empty when nothing was found. */
  search(text: string, limit: number, signal: AbortSignal): Promise<readonly Track[]>;
  /** Entries as they arrive; stop iterating and the work behind it ends. `from` counts from 1. */
  playlist(
    playlist: PlaylistRef,
    range: { readonly from: number; readonly limit: number },
    signal: AbortSignal,
  ): AsyncIterable<Track>;
  /** Puts the whole recording at `request.toPath`, or throws and leaves nothing. */
  download(request: DownloadRequest, signal: AbortSignal): Promise<Download>;
  /**
   * A live stream (`Track.isLive`) as it comes in, from about now on: one file without an end, in a container that
   * ffmpeg recognizes on its input (MP3, ADTS, Ogg, MPEG-TS, fragmented MP4). Every address in it was checked, so no
   * program may be given one instead. Stop iterating and the connection ends. It ends when the stream is over, and
   * throws when it breaks off; whoever wants more asks again. Absent = this source has no live streams.
   */
  live?(target: MediaTarget, signal: AbortSignal): AsyncIterable<Buffer>;
}
