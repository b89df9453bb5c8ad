/** Reads small pages of services beside the audio itself: names of songs, suggestions. Nothing waits long for them. */
import type { Clock } from "../core/clock.ts";
import { AppError, type ErrorCode, toAppError } from "../core/errors.ts";
import { createAddressGuard } from "./address-guard.ts";
import { Breaker } from "./breaker.ts";
import { createGuardedFetch } from "./guarded-fetch.ts";
import type { Reply } from "./guarded-fetch.ts";
import { lookUpHost } from "./look-up-host.ts";
import { readBytes } from "./read-bytes.ts";

/** What {@link createSideService} needs. */
export interface SideServiceOptions {
  /** Where it is, such as `https://api.deezer.com`; may be a server of the operator's own, wherever that is. */
  readonly baseUrl: string;
  readonly proxyUrl: string | undefined;
  readonly clock: Clock;
  /** How it is asked; default: as a program named Encore that takes everything. */
  readonly headers?: Readonly<Record<string, string>>;
  /** See `GuardedFetchOptions`. */
  readonly endsAt?: (url: URL) => boolean;
  /** Until an answer is whole. Default: 8 s. */
  readonly timeoutMs?: number;
  /** Largest answer that is read. Default: 2 MiB. */
  readonly limitBytes?: number;
}

/** An answer, whole. */
export interface SidePage {
  readonly status: number;
  /** Where it came from in the end. */
  readonly url: URL;
  readonly text: string;
}

/** One service. After three failures in a row one of its hosts is left alone for a minute. */
export interface SideService {
  /**
   * @param path what follows the base address, from its slash on; or a whole address
   * @throws {AppError} `SOURCE_UNREACHABLE`, `RATE_LIMITED`, `ADDRESS_FORBIDDEN`, `ABORTED`
   */
  read(path: string, signal: AbortSignal): Promise<SidePage>;
}

const HEADERS = { "user-agent": "Encore", accept: "*/*" };
const TIMEOUT_MS = 8_000;
/** What says that a host is not well; a page that leads nowhere says nothing about it. */
const FAILURES: ReadonlySet<ErrorCode> = new Set(["SOURCE_UNREACHABLE", "RATE_LIMITED"]);
const LIMIT_BYTES = 2 * 1024 * 1024;

export function createSideService(options: SideServiceOptions): SideService {
  const { baseUrl, proxyUrl, clock, timeoutMs = TIMEOUT_MS, limitBytes = LIMIT_BYTES } = options;
  const breakers = new Map<string, Breaker>();
  const fetchGuarded = createGuardedFetch({
    guard: createAddressGuard([new URL(baseUrl).host], lookUpHost),
    proxyUrl,
    connectTimeoutMs: timeoutMs,
    firstByteTimeoutMs: timeoutMs,
    headers: options.headers ?? HEADERS,
    ...(options.endsAt && { endsAt: options.endsAt }),
  });
  const use = async (reply: Reply): Promise<SidePage> => {
    const text = (await readBytes(reply.body, limitBytes)).toString();
    if (reply.status === 429) throw new AppError("RATE_LIMITED", { host: reply.url.hostname });
    if (reply.status >= 500) throw unreachable(reply.url, String(reply.status));
    return { status: reply.status, url: reply.url, text };
  };
  return {
    read: async (path, signal) => {
      const url = new URL(path.startsWith("/") ? `${baseUrl}${path}` : path);
      const breaker = breakers.get(url.host) ?? new Breaker(clock);
      breakers.set(url.host, breaker);
      if (!breaker.mayAsk()) throw unreachable(url, "it failed several times in a row");
      const limit = AbortSignal.timeout(timeoutMs);
      try {
        const page = await fetchGuarded(url, use, AbortSignal.any([signal, limit]));
        breaker.answered();
        return page;
      } catch (error) {
        if (signal.aborted) throw new AppError("ABORTED", {}, { cause: signal.reason });
        const problem = limit.aborted ? unreachable(url, "too slow") : toAppError(error);
        if (FAILURES.has(problem.code)) breaker.failed();
        throw problem;
      }
    },
  };
}

function unreachable({ hostname }: URL, reason: string): AppError {
  return new AppError("SOURCE_UNREACHABLE", { host: hostname, reason });
}
