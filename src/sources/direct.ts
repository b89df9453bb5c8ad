/** Audio files behind plain http and https links. */
import { open, rename, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { untilAborted } from "../core/abort.ts";
import type { Clock } from "../core/clock.ts";
import { AppError } from "../core/errors.ts";
import { namedTrack, type Track } from "../core/track.ts";
import { createAddressGuard } from "./address-guard.ts";
import type { LookUp } from "./address-guard.ts";
import { DEFAULT_PACE, DownloadMeter, watched } from "./download-meter.ts";
import type { PaceLimits } from "./download-meter.ts";
import { fileTitle } from "./file-title.ts";
import { createGuardedFetch, createGuardedOpen } from "./guarded-fetch.ts";
import type { GuardedFetch, Reply } from "./guarded-fetch.ts";
import type { Wait } from "./hls.ts";
import { lookUpHost } from "./look-up-host.ts";
import { isDiscordFile } from "./query.ts";
import { codeOfStatus, findStream, isRadio, readRadio } from "./radio.ts";
import type { RadioLine } from "./radio.ts";
import type { Download, DownloadRequest, MediaTarget, Source } from "./source.ts";

/** How long a server may take. */
export interface DirectTiming extends PaceLimits {
  readonly connectMs: number;
  /** For the whole file, from its answer on. */
  readonly totalMs: number;
}

const DEFAULT_TIMING: DirectTiming = { ...DEFAULT_PACE, connectMs: 10_000, totalMs: 30 * 60_000 };

/** What {@link createDirectSource} needs. */
export interface DirectOptions {
  /** Hosts that may be private: DIRECT_HOSTS. */
  readonly openHosts: readonly string[];
  readonly proxyUrl: string | undefined;
  readonly clock: Clock;
  readonly lookUp?: LookUp;
  readonly timing?: DirectTiming;
  /** How often the pace is looked at, in milliseconds. Default a second. */
  readonly watchEveryMs?: number;
  /** How it waits for what is new of a live stream. */
  readonly wait?: Wait;
}

/** Types that are no audio whatever the bytes; unknown and vague ones are left to the look at the bytes. */
const NO_AUDIO =
  /^(?:text\/(?!plain)|image\/|font\/|application\/(?:json|xml|xhtml\+xml|javascript|pdf|zip|pls\+xml|(?:x-|vnd\.apple\.)mpegurl)|audio\/(?:x-)?(?:mpegurl|scpls))/iu;

/** Makes the source named `direct`. It serves links, has no search and no lists. */
export function createDirectSource(options: DirectOptions): Source {
  const { clock, timing = DEFAULT_TIMING } = options;
  const guard = createAddressGuard(options.openHosts, options.lookUp ?? lookUpHost);
  const line = {
    guard,
    proxyUrl: options.proxyUrl,
    connectTimeoutMs: timing.connectMs,
    firstByteTimeoutMs: timing.firstByteMs,
  };
  const fetchGuarded = createGuardedFetch(line);
  const radio = {
    open: createGuardedOpen({ ...line, silenceMs: timing.windowMs }),
    fetch: fetchGuarded,
    clock,
    wait: options.wait,
  };
  return {
    name: "direct",
    serves: (source) => source === "direct",
    health: async () => ({ name: "direct", usable: true, version: null, ageDays: null, problems: [] }),
    /** Looks at what a server says about the file; only the download reads it. */
    async resolve(target, signal) {
      const url = addressOf(target);
      if (!isDiscordFile(url)) return await lookAt(target, radio, signal);
      // Attachments are files, and their server tells no more about them than their address.
      await untilAborted(guard.check(url), signal);
      return trackOf(target, fileTitle(url, undefined));
    },
    search: async () => [],
    playlist: () => ({ [Symbol.asyncIterator]: () => ({ next: noList }) }),
    download: (request, signal) => download(request, { options, fetchGuarded }, signal),
    live: (target, signal) => readRadio(addressOf(target), radio, signal),
  };
}

async function lookAt(target: MediaTarget, radio: RadioLine, signal: AbortSignal): Promise<Track> {
  const found = await findStream(addressOf(target), radio, signal);
  await found.close();
  return { ...trackOf(target, found.title), isLive: found.kind !== "file" };
}

async function download(
  request: DownloadRequest,
  deps: { readonly options: DirectOptions; readonly fetchGuarded: GuardedFetch },
  signal: AbortSignal,
): Promise<Download> {
  const { clock, timing = DEFAULT_TIMING, watchEveryMs: everyMs = 1_000 } = deps.options;
  const meter = new DownloadMeter({ clock, maxBytes: request.limits.maxBytes, pace: timing });
  let receivedBytes = 0;
  const onBytes = (bytes: number): void => {
    receivedBytes = bytes;
    meter.check(bytes);
  };
  const useReply = (reply: Reply): Promise<Download> => {
    meter.start(timing.totalMs);
    return keep(reply, request, onBytes);
  };
  return await watched(
    (ended) => deps.fetchGuarded(addressOf(request.target), useReply, ended),
    { look: () => meter.check(receivedBytes), everyMs },
    signal,
  );
}

async function noList(): Promise<never> {
  throw new AppError("PLAYLIST_UNAVAILABLE");
}

function addressOf(target: MediaTarget): URL {
  const url = URL.parse(target.url);
  if (!url) throw new AppError("UNSUPPORTED_LINK");
  return url;
}

function trackOf(target: MediaTarget, title: string): Track {
  return { ...namedTrack(target), title };
}

async function keep(
  reply: Reply,
  request: DownloadRequest,
  onBytes: (received: number) => void,
): Promise<Download> {
  const totalBytes = judge(reply, request.limits.maxBytes);
  const track = trackOf(request.target, fileTitle(reply.url, reply.headers["content-disposition"]));
  request.onTrack?.(track);
  const partPath = `${request.toPath}.part`;
  try {
    const onOpen = (): void => request.onFile?.({ path: partPath, loudnessLufs: null });
    const bytes = await write(reply, { path: partPath, onOpen }, (receivedBytes) => {
      onBytes(receivedBytes);
      request.onProgress?.({ receivedBytes, totalBytes });
    });
    if (bytes === 0 || (totalBytes !== null && bytes !== totalBytes)) {
      throw new AppError("DOWNLOAD_INCOMPLETE", { bytes, totalBytes });
    }
    await rename(partPath, request.toPath);
    return { bytes, track };
  } catch (error) {
    await rm(partPath, { force: true });
    throw error;
  }
}

/** Refuses what cannot be a whole audio file by its headers. Returns the announced length. */
function judge(reply: Reply, maxBytes: number): number | null {
  const { status, headers } = reply;
  if (status !== 200) throw new AppError(codeOfStatus(status), { status });
  const type = headers["content-type"] ?? "";
  const encoding = headers["content-encoding"] ?? "identity";
  if (NO_AUDIO.test(type) || encoding !== "identity") throw new AppError("NOT_AUDIO", { type, encoding });
  if (isRadio(reply)) throw new AppError("LIVE_NOT_SUPPORTED");
  const length = headers["content-length"];
  if (length === undefined) return null;
  if (Number(length) > maxBytes) throw new AppError("FILE_TOO_LARGE", { limitBytes: maxBytes });
  return Number(length);
}

async function write(
  reply: Reply,
  { path, onOpen }: { readonly path: string; readonly onOpen: () => void },
  onBytes: (received: number) => void,
): Promise<number> {
  const file = await open(path, "w", 0o640).catch((cause: unknown) => {
    throw diskError(cause);
  });
  onOpen();
  let received = 0;
  try {
    for await (const chunk of untilCut(reply.body)) {
      received += chunk.length;
      onBytes(received);
      await append(file, chunk);
    }
  } finally {
    await file.close();
  }
  return received;
}

/** The body's pieces; any way in which it breaks off is the same error. */
async function* untilCut(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* body;
  } catch (cause) {
    throw new AppError("DOWNLOAD_INCOMPLETE", {}, { cause });
  }
}

async function append(file: FileHandle, chunk: Buffer): Promise<void> {
  try {
    await file.appendFile(chunk);
  } catch (cause) {
    throw diskError(cause);
  }
}

function diskError(cause: unknown): AppError {
  const code = (cause as NodeJS.ErrnoException).code;
  const full = code === "ENOSPC" || code === "EDQUOT";
  return new AppError(full ? "DISK_FULL" : "CACHE_UNWRITABLE", { reason: code }, { cause });
}
