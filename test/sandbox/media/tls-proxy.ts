/** An http proxy that ends TLS itself, so that programs can believe they talk to any host of the internet. */
import { once } from "node:events";
import { createServer as createHttpServer, get as ask } from "node:http";
import type { RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { connect } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { makeCertificate } from "../discord/certificate.ts";

export interface TlsProxy {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** What its clients must trust, PEM. */
  readonly authorityPem: string;
  /** Hosts that were asked for, with port, in order. */
  readonly connects: readonly string[];
  close(): Promise<void>;
}

/** @param dnsNames hosts the certificate is valid for; wildcards allowed */
export async function startTlsProxy(
  dnsNames: readonly string[],
  listener: RequestListener,
): Promise<TlsProxy> {
  const certificate = makeCertificate(Date.now(), dnsNames);
  const inner = createHttpsServer({ cert: certificate.certificatePem, key: certificate.keyPem }, listener);
  const connects: string[] = [];
  const sockets = new Set<Socket>();
  const outer = createHttpServer((request, response) => {
    if (!request.url?.startsWith("http://127.0.0.1:")) {
      response.writeHead(502).end("only CONNECT is served");
      return;
    }
    const forward = ask(request.url, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    forward.on("error", () => response.destroy());
  });
  outer.on("connect", (request, socket: Socket, head) => {
    connects.push(request.url ?? "");
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    if (head.length > 0) socket.unshift(head);
    if (request.url?.startsWith("127.0.0.1:")) tunnel(socket, new URL(`http://${request.url}`));
    else inner.emit("connection", socket);
  });
  inner.on("tlsClientError", (_error, socket) => socket.destroy());
  outer.listen(0, "127.0.0.1");
  await once(outer, "listening");
  return {
    url: `http://127.0.0.1:${(outer.address() as AddressInfo).port}`,
    authorityPem: certificate.authorityPem,
    connects,
    close: async () => {
      outer.close();
      for (const socket of sockets) socket.destroy();
      outer.closeAllConnections();
      inner.closeAllConnections();
      await once(outer, "close");
    },
  };
}

/** What is on this machine anyway is reached as through any proxy. */
function tunnel(socket: Socket, { port }: URL): void {
  const upstream = connect(Number(port), "127.0.0.1");
  upstream.on("error", () => socket.destroy());
  socket.pipe(upstream).pipe(socket);
}
