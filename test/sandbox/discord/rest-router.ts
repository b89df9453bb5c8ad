// Finds the handler for a request; routes are written exactly as in Discord's description.
import type { UploadedFile } from "./rest-body.ts";

/** A request a handler gets: matched, parsed and checked. */
export interface RestRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The JSON body; handlers cast it to what the description guarantees. */
  readonly body: unknown;
  readonly files: readonly UploadedFile[];
}

/** An answer; a missing body is 204. */
export interface RestAnswer {
  readonly status?: number;
  readonly body?: unknown;
}

export type RestHandler = (request: RestRequest) => RestAnswer;
/** Keys like `POST /channels/{channel_id}/messages`. */
export type Routes = Readonly<Record<string, RestHandler>>;

interface Entry {
  readonly operation: string;
  readonly handler: RestHandler;
  readonly method: string;
  readonly segments: readonly string[];
}

export interface Match {
  readonly operation: string;
  readonly handler: RestHandler;
  readonly params: Readonly<Record<string, string>>;
}

/** A table of routes. */
export class Router {
  readonly #entries: readonly Entry[];

  constructor(routes: Routes) {
    this.#entries = Object.entries(routes)
      .map(([operation, handler]) => {
        const [method = "", path = ""] = operation.split(" ");
        return { operation, handler, method, segments: path.split("/") };
      })
      .toSorted((a, b) => wildcards(a) - wildcards(b)); // `@me` before `{user_id}`
  }

  /** `undefined` = no such route. */
  match(method: string, path: string): Match | undefined {
    const segments = path.split("/").map(decodeURIComponent);
    for (const entry of this.#entries) {
      const params = entry.method === method ? paramsOf(entry.segments, segments) : undefined;
      if (params) return { operation: entry.operation, handler: entry.handler, params };
    }
    return undefined;
  }
}

function wildcards({ segments }: Entry): number {
  return segments.filter((segment) => segment.startsWith("{")).length;
}

function paramsOf(pattern: readonly string[], path: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== path.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of pattern.entries()) {
    const actual = path[index] ?? "";
    if (segment.startsWith("{")) params[segment.slice(1, -1)] = actual;
    else if (segment !== actual) return undefined;
  }
  return params;
}
