import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { REST } from "discord.js";
import { Agent, setGlobalDispatcher } from "undici";
import { expect, it, onTestFinished } from "vitest";
import { restRequest } from "../../src/discord/rest-request.ts";

it("files arrive, although another version of the HTTP library rules in the process", async () => {
  setGlobalDispatcher(new Agent());
  const received: { type: string; body: string }[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      received.push({
        type: request.headers["content-type"] ?? "",
        body: Buffer.concat(parts).toString(),
      });
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => void server.close());
  const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const rest = new REST({ api, makeRequest: restRequest }).setToken("x");
  const data = Buffer.from("Кино – 🎉");
  await rest.post("/channels/1/messages", { body: { content: "a" }, files: [{ data, name: "list.json" }] });
  await rest.post("/channels/1/messages", { body: { content: "b" } });
  expect(received[0]?.type).toMatch(/^multipart\/form-data; boundary=/u);
  expect(received[0]?.body).toMatch(
    /name="files\[0\]"; filename="list\.json"[^]*Кино – 🎉[^]*payload_json[^]*"content":"a"/u,
  );
  expect(received[1]).toEqual({ type: "application/json", body: '{"content":"b"}' });
});
