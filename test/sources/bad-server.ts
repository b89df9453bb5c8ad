/** A local web server whose behaviour each test writes itself, and a name server that points at it. */
import { createServer } from "node:http";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A running server. */
export interface BadServer {
  readonly port: number;
  /** Paths asked for, in order. */
  readonly requests: readonly string[];
  /** Connections accepted, asked for anything or not. */
  readonly connections: () => number;
}

/** Starts a server that ends with the test. */
export async function startServer(answer: RequestListener): Promise<BadServer> {
  const requests: string[] = [];
  let connections = 0;
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    requests.push(request.url ?? "");
    answer(request, response);
  });
  server.on("connection", () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });
  return { port: (server.address() as AddressInfo).port, requests, connections: () => connections };
}
