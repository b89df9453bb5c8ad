/** Live streams of the local media source: a radio station and a stream of HLS, made of a song that never ends. */
import { execFile } from "node:child_process";
import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { Song, SongEntry } from "./catalogue.ts";

const run = promisify(execFile);

/** Of HLS; short, so that tests need not wait. */
const PIECE_MS = 500;
const PIECES_LISTED = 6;
/** Sent at once to whoever connects, as stations do. */
const BURST_MS = 2_000;
const STEP_MS = 100;
const HLS = { "content-type": "application/vnd.apple.mpegurl" };

const sounds = new Map<string, Promise<Buffer>>();

/** Answers `/radio/<id>`, `/radio/<id>.pls`, `/hls/<id>/index.m3u8` and `/hls/<id>/<number>.aac`. */
export async function serveLive(
  entry: SongEntry,
  path: string,
  { response, ffmpegPath }: { readonly response: ServerResponse; readonly ffmpegPath: string },
): Promise<void> {
  const { song } = entry;
  if (path.endsWith(".pls")) {
    response.writeHead(200, { "content-type": "audio/x-scpls" });
    response.end(`[playlist]\nNumberOfEntries=1\nFile1=${song.radioUrl}\nTitle1=${song.title}\nLength1=-1\n`);
    return;
  }
  const sound = await soundOf(song, ffmpegPath);
  const number = /\/(\d+)\.aac$/u.exec(path)?.[1];
  if (number !== undefined) {
    response.end(stretch(sound, song, { fromMs: Number(number) * PIECE_MS, forMs: PIECE_MS }));
    return;
  }
  entry.counters.liveRequests += 1;
  if (path.endsWith(".m3u8")) response.writeHead(200, HLS).end(listOf());
  else await broadcast(sound, song, response);
}

/** A raw stream of AAC frames can be cut and put together anywhere. */
async function soundOf({ id, path }: Song, ffmpegPath: string): Promise<Buffer> {
  const make = async (): Promise<Buffer> => {
    const args = ["-v", "error", "-i", path, "-c:a", "aac", "-b:a", "128k", "-f", "adts", "pipe:1"];
    const { stdout } = await run(ffmpegPath, args, { encoding: "buffer", maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  };
  const known = sounds.get(id) ?? make();
  sounds.set(id, known);
  return await known;
}

interface Stretch {
  readonly fromMs: number;
  readonly forMs: number;
}

function stretch(sound: Buffer, { durationMs }: Song, { fromMs, forMs }: Stretch): Buffer {
  const byteAt = (ms: number): number => Math.floor((sound.length * ms) / durationMs);
  const start = fromMs % durationMs;
  const end = Math.min(start + forMs, durationMs);
  const first = sound.subarray(byteAt(start), byteAt(end));
  const restMs = start + forMs - end;
  return restMs > 0
    ? Buffer.concat([first, stretch(sound, { durationMs } as Song, { fromMs: 0, forMs: restMs })])
    : first;
}

function listOf(): string {
  const newest = Math.floor(Date.now() / PIECE_MS);
  const first = newest - PIECES_LISTED + 1;
  const pieces = Array.from(
    { length: PIECES_LISTED },
    (_, index) => `#EXTINF:${PIECE_MS / 1_000},\n${first + index}.aac`,
  );
  const head = ["#EXTM3U", `#EXT-X-TARGETDURATION:${PIECE_MS / 1_000}`, `#EXT-X-MEDIA-SEQUENCE:${first}`];
  return [...head, ...pieces, ""].join("\n");
}

async function broadcast(sound: Buffer, song: Song, response: ServerResponse): Promise<void> {
  response.writeHead(200, { "content-type": "audio/aac", "icy-name": song.title, "icy-br": "128" });
  response.write(stretch(sound, song, { fromMs: 0, forMs: BURST_MS }));
  for (let fromMs = BURST_MS; !response.destroyed; fromMs += STEP_MS) {
    response.write(stretch(sound, song, { fromMs, forMs: STEP_MS }));
    await sleep(STEP_MS);
  }
}
