// The fetch that in-process extractors use: through the operator's proxy, and never without a time limit.
import { Agent, ProxyAgent, fetch as undiciFetch } from "undici";
import type { Dispatcher } from "undici";

export interface ExtractorFetchOptions {
  /** `http://host:port`; `undefined` = straight. */
  readonly proxy?: string | undefined;
  /** CA certificates in PEM to trust instead of the system's. NODE_EXTRA_CA_CERTS needs none of this. */
  readonly certificates?: string | undefined;
}

/** A fetch that does not wait for ever: neither for an answer nor for the next part of one. */
export type ExtractorFetch = typeof globalThis.fetch;

/** Until the headers of an answer, and between two parts of a body. */
const SILENCE_MS = 30_000;

export function createExtractorFetch(options: ExtractorFetchOptions): ExtractorFetch {
  const dispatcher = dispatcherFor(options);
  return async (input, init) => {
    // A library may hand over a Request of Node's own fetch, which undici's does not recognize as one.
    const isRequest = input instanceof Request;
    const url = isRequest ? input.url : input;
    const method = init?.method ?? (isRequest ? input.method : "GET");
    const wanted = { ...init, method, dispatcher } as Parameters<typeof undiciFetch>[1];
    return undiciFetch(url, wanted);
  };
}

function dispatcherFor({ proxy, certificates }: ExtractorFetchOptions): Dispatcher {
  const limits = { headersTimeout: SILENCE_MS, bodyTimeout: SILENCE_MS };
  const trust = certificates === undefined ? {} : { ca: certificates };
  if (proxy === undefined) return new Agent({ ...limits, connect: trust });
  return new ProxyAgent({ ...limits, uri: proxy, requestTls: trust });
}
