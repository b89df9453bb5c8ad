// Tells half a song from a whole one. Only samples count; a header may speak against a file, never for it.
import { AppError } from "../core/errors.ts";

/** What the measuring pass found out about a download. */
export interface SourceEvidence {
  /** Audio that was really decoded. */
  readonly decodedMs: number;
  /** What the container's header promises; `null` = nothing. */
  readonly promisedMs: number | null;
  /** Packets that could not be decoded. */
  readonly decodeErrors: number;
  /** The demuxer met the end of the file inside something. */
  readonly isTorn: boolean;
  /** The file lacks the mark that a finished one ends with. Some recorders never write it. */
  readonly isOpenEnded: boolean;
  /** The demuxer lost its way. It may have found it again. */
  readonly isMalformed: boolean;
}

/** Sources round their lengths, and audio may end a little before the picture it was made for. */
const ANNOUNCED_TOLERANCE = { ms: 1_500, share: 0.01 };
/** Containers count in milliseconds or samples; half a second covers priming and padding. */
const PROMISED_TOLERANCE_MS = 500;
const RESULT_TOLERANCE_MS = 100;
/** Tags at the end of an MP3 cost a few errors. More than this, and more than 1 in 100 packets, is damage. */
const DECODE_ERRORS = 20;
const PACKET_MS = 20;

/**
 * Refuses a download that broke off. With an announced length the decoded length decides. Without one a header that
 * promises more, a missing end mark or a broken structure is enough. Longer than announced is accepted: nothing is missing then, and
 * the limit on the size of the result ends what has no end. What cannot be seen: an MP3 without a Xing header, or raw
 * AAC, that was cut between two frames and has no announced length.
 * @param expectedMs what the source announced; `null` = unknown.
 * @throws {AppError} `AUDIO_INCOMPLETE`
 */
export function checkSource(source: SourceEvidence, expectedMs: number | null): void {
  const reason = whyIncomplete(source, expectedMs);
  if (reason) throw new AppError("AUDIO_INCOMPLETE", { reason, ...source, expectedMs });
}

function whyIncomplete(source: SourceEvidence, expectedMs: number | null): string | undefined {
  if (source.decodedMs === 0) return "no audio could be decoded";
  if (source.isTorn) return "the file is torn off";
  if (source.decodeErrors > Math.max(DECODE_ERRORS, source.decodedMs / PACKET_MS / 100))
    return "too much of it cannot be decoded";
  if (expectedMs !== null)
    return isShorter(source.decodedMs, expectedMs) ? "shorter than announced" : undefined;
  if (source.isOpenEnded) return "the file has no end mark";
  if (source.isMalformed) return "its structure is damaged";
  const isShort = source.promisedMs !== null && source.decodedMs < source.promisedMs - PROMISED_TOLERANCE_MS;
  return isShort ? "shorter than its header promises" : undefined;
}

/** True when audio is shorter than its source announced, by more than sources round. */
export function isShorter(decodedMs: number, expectedMs: number): boolean {
  return decodedMs < expectedMs - Math.max(ANNOUNCED_TOLERANCE.ms, expectedMs * ANNOUNCED_TOLERANCE.share);
}

/**
 * The encoder must give back every sample it was given: what is missing now, the source had.
 * @throws {AppError} `TRANSCODE_FAILED`
 */
export function checkResult(resultMs: number, decodedMs: number): void {
  if (Math.abs(resultMs - decodedMs) > RESULT_TOLERANCE_MS)
    throw new AppError("TRANSCODE_FAILED", { detail: "the result has another length", resultMs, decodedMs });
}
