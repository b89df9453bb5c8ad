// Discord's HTTP API on 127.0.0.1: parse, authorize, check against the description, answer.
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { DiscordRefusal, invalidForm } from "./errors.ts";
import { OpenApiCheck } from "./openapi.ts";
import { readBody } from "./rest-body.ts";
import type { RestBody } from "./rest-body.ts";
import { Router } from "./rest-router.ts";
import type { Match, RestAnswer, Routes } from "./rest-router.ts";
import type { World } from "./world.ts";

const API = /^\/api\/v10(?=\/)/u;
const OPEN_ROUTES = /^\/(interactions|webhooks)\//u;

/** A failure a test asks for: the next matching request gets this instead of being carried out. */
export interface RestFault {
  readonly method: string;
  /** Tested against the path without `/api/v10`. */
  readonly path: RegExp;
  readonly status: number;
  readonly code?: number;
  /** For 429. */
  readonly retryAfterMs?: number;
}

/** One request as it was served. */
export interface ServedRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** As in Discord's description; `undefined` = no such route. */
  readonly operation: string | undefined;
  readonly body: unknown;
  readonly answer: unknown;
  /** Monotonic. */
  readonly atMs: number;
}

/** Serves the routes it is given. */
export class RestServer {
  readonly #world: World;
  readonly #router: Router;
  readonly #token: string;
  readonly #server: Server;
  readonly #openApi = OpenApiCheck.shared();
  readonly #faults: RestFault[] = [];
  /** Everything served so far, in order. */
  readonly requests: ServedRequest[] = [];

  constructor(world: World, routes: Routes, token: string) {
    this.#world = world;
    this.#router = new Router(routes);
    this.#token = token;
    this.#openApi.prepare(Object.keys(routes));
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  /** Starts on a free port of 127.0.0.1. */
  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.#world.httpOrigin = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  /** Makes the next matching request fail. */
  failNext(fault: RestFault): void {
    this.#faults.push(fault);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.#world.httpOrigin);
    if (url.pathname.startsWith("/attachments/")) return this.#sendAttachment(url.pathname, response);
    const method = request.method ?? "GET";
    const path = url.pathname.replace(API, "");
    const atMs = this.#world.clock.monotonicMs();
    let body: unknown;
    let answer: RestAnswer;
    try {
      const read = await readBody(request);
      body = read.json;
      answer = this.#answer({ method, path, url, read, authorization: request.headers.authorization });
    } catch (thrown) {
      answer = this.#refuse(method, path, thrown);
    }
    const status = answer.status ?? (answer.body === undefined ? 204 : 200);
    const { operation } = this.#router.match(method, path) ?? {};
    this.requests.push({ method, path, status, operation, body, answer: answer.body, atMs });
    send(response, status, answer);
  }

  #answer({ method, path, url, read, authorization }: Incoming): RestAnswer {
    const fault = this.#takeFault(method, path);
    if (fault) return faultAnswer(fault);
    if (!API.test(url.pathname)) throw new DiscordRefusal(404, 0, "404: Not Found", "not under /api/v10");
    if (!OPEN_ROUTES.test(path) && authorization !== `Bot ${this.#token}`)
      throw new DiscordRefusal(401, 0, "401: Unauthorized");
    const match = this.#router.match(method, path);
    if (!match) throw new DiscordRefusal(404, 0, "404: Not Found", "unknown route");
    this.#check(match, read);
    return match.handler({
      params: match.params,
      query: url.searchParams,
      body: read.json,
      files: read.files,
    });
  }

  #check({ operation }: Match, { json }: RestBody): void {
    const problems = this.#openApi.problems(operation, json);
    if (problems.length > 0) throw invalidForm(problems.join("; "));
  }

  #takeFault(method: string, path: string): RestFault | undefined {
    const index = this.#faults.findIndex((fault) => fault.method === method && fault.path.test(path));
    return index === -1 ? undefined : this.#faults.splice(index, 1)[0];
  }

  #refuse(method: string, path: string, thrown: unknown): RestAnswer {
    const refusal =
      thrown instanceof DiscordRefusal
        ? thrown
        : new DiscordRefusal(
            500,
            0,
            "500: Internal Server Error",
            `local Discord failed: ${stackOf(thrown)}`,
          );
    const { status, code, message, problem } = refusal;
    this.#world.refusals.push({
      method,
      path,
      status,
      code,
      message: problem ? `${message} (${problem})` : message,
    });
    if (problem !== undefined) this.#world.violations.push({ method, route: path, problem });
    return {
      status,
      body: {
        message,
        code,
        ...(problem !== undefined && { errors: { _errors: [{ code: "INVALID", message: problem }] } }),
      },
    };
  }

  #sendAttachment(path: string, response: ServerResponse): void {
    const [, , , id] = path.split("/");
    const all = [...this.#world.messages.values()].flatMap(({ history }) =>
      history.flatMap(({ attachments }) => attachments),
    );
    const found = this.#world.uploads.get(id ?? "") ?? all.find((attachment) => attachment.id === id);
    response.writeHead(found ? 200 : 404, { "content-type": found?.contentType ?? "text/plain" });
    response.end(found?.data);
  }
}

interface Incoming {
  readonly method: string;
  readonly path: string;
  readonly url: URL;
  readonly read: RestBody;
  readonly authorization: string | undefined;
}

function send(response: ServerResponse, status: number, answer: RestAnswer): void {
  // discord.js parses a body wherever the header announces JSON, also for 204.
  const type = answer.body === undefined ? {} : { "content-type": "application/json" };
  response.writeHead(status, { ...type, ...retryHeader(answer) });
  response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
}

function faultAnswer({ status, code = 0, retryAfterMs }: RestFault): RestAnswer {
  const wait = retryAfterMs === undefined ? {} : { retry_after: retryAfterMs / 1000, global: false };
  return { status, body: { message: `Fault asked for by a test (${status})`, code, ...wait } };
}

function retryHeader({ status, body }: RestAnswer): Record<string, string> {
  if (status !== 429) return {};
  const wait = String((body as { retry_after?: number }).retry_after ?? 1);
  return { "retry-after": wait, "x-ratelimit-reset-after": wait, "x-ratelimit-scope": "user" };
}

function stackOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}
