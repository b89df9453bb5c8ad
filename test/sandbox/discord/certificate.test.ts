import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:tls";
import type { TLSSocket } from "node:tls";
import { X509Certificate } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeCertificate } from "./certificate.ts";

describe("makeCertificate", () => {
  const made = makeCertificate(Date.now());
  const server = createServer({ cert: made.certificatePem, key: made.keyPem }, (socket) =>
    socket.end("hello"),
  );
  let port = 0;

  beforeAll(async () => {
    server.on("tlsClientError", () => undefined);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => server.close());

  const dial = (options: object): TLSSocket => connect({ host: "127.0.0.1", port, ...options });

  test("a client that trusts the authority reaches 127.0.0.1", async () => {
    const socket = dial({ ca: made.authorityPem });
    await once(socket, "secureConnect");
    expect(socket.authorized).toBe(true);
    socket.destroy();
  });

  test("a client that does not trust it refuses", async () => {
    const [error] = (await once(dial({ ca: makeCertificate(Date.now()).authorityPem }), "error")) as [
      Error & { code: string },
    ];
    expect(error.code).toMatch(/UNABLE_TO_VERIFY|SELF_SIGNED|SIGNATURE/u);
  });

  test("it does not speak for other names", async () => {
    const [error] = (await once(dial({ ca: made.authorityPem, servername: "discord.media" }), "error")) as [
      Error & { code: string },
    ];
    expect(error.code).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
  });

  test("the authority may sign and the server certificate may not", () => {
    expect(new X509Certificate(made.authorityPem).ca).toBe(true);
    expect(new X509Certificate(made.certificatePem).ca).toBe(false);
  });
});
