/** A YouTube of our own behind a proxy: the pages and answers that the real extractors need, with the same songs. */
import { mkdir, writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import path from "node:path";
import type { Catalogue, SongEntry } from "./catalogue.ts";
import { serveMedia } from "./serve-media.ts";
import { startTlsProxy } from "./tls-proxy.ts";
import { browseAnswer, nextAnswer, playlistData, searchAnswer } from "./youtube-lists.ts";
import { PLAYER_PATH, embedPage, playerScript, watchPage, webPage } from "./youtube-pages.ts";
import { playerAnswer } from "./youtube-player.ts";

const HOSTS = [
  "youtube.com",
  "*.youtube.com",
  "*.googlevideo.com",
  "*.ytimg.com",
  "*.youtube-nocookie.com",
  "youtubei.googleapis.com",
];

export interface FakeYoutube {
  /** For SOURCE_PROXY. */
  readonly proxyUrl: string;
  /** PEM file to trust: SSL_CERT_FILE, NODE_EXTRA_CA_CERTS. */
  readonly certFile: string;
  /** Paths that were asked for, with their host, in order. */
  readonly requests: readonly string[];
  readonly connects: readonly string[];
  close(): Promise<void>;
}

/** @param directory where the certificate file goes */
export async function startFakeYoutube(catalogue: Catalogue, directory: string): Promise<FakeYoutube> {
  const requests: string[] = [];
  const proxy = await startTlsProxy(HOSTS, (request, response) => {
    requests.push(`${request.headers.host}${request.url}`);
    void answer(catalogue, request, response).catch(() => response.destroy());
  });
  const certFile = path.join(directory, "local-authority.pem");
  await mkdir(directory, { recursive: true });
  await writeFile(certFile, proxy.authorityPem);
  return { proxyUrl: proxy.url, certFile, requests, connects: proxy.connects, close: () => proxy.close() };
}

async function answer(
  catalogue: Catalogue,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(`https://${request.headers.host}${request.url}`);
  if (url.pathname === "/videoplayback") return playback(catalogue, url, { request, response });
  if (url.pathname.startsWith("/youtubei/v1/")) {
    return callApi(catalogue, url.pathname.slice("/youtubei/v1/".length), { request, response });
  }
  const script = scriptAt(url.pathname);
  if (script !== undefined) return send(response, "text/javascript", script);
  if (refuseInstead(catalogue.songs.get(url.searchParams.get("v") ?? ""), response)) return;
  send(response, "text/html; charset=utf-8", pageAt(catalogue, url));
}

function scriptAt(pathname: string): string | undefined {
  if (pathname === "/iframe_api") return `var scriptUrl = 'https:\\/\\/www.youtube.com${PLAYER_PATH}';`;
  return pathname.endsWith(".js") ? playerScript() : undefined;
}

function pageAt(catalogue: Catalogue, url: URL): string {
  const list = url.searchParams.get("list");
  if (url.pathname === "/playlist" && list) return webPage(playlistData(catalogue, list));
  if (url.pathname.startsWith("/embed/")) return embedPage();
  const id = url.searchParams.get("v");
  return id ? watchPage(catalogue.songs.get(id)) : webPage(nextAnswer(undefined));
}

async function playback(
  catalogue: Catalogue,
  url: URL,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const entry = catalogue.songs.get(url.searchParams.get("id") ?? "");
  if (entry) return serveMedia(entry, request, response, Number(url.searchParams.get("issue")));
  response.writeHead(404).end();
}

async function callApi(
  catalogue: Catalogue,
  method: string,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const body = await readJson(request);
  const videoId = textOf(body["videoId"]);
  const entry = catalogue.songs.get(videoId);
  if (method === "player" && refuseInstead(entry, response)) return;
  const answers: Record<string, () => unknown> = {
    player: () => playerAnswer(entry, videoId),
    next: () => nextAnswer(entry),
    search: () => searchAnswer(catalogue, textOf(body["query"])),
    browse: () => browseAnswer(catalogue, body),
  };
  send(response, "application/json", JSON.stringify(answers[method]?.() ?? {}));
}

/** Trouble of the server itself. */
function refuseInstead(entry: SongEntry | undefined, response: ServerResponse): boolean {
  if (entry?.state === "unreachable") {
    response.destroy();
    return true;
  }
  if (entry?.state !== "too-many-requests") return false;
  response.writeHead(429, { "content-length": 0 }).end();
  return true;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return parts.length === 0 ? {} : (JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>);
}

function send(response: ServerResponse, type: string, body: string): void {
  response.writeHead(200, { "content-type": type, "content-length": Buffer.byteLength(body) });
  response.end(body);
}
