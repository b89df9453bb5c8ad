/** Answers a request for a song's audio, as healthily or badly as its faults say. */
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { MediaFaults, Song, SongEntry } from "./catalogue.ts";

const CHUNK_BYTES = 16 * 1024;
const MIME_TYPES = { webm: "audio/webm", m4a: "audio/mp4" } as const;
const WEB_PAGE = "<!doctype html><title>Sorry</title><p>Sign in to confirm you are not a bot.</p>";

interface ByteRange {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  readonly partial: boolean;
}

/** How the body ends. */
type Ending = "complete" | "cut" | "stall" | "endless";

interface Body {
  readonly start: number;
  readonly end: number;
  readonly ending: Ending;
}

/** @param issue Number of the address that was asked, for faults that heal with a fresh one. */
export async function serveMedia(
  entry: SongEntry,
  request: IncomingMessage,
  response: ServerResponse,
  issue = 0,
): Promise<void> {
  entry.counters.requests += 1;
  const faults = entry.takeFaults();
  if (answerInstead(faults, response)) return;
  const range = parseRange(
    faults.ignoreRange || faults.endless ? undefined : request.headers.range,
    entry.song.bytes,
  );
  if (range === undefined) return refuse(response, 416);
  if (entry.refuses(issue, range.start)) return refuse(response, 403);
  const body = planBody(entry, faults, { range, issue });
  response.writeHead(range.partial ? 206 : 200, headersFor(entry.song, range, faults));
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  // Else a cut before the first byte would take the headers with it.
  response.flushHeaders();
  await send(entry, response, { body, faults });
}

function answerInstead(faults: MediaFaults, response: ServerResponse): boolean {
  if (faults.status !== undefined) {
    refuse(response, faults.status);
    return true;
  }
  if (!faults.html) return false;
  response.writeHead(200, { "content-type": "text/html", "content-length": Buffer.byteLength(WEB_PAGE) });
  response.end(WEB_PAGE);
  return true;
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { "content-length": 0, ...(status === 429 && { "retry-after": "3600" }) });
  response.end();
}

/** The part that was asked for; `undefined` = outside the file. */
function parseRange(header: string | undefined, size: number): ByteRange | undefined {
  const found = /^bytes=(\d+)-(\d*)$/u.exec(header ?? "");
  if (!found) return { start: 0, end: size, partial: false };
  const start = Number(found[1]);
  const end = found[2] ? Math.min(Number(found[2]) + 1, size) : size;
  return start < end ? { start, end, partial: true } : undefined;
}

function planBody(
  entry: SongEntry,
  faults: MediaFaults,
  { range, issue }: { range: ByteRange; issue: number },
): Body {
  const stops: Body[] = [{ ...range, ending: faults.endless ? "endless" : "complete" }];
  const stopAt = (byte: number | undefined, ending: Ending): void => {
    if (byte !== undefined && byte >= range.start) stops.push({ start: range.start, end: byte, ending });
  };
  stopAt(faults.endAtByte, "complete");
  stopAt(faults.cutAtByte, "cut");
  stopAt(faults.cutEveryBytes === undefined ? undefined : range.start + faults.cutEveryBytes, "cut");
  stopAt(faults.stallAtByte, "stall");
  if (faults.forbidFromByte !== undefined && entry.refuses(issue, range.end)) {
    stopAt(faults.forbidFromByte, "cut");
  }
  return stops.reduce((first, next) => (next.end < first.end ? next : first));
}

function headersFor(song: Song, range: ByteRange, faults: MediaFaults): Record<string, string | number> {
  const unknownLength = faults.endless || faults.endAtByte !== undefined;
  return {
    "content-type": MIME_TYPES[song.format],
    "accept-ranges": "bytes",
    // A lying length would otherwise spoil the next answer on the same connection.
    connection: "close",
    ...(!unknownLength && { "content-length": range.end - range.start + (faults.lengthErrorBytes ?? 0) }),
    ...(range.partial && { "content-range": `bytes ${range.start}-${range.end - 1}/${song.bytes}` }),
  };
}

async function send(
  entry: SongEntry,
  response: ServerResponse,
  { body, faults }: { body: Body; faults: MediaFaults },
): Promise<void> {
  const closed = new AbortController();
  const whenClosed = new Promise<void>((resolve) => {
    response.once("close", () => {
      closed.abort();
      resolve();
    });
  });
  response.on("error", () => response.destroy());
  const write = async (bytes: Buffer): Promise<void> => {
    entry.counters.bytesSent += bytes.length;
    const written = new Promise<void>((resolve) => void response.write(bytes, () => resolve()));
    await Promise.race([written, whenClosed]);
    const rate = faults.throttleBytesPerSecond;
    if (rate) await sleep((bytes.length / rate) * 1000, undefined, closed).catch(() => undefined);
  };
  const file = await readFile(entry.song.path);
  const step = faults.throttleBytesPerSecond ? Math.ceil(faults.throttleBytesPerSecond / 20) : CHUNK_BYTES;
  for (let at = body.start; at < body.end && !closed.signal.aborted; at += step) {
    await write(file.subarray(at, Math.min(at + step, body.end)));
  }
  const noise = Buffer.alloc(CHUNK_BYTES, 0x55);
  while (body.ending === "endless" && !closed.signal.aborted) await write(noise);
  if (body.ending === "cut" || faults.lengthErrorBytes) response.destroy();
  else if (body.ending === "complete") response.end();
}
