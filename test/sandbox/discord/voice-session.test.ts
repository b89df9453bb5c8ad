import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";
import { afterAll, expect, test } from "vitest";
import { VoiceSession } from "./voice-session.ts";
import type { VoiceSessionFacts } from "./voice-session.ts";

const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
afterAll(() => server.close());

/** Connects a client to the session and collects what it gets. */
async function connect(session: VoiceSession): Promise<{ client: WebSocket; got: string[] }> {
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const got: string[] = [];
  client.on("message", (data, isBinary) => got.push((data as Buffer).toString(isBinary ? "hex" : "utf8")));
  const [[socket]] = await Promise.all([once(server, "connection"), once(client, "open")]);
  session.socket = socket as WebSocket;
  return { client, got };
}

test("a resumed session sends again what came after the acknowledged number, then RESUMED", async () => {
  if (!server.address()) await once(server, "listening");
  const session = new VoiceSession({} as VoiceSessionFacts);
  const first = await connect(session);
  session.send(11, { user_ids: ["1"] });
  first.client.close();
  await once(first.client, "close");
  session.send(11, { user_ids: ["2"] });
  session.sendBinary(25, Buffer.from([0xab]));
  const { client, got } = await connect(session);
  session.resume(1);
  session.socket?.close();
  await once(client, "close");
  expect(got).toEqual([
    JSON.stringify({ op: 11, d: { user_ids: ["2"] }, seq: 2 }),
    "000319ab", // number 3, opcode 25, content
    JSON.stringify({ op: 9, d: null }),
  ]);
});
