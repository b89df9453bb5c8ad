/** Reads lists of HLS. No I/O. https://www.rfc-editor.org/rfc/rfc8216 */
import { AppError } from "../core/errors.ts";

/** One piece of a stream. */
export interface HlsSegment {
  /** Counts up through the whole stream. */
  readonly number: number;
  readonly url: URL;
  /** What a decoder needs before it, for fragmented MP4. */
  readonly init: URL | null;
}

/** A list: of the same stream in several qualities, or of its pieces. */
export type HlsList =
  | { readonly kind: "choice"; readonly best: URL }
  | {
      readonly kind: "pieces";
      readonly segments: readonly HlsSegment[];
      /** Longest piece. */
      readonly targetMs: number;
      /** Nothing more will come: it is a recording, or the stream is over. */
      readonly isOver: boolean;
    };

interface Variant {
  readonly address: string;
  readonly bandwidth: number;
  readonly isAudio: boolean;
}

const MOST_LINES = 10_000;
/** An address with all its tokens has less. */
const MOST_CHARACTERS_IN_LINE = 8_192;
/** The newest of a broadcast; who listens to it is never so far behind. */
const MOST_SEGMENTS = 200;
/** From here on a picture has good sound with it; more is for the picture alone. */
const GOOD_BANDWIDTH = 800_000;

/** True for a list of HLS; a list of radio stations begins in the same way. */
export function isHls(text: string): boolean {
  return /^\uFEFF?#EXTM3U/u.test(text) && text.includes("#EXT-X-");
}

/** @throws {AppError} `DRM_PROTECTED`, `NOT_AUDIO` for what this cannot read */
export function parseHls(text: string, base: URL): HlsList {
  if (!isHls(text)) throw new AppError("NOT_AUDIO");
  const lines = linesOf(text);
  if (lines.some((line) => /^#EXT-X-(?:SESSION-)?KEY:(?!.*METHOD=NONE)/u.test(line)))
    throw new AppError("DRM_PROTECTED");
  // Pieces of one file: nobody makes live streams like that.
  if (lines.some((line) => line.startsWith("#EXT-X-BYTERANGE:"))) throw new AppError("NOT_AUDIO");
  const best = bestOf(lines.flatMap(variantAt));
  return best ? { kind: "choice", best: addressIn(best.address, base) } : piecesOf(lines, base);
}

/** The list is asked for again and again: what is no list of a broadcast must not cost time each time. */
function linesOf(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/u, MOST_LINES + 1);
  const isBroadcast =
    lines.length <= MOST_LINES && lines.every(({ length }) => length <= MOST_CHARACTERS_IN_LINE);
  if (!isBroadcast) throw new AppError("NOT_AUDIO", { reason: "too long a list" });
  return lines.map((line) => line.trim());
}

function variantAt(line: string, index: number, lines: readonly string[]): Variant[] {
  const isGroup = line.startsWith("#EXT-X-MEDIA:") && line.includes("TYPE=AUDIO");
  if (!isGroup && !line.startsWith("#EXT-X-STREAM-INF:")) return [];
  const address = isGroup ? quoted(line, "URI") : (lines[index + 1] ?? "");
  // A group of sounds without an address is the sound of the pictures themselves.
  if (address === "") return [];
  const bandwidth = Number(/[:,]BANDWIDTH=(\d+)/u.exec(line)?.[1] ?? 0);
  return [{ address, bandwidth, isAudio: isGroup || isSoundAlone(line) }];
}

function addressIn(address: string, base: URL): URL {
  const url = URL.parse(address, base.href);
  if (!url) throw new AppError("NOT_AUDIO", { reason: "no address" });
  return url;
}

function isSoundAlone(line: string): boolean {
  const codecs = quoted(line, "CODECS");
  return codecs !== "" && !/avc|hvc|hev|vp0?9|av01/iu.test(codecs) && !line.includes("RESOLUTION=");
}

function quoted(line: string, name: string): string {
  return new RegExp(`${name}="([^"]*)"`, "u").exec(line)?.[1] ?? "";
}

/** Sound alone, as good as there is; else the smallest picture that has good sound. */
function bestOf(variants: readonly Variant[]): Variant | undefined {
  const byBandwidth = variants.toSorted((a, b) => a.bandwidth - b.bandwidth);
  return (
    byBandwidth.findLast(({ isAudio }) => isAudio) ??
    byBandwidth.find(({ bandwidth }) => bandwidth >= GOOD_BANDWIDTH) ??
    byBandwidth.at(-1)
  );
}

function piecesOf(lines: readonly string[], base: URL): HlsList {
  const first = valueOf(lines, "EXT-X-MEDIA-SEQUENCE") ?? 0;
  const written: { readonly number: number; readonly address: string; readonly init: string }[] = [];
  let init = "";
  for (const line of lines) {
    if (line.startsWith("#EXT-X-MAP:")) init = quoted(line, "URI");
    if (line === "" || line.startsWith("#")) continue;
    written.push({ number: first + written.length, address: line, init });
  }
  const segments = written.slice(-MOST_SEGMENTS).map((piece) => ({
    number: piece.number,
    url: addressIn(piece.address, base),
    init: piece.init === "" ? null : addressIn(piece.init, base),
  }));
  if (segments.length === 0) throw new AppError("NOT_AUDIO");
  const targetMs = (valueOf(lines, "EXT-X-TARGETDURATION") ?? 6) * 1_000;
  return { kind: "pieces", segments, targetMs, isOver: lines.includes("#EXT-X-ENDLIST") };
}

function valueOf(lines: readonly string[], tag: string): number | undefined {
  const line = lines.find((one) => one.startsWith(`#${tag}:`));
  return line === undefined ? undefined : Number.parseFloat(line.slice(tag.length + 2)) || undefined;
}
