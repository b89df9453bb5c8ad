// What ffmpeg's log says about a file. The texts are those of ffmpeg 5.1 to 7.0.
import type { ErrorCode } from "../core/errors.ts";

const MESSAGE = /^(?:\[[^\]]* @ 0x[0-9a-f]+\] )*\[(?:warning|error|fatal|panic)\] (.*)$/u;

/**
 * The messages themselves, warnings and worse, without what a file put into the log: its titles are printed on lines
 * of level `info` or on lines without a level. Needs `-loglevel level+info`.
 */
export function complaints(log: string): string[] {
  // Not by a multi-line pattern: for that, U+2028 in a title would begin a line, too.
  return log.split("\n").flatMap((line) => MESSAGE.exec(line)?.[1] ?? []);
}

// Reading stopped inside something that had begun.
const TORN =
  /File ended prematurely|partial file|moov atom not found|error reading header|atom truncated|Packet corrupt|Truncating packet/u;

/** True when the demuxer ran into the end of the file where there should have been more. */
export function isTorn(log: string): boolean {
  return complaints(log).some((message) => TORN.test(message));
}

const MALFORMED =
  /exceeds containing master element|invalid as first byte of an EBML number|EBML header parsing/u;

/** True when the demuxer met bytes that cannot be what should stand there. */
export function isMalformed(log: string): boolean {
  return complaints(log).some((message) => MALFORMED.test(message));
}

const NOT_DECODED = /^(?:Error while decoding stream|Error submitting packet to decoder|Decoding error)/u;

/** Number of packets the decoder refused, as far as the end of the log tells. */
export function decodeErrors(log: string): number {
  return complaints(log).filter((message) => NOT_DECODED.test(message)).length;
}

// Texts of failures; the first that fits names it.
const FAILURES: readonly (readonly [RegExp, ErrorCode])[] = [
  [/No space left on device|Disk quota exceeded/u, "DISK_FULL"],
  [/File too large/u, "FILE_TOO_LARGE"],
  [/matches no streams|does not contain any stream/u, "NOT_AUDIO"],
  [TORN, "AUDIO_INCOMPLETE"],
  // The start of the file was right, our own sniffing saw it: so what comes after it is damaged or missing.
  [/Invalid data found|End of file|Input\/output error/u, "AUDIO_INCOMPLETE"],
];

/** The kind of failure a log tells of; `undefined` = none that we know. */
export function failureIn(log: string): ErrorCode | undefined {
  const messages = complaints(log);
  return FAILURES.find(([pattern]) => messages.some((message) => pattern.test(message)))?.[1];
}

const DURATION = /^\[info\] {3}Duration: (\d+):(\d\d):(\d\d\.\d+),/u;

/**
 * Length in milliseconds that the container's header promises; `null` = it promises none, the number is an estimate,
 * or a moving picture shares it. A cover picture does not.
 */
export function promisedDurationMs(log: string): number | null {
  const input = log.slice(0, log.indexOf("Stream mapping:")).split("\n");
  const hasFilm = input.some((line) =>
    /^\[info\] +Stream #0:\d+.*: Video: (?!.*\(attached pic\))/u.test(line),
  );
  const isEstimate = complaints(log).some((message) => message.startsWith("Estimating duration"));
  const found = input.map((line) => DURATION.exec(line)).find((match) => match !== null);
  if (!found || hasFilm || isEstimate) return null;
  const [hours = 0, minutes = 0, seconds = 0] = found.slice(1).map(Number);
  return Math.round((hours * 3600 + minutes * 60 + seconds) * 1000);
}

/** Time of the last sample that came out of the filters, from `-progress`; 0 = none did. */
export function decodedMs(progress: string): number {
  const last = /.*^out_time_us=(\d+)$/msu.exec(progress)?.[1];
  return Math.round(Number(last ?? 0) / 1000);
}
