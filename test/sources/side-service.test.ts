import type { RequestListener } from "node:http";
import { expect, test } from "vitest";
import { createSideService } from "../../src/sources/side-service.ts";
import type { SideService, SideServiceOptions } from "../../src/sources/side-service.ts";
import { type BadServer, startServer } from "./bad-server.ts";

const never = new AbortController().signal;

async function serve(
  answer: RequestListener,
  options: Partial<SideServiceOptions> = {},
): Promise<{ readonly service: SideService; readonly server: BadServer }> {
  const server = await startServer(answer);
  let nowMs = 0;
  const service = createSideService({
    baseUrl: `http://127.0.0.1:${server.port}`,
    proxyUrl: undefined,
    clock: { nowMs: () => 0, monotonicMs: () => (nowMs += 1) },
    ...options,
  });
  return { service, server };
}

test("a page is read whole, with its status and where it came from", async () => {
  const { service, server } = await serve(({ url, headers }, response) => {
    if (url === "/old") response.writeHead(302, { location: "/new?x=1" }).end();
    else response.writeHead(404).end(`${headers["user-agent"]} ä`);
  });
  const page = await service.read("/old", never);
  expect(page).toMatchObject({ status: 404, text: "Encore ä" });
  expect(page.url.pathname).toBe("/new");
  expect(server.requests).toEqual(["/old", "/new?x=1"]);
});

test("a redirect that says enough is not followed", async () => {
  const location = "https://music.example/song/1";
  const { service, server } = await serve(
    (_request, response) => response.writeHead(302, { location }).end(),
    {
      endsAt: ({ hostname }) => hostname === "music.example",
    },
  );
  expect((await service.read("/s/abc", never)).url.href).toBe(location);
  expect(server.requests).toEqual(["/s/abc"]);
});

test("a redirect to a machine around the bot is refused", async () => {
  const { service } = await serve((_request, response) =>
    response.writeHead(302, { location: "http://10.0.0.1/" }).end(),
  );
  await expect(service.read("/", never)).rejects.toMatchObject({ code: "ADDRESS_FORBIDDEN" });
});

test.each([
  ["too much", (...[, response]) => response.end("x".repeat(2_000)), "SOURCE_UNREACHABLE"],
  [
    "half of it",
    (...[, response]) =>
      void response.writeHead(200, { "content-length": 9 }).write("x", () => response.destroy()),
    "SOURCE_UNREACHABLE",
  ],
  ["nothing at all", () => undefined, "SOURCE_UNREACHABLE"],
  ["503", (...[, response]) => response.writeHead(503).end(), "SOURCE_UNREACHABLE"],
  ["429", (...[, response]) => response.writeHead(429).end(), "RATE_LIMITED"],
] as const satisfies readonly (readonly [string, RequestListener, string])[])(
  "an answer that is %s is an error",
  async (_what, answer, code) => {
    const { service } = await serve(answer, { limitBytes: 1_000, timeoutMs: 300 });
    await expect(service.read("/", never)).rejects.toMatchObject({ code });
  },
);

test("a service that failed three times is left alone", async () => {
  const { service, server } = await serve((_request, response) => response.writeHead(500).end());
  for (let count = 0; count < 5; count += 1)
    await expect(service.read("/", never)).rejects.toMatchObject({ code: "SOURCE_UNREACHABLE" });
  expect(server.requests).toHaveLength(3);
});

test("a host that failed three times is left alone, and the others are not", async () => {
  const { service } = await serve(() => undefined, { baseUrl: "http://127.0.0.1" });
  const bad = await startServer((_request, response) => response.writeHead(503).end());
  const good = await startServer((_request, response) => response.end("fine"));
  const read = (server: BadServer) => service.read(`http://127.0.0.1:${server.port}/`, never);
  for (let count = 0; count < 4; count += 1)
    await expect(read(bad)).rejects.toMatchObject({ code: "SOURCE_UNREACHABLE" });
  await expect(read(good)).resolves.toMatchObject({ text: "fine" });
  expect(bad.requests).toHaveLength(3);
});

test("a page that leads to where nobody may go is no failure of the service", async () => {
  const { service } = await serve(({ url }, response) => {
    if (url === "/") response.end("fine");
    else response.writeHead(302, { location: "http://10.0.0.1/" }).end();
  });
  for (let count = 0; count < 4; count += 1)
    await expect(service.read("/bad", never)).rejects.toMatchObject({ code: "ADDRESS_FORBIDDEN" });
  await expect(service.read("/", never)).resolves.toMatchObject({ text: "fine" });
});

test("whoever stops waiting is told so, and that is no failure of the service", async () => {
  const { service, server } = await serve((_request, response) => response.end("fine"));
  for (let count = 0; count < 4; count += 1)
    await expect(service.read("/", AbortSignal.abort())).rejects.toMatchObject({ code: "ABORTED" });
  await expect(service.read("/", never)).resolves.toMatchObject({ text: "fine" });
  expect(server.requests).toHaveLength(1);
});
