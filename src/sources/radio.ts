/** Radio behind links: Icecast and its kin, streams of HLS, and the small lists that stations hand out. */
import type { Clock } from "../core/clock.ts";
import { AppError, type ErrorCode, toAppError } from "../core/errors.ts";
import { fileTitle } from "./file-title.ts";
import type { GuardedFetch, GuardedOpen, OpenReply, Reply } from "./guarded-fetch.ts";
import { type HlsStream, openHls, readHls, type Wait } from "./hls.ts";
import { isHls } from "./hls-list.ts";
import { readBytes } from "./read-bytes.ts";
import { isStreamList, parseStreamList } from "./stream-lists.ts";
import { cleanText } from "./untrusted-text.ts";

/** The ways to a stream; every hop of both is checked. */
export interface RadioLine {
  readonly open: GuardedOpen;
  readonly fetch: GuardedFetch;
  readonly clock: Clock;
  readonly wait?: Wait | undefined;
}

/** What is behind a link. The caller closes it. */
export type Found = { readonly title: string; close(): Promise<void> } & (
  | { readonly kind: "file" | "stream"; readonly reply: Reply }
  | { readonly kind: "hls"; readonly stream: HlsStream }
);

const LIST_BYTES = 256 * 1024;
/** Addresses that are asked for one link, lists and mirrors together. */
const MOST_ADDRESSES = 6;

/**
 * Follows lists to the first address that answers with a stream.
 * @throws {AppError} `NOT_AUDIO` for a list without one, and why the link or the last of its addresses cannot be read
 */
export async function findStream(start: URL, line: RadioLine, signal: AbortSignal): Promise<Found> {
  const waiting = [start];
  let problem = new AppError("NOT_AUDIO", { reason: "an empty list" });
  for (let asked = 0; asked < MOST_ADDRESSES; asked += 1) {
    const url = waiting.shift();
    if (!url) break;
    try {
      const found = await look(url, line, signal);
      if (!Array.isArray(found)) return wanted(found, url === start);
      waiting.unshift(...found);
    } catch (error) {
      // A link that is dead itself is told as it is; of a list's mirrors one is enough.
      problem = toAppError(error);
      if (signal.aborted || waiting.length === 0) throw problem;
    }
  }
  throw problem;
}

/** A live stream as it comes. @throws as {@link findStream}; `LIVE_ENDED`, `SOURCE_UNREACHABLE` when it breaks off */
export async function* readRadio(
  start: URL,
  line: RadioLine,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  const found = await findStream(start, line, signal);
  try {
    if (found.kind === "file") throw new AppError("LIVE_ENDED");
    if (found.kind === "hls") yield* readHls(found.stream, line, signal);
    else yield* found.reply.body;
  } catch (error) {
    if (signal.aborted) throw new AppError("ABORTED", {}, { cause: signal.reason });
    throw error instanceof AppError
      ? error
      : new AppError("SOURCE_UNREACHABLE", { host: start.hostname }, { cause: error });
  } finally {
    await found.close();
  }
}

/** Icecast and its kin name themselves in headers, and their streams never end. */
export function isRadio({ headers }: Pick<Reply, "headers">): boolean {
  return (
    headers["content-length"] === undefined && Object.keys(headers).some((name) => name.startsWith("icy-"))
  );
}

/** What a server's refusal means for a link. */
export function codeOfStatus(status: number): ErrorCode {
  if (status === 404 || status === 410) return "LINK_DEAD";
  if (status === 429) return "RATE_LIMITED";
  return status >= 400 && status < 500 ? "MEDIA_FORBIDDEN" : "SOURCE_UNREACHABLE";
}

async function look(url: URL, line: RadioLine, signal: AbortSignal): Promise<Found | URL[]> {
  const reply = await line.open(url, signal);
  try {
    const found = await judge(reply, line, signal);
    if (!Array.isArray(found)) return found;
    await reply.close();
    return found;
  } catch (error) {
    await reply.close();
    throw error;
  }
}

async function judge(reply: OpenReply, line: RadioLine, signal: AbortSignal): Promise<Found | URL[]> {
  const { url, headers, status } = reply;
  const close = (): Promise<void> => reply.close();
  if (status !== 200) throw new AppError(codeOfStatus(status), { status });
  const title = cleanText(headers["icy-name"] ?? "") || fileTitle(url, headers["content-disposition"]);
  if (!isStreamList(headers["content-type"] ?? "", url.pathname))
    return { kind: isRadio(reply) ? "stream" : "file", reply, title, close };
  const text = (await readBytes(reply.body, LIST_BYTES)).toString();
  if (!isHls(text)) return parseStreamList(text, url);
  const stream = await openHls(url, line, signal, text);
  if (stream.pieces.isOver) throw new AppError("NOT_AUDIO", { reason: "a recording in pieces" });
  return { kind: "hls", stream, title, close };
}

/** A list is for streams: what else it names is no better than the list itself. */
function wanted(found: Found, isLinked: boolean): Found {
  if (isLinked || found.kind !== "file") return found;
  void found.close();
  throw new AppError("NOT_AUDIO", { reason: "a list of files" });
}
