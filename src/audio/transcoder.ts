import type { FileHandle } from "node:fs/promises";
import type { AudioProfile, Loudness } from "../core/audio-profile.ts";
import type { OpusPackets, Playback } from "../core/opus-packets.ts";

export interface NormalizeRequest {
  /** Absolute path of the download; its name says nothing about its format. */
  readonly fromPath: string;
  /** Absolute path of the Ogg Opus file to write. Removed again when anything goes wrong. */
  readonly toPath: string;
  readonly profile: AudioProfile;
  /** What the source announced, to tell half a song from a whole one; `null` = unknown. The result may last longer or shorter by the profile's tempo. */
  readonly expectedDurationMs: number | null;
  /** Vorbis comments written into the file, so that a lost database can be rebuilt: TITLE, ARTIST, ENCORE_... */
  readonly tags: Readonly<Record<string, string>>;
  /** Told how loud the download is, behind the profile's effect, as soon as that is measured: long before the result is there. */
  readonly onMeasured?: (heard: Loudness) => void;
}

export interface NormalizedAudio {
  readonly sourceLoudness: Loudness;
  /** Of the signal that was encoded: measured behind a limiter, else it follows from the gain. */
  readonly loudness: Loudness;
  /** Gain applied in dB (around a compressor: before and behind it together), and whether the true-peak limiter was in the chain. */
  readonly gainDb: number;
  readonly limited: boolean;
  /** How often it was encoded: again where the first result missed the target by more than 0.3 LU, the second by more than 0.5. */
  readonly passes: number;
}

/** Facts read from the packets of an Ogg Opus file itself, never from a header that can lie. */
export interface OggOpusFacts {
  readonly bytes: number;
  readonly sha256: string;
  /** (last granule position - pre-skip) / 48, in milliseconds. */
  readonly durationMs: number;
  readonly packets: number;
  readonly channels: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** What is known about a download after decoding it. */
export interface SourceFacts {
  /** ffmpeg's name of the demuxer that reads it: `matroska` (WebM), `mov` (M4A), `ogg`, `mp3`, `aac`, `flac`, `wav`. */
  readonly container: string;
  /** Of the audio that could be decoded. */
  readonly durationMs: number;
}

/** Turns a download into the file that is kept, and judges files. */
export interface Transcoder {
  /**
   * Sniffs, measures, normalizes and encodes to 48 kHz stereo Ogg Opus in 20 ms packets.
   * @throws {AppError} `NOT_AUDIO`, `TRANSCODE_FAILED`, `AUDIO_INCOMPLETE`, `DISK_FULL`, `FILE_TOO_LARGE`,
   * `FFMPEG_MISSING`, `ABORTED`
   */
  normalize(request: NormalizeRequest, signal: AbortSignal): Promise<NormalizedAudio>;
  /**
   * Reads every page of an Ogg Opus file, checking CRCs, sequence and the end-of-stream page.
   * @throws {AppError} `AUDIO_INCOMPLETE` when it is cut, damaged or not Ogg Opus, 48 kHz stereo, 20 ms.
   */
  inspect(path: string, signal: AbortSignal): Promise<OggOpusFacts>;
  /** Decodes the whole file and measures it. @throws {AppError} `TRANSCODE_FAILED`, `FFMPEG_MISSING` */
  measure(path: string, signal: AbortSignal): Promise<Loudness>;
}

/** Judges downloads without making anything of them. */
export interface Examiner {
  /**
   * Decodes any file that {@link Transcoder.normalize} would take, without writing anything, and tells whether it is whole.
   * @throws {AppError} `NOT_AUDIO`, `AUDIO_INCOMPLETE`, `TRANSCODE_FAILED`, `FFMPEG_MISSING`, `ABORTED`
   */
  examine(path: string, expectedDurationMs: number | null, signal: AbortSignal): Promise<SourceFacts>;
}

/** An open Ogg Opus file, whole or still being written. */
export interface OpusFile {
  readonly file: FileHandle;
  /**
   * Given for a file that is still being written. Resolves with true when it holds more than `bytes`, with false when
   * it is complete and does not.
   * @throws {AppError} why it will never be whole
   */
  readonly grown?: (bytes: number, signal: AbortSignal) => Promise<boolean>;
}

/** Opens the packets of a file; several can be open at once on one handle, and do not move its position. */
export type OpenOpusFile = (
  source: OpusFile,
  playback: Playback,
  signal: AbortSignal,
) => Promise<OpusPackets>;
