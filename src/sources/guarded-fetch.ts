/** GET over http and https for addresses that strangers wrote: every hop is checked, and only what was checked is reached. */
import { isIP } from "node:net";
import type { LookupFunction } from "node:net";
import { Agent, ProxyAgent, request } from "undici";
import type { Dispatcher } from "undici";
import { untilAborted } from "../core/abort.ts";
import { AppError } from "../core/errors.ts";
import type { AddressGuard } from "./address-guard.ts";

const MOST_REDIRECTS = 3;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** An answer with a body that is still to be read. */
export interface Reply {
  /** Where it came from in the end. */
  readonly url: URL;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: AsyncIterable<Buffer>;
}

/** What {@link createGuardedFetch} needs. */
export interface GuardedFetchOptions {
  readonly guard: AddressGuard;
  /** HTTP proxy that everything goes through. The host's addresses are checked here before it is asked. */
  readonly proxyUrl: string | undefined;
  readonly connectTimeoutMs: number;
  readonly firstByteTimeoutMs: number;
  /** Longest time between two parts of a body. Absent = whoever reads notices a body that stands still. */
  readonly silenceMs?: number;
  /** Sent with each request, in place of those for media. */
  readonly headers?: Readonly<Record<string, string>>;
  /** True = a redirect to there says enough and is not followed: the answer is the redirect, at that address. */
  readonly endsAt?: (url: URL) => boolean;
}

const MEDIA_HEADERS = { "user-agent": "Encore", accept: "audio/*, video/*, */*;q=0.5" };

/** An answer whose connection lasts until it is closed. */
export interface OpenReply extends Reply {
  close(): Promise<void>;
}

/** Asks an address; whoever gets the answer closes it. */
export type GuardedOpen = (url: URL, signal: AbortSignal) => Promise<OpenReply>;

/** Fetches an address and hands the answer to `use`; the connection is gone when it returns. */
export type GuardedFetch = <T>(
  url: URL,
  use: (reply: Reply) => Promise<T>,
  signal: AbortSignal,
) => Promise<T>;

/**
 * Follows at most three redirects.
 * @returns a function that rejects with `ADDRESS_FORBIDDEN`, `UNSUPPORTED_LINK`, `SOURCE_UNREACHABLE`
 */
export function createGuardedOpen(options: GuardedFetchOptions): GuardedOpen {
  const headers = options.headers ?? MEDIA_HEADERS;
  return async (start, signal) => {
    let url = start;
    for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
      // One dispatcher for one hop: it can reach the addresses checked for this host and nothing else.
      const dispatcher = dispatcherFor(await untilAborted(options.guard.check(url), signal), options);
      const close = (): Promise<void> => dispatcher.destroy();
      try {
        const reply = await get(url, { dispatcher, headers }, signal);
        const next = redirectTarget(reply);
        if (!next) return { ...reply, close };
        if (options.endsAt?.(next)) return { ...reply, url: next, close };
        url = next;
      } catch (error) {
        await close();
        throw error;
      }
      await close();
    }
    throw new AppError("SOURCE_UNREACHABLE", { reason: "too many redirects" });
  };
}

/** The same as {@link createGuardedOpen} for answers that are read at once; rejects also with whatever `use` throws. */
export function createGuardedFetch(options: GuardedFetchOptions): GuardedFetch {
  const open = createGuardedOpen(options);
  return async (url, use, signal) => {
    const reply = await open(url, signal);
    try {
      return await use(reply);
    } finally {
      await reply.close();
    }
  };
}

function dispatcherFor(addresses: readonly string[], options: GuardedFetchOptions): Dispatcher {
  const limits = {
    headersTimeout: options.firstByteTimeoutMs,
    bodyTimeout: options.silenceMs ?? 0,
    pipelining: 0,
  };
  const connect = { timeout: options.connectTimeoutMs };
  if (options.proxyUrl !== undefined) {
    return new ProxyAgent({ ...limits, uri: options.proxyUrl, connect, proxyTls: connect });
  }
  return new Agent({ ...limits, connect: { ...connect, lookup: answerWith(addresses) } });
}

/** Stands in for the name server with the answer that was checked. */
function answerWith(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, options, callback) => {
    const [first] = all;
    if (options.all) callback(null, all);
    else if (first) callback(null, first.address, first.family);
  };
}

async function get(
  url: URL,
  how: { readonly dispatcher: Dispatcher; readonly headers: Readonly<Record<string, string>> },
  signal: AbortSignal,
): Promise<Reply> {
  try {
    const headers = { ...how.headers, "accept-encoding": "identity" };
    const answer = await request(url, { method: "GET", dispatcher: how.dispatcher, signal, headers });
    // An unread body that is torn down tells so by an event nobody waits for.
    answer.body.on("error", () => undefined);
    return { url, status: answer.statusCode, headers: flat(answer.headers), body: answer.body };
  } catch (cause) {
    signal.throwIfAborted();
    throw new AppError("SOURCE_UNREACHABLE", { host: url.hostname }, { cause });
  }
}

function flat(headers: Record<string, string | string[] | undefined>): Record<string, string | undefined> {
  const plain = Object.create(null) as Record<string, string | undefined>;
  for (const [name, value] of Object.entries(headers)) plain[name] = Array.isArray(value) ? value[0] : value;
  return plain;
}

function redirectTarget({ status, headers, url }: Reply): URL | undefined {
  const location = headers["location"];
  if (!REDIRECTS.has(status) || location === undefined) return undefined;
  const next = URL.parse(location, url.href);
  if (!next) throw new AppError("SOURCE_UNREACHABLE", { reason: "redirect without an address" });
  return next;
}
