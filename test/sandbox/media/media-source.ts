/** The local media source: an http server with real audio files, and a yt-dlp stand-in that talks to it. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Catalogue, SongEntry } from "./catalogue.ts";
import type { Counters, MediaFaults, PageState, Playlist, Song, SongChapter } from "./catalogue.ts";
import { serveLive } from "./live.ts";
import { pageOf, playlistPage, searchPage, suggestions } from "./page.ts";
import { serveMedia } from "./serve-media.ts";
import { makeTone } from "./tones.ts";
import type { ToneFormat } from "./tones.ts";

const FAKE_YT_DLP = fileURLToPath(new URL("fake-yt-dlp.cjs", import.meta.url));
/** Where on YouTube an ID would be; also what a person pastes. */
const WATCH = "https://www.youtube.com/watch?v=";

export interface MediaSourceOptions {
  /** For the yt-dlp stand-in and its call log; made when missing. */
  readonly directory: string;
  /** Default: FFMPEG_PATH, else `ffmpeg` on PATH. */
  readonly ffmpegPath?: string;
}

export interface NewSong {
  /** Default: made from title and number. */
  readonly id?: string;
  readonly title: string;
  readonly artist?: string;
  /** Default 440. */
  readonly frequencyHz?: number;
  /** Default -14. */
  readonly loudnessLufs?: number;
  /** Default 4000. */
  readonly durationMs?: number;
  /** Default WebM/Opus. */
  readonly format?: ToneFormat;
  readonly chapters?: readonly SongChapter[];
  /** Its page on another site; default: on YouTube. */
  readonly url?: string;
}

/** How the yt-dlp stand-in misbehaves as a program, whatever the server does. Empty = properly. */
export interface ExtractorBehaviour {
  /** What `--version` says; default the version it imitates. */
  readonly version?: string;
  /** Stops doing anything at this point; with `ignoresSigterm` only SIGKILL ends it. */
  readonly hangs?: "start" | "download" | "list";
  readonly ignoresSigterm?: boolean;
  /** Writes this to stdout before anything else. */
  readonly garbage?: string;
  /** Ends at once with this, instead of doing anything. */
  readonly exit?: { readonly code: number; readonly stdout?: string; readonly stderr: string };
  /** Claims that its answer is about this video, whatever was asked. */
  readonly answersId?: string;
  /** Reports this as the finished file. */
  readonly claimsFile?: string;
}

/** One run of the yt-dlp stand-in. */
export interface ExtractorCall {
  readonly pid: number;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface MediaSource {
  /** `http://127.0.0.1:<port>` */
  readonly address: string;
  /** Path of the yt-dlp stand-in: for YTDLP_PATH. */
  readonly ytDlpCommand: string;
  readonly catalogue: Catalogue;
  addSong(song: NewSong): Promise<Song>;
  addPlaylist(playlist: { id?: string; title: string; songIds: readonly string[] }): Playlist;
  setFaults(songId: string, faults: MediaFaults): void;
  setState(songId: string, state: PageState): void;
  counters(songId: string): Counters;
  resetCounters(): void;
  setExtractor(behaviour: ExtractorBehaviour): Promise<void>;
  /** Runs of the stand-in so far, oldest first. */
  extractorCalls(): Promise<readonly ExtractorCall[]>;
  close(): Promise<void>;
}

/** Starts the server on a free port of 127.0.0.1. */
export async function startMediaSource(options: MediaSourceOptions): Promise<MediaSource> {
  const catalogue = new Catalogue();
  const server = createServer((request, response) => {
    void answer(catalogue, request, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const extractor = await installExtractor(options.directory, address);
  return {
    address,
    ytDlpCommand: extractor.command,
    ...catalogueControls(catalogue, options, address),
    setExtractor: extractor.behave,
    extractorCalls: extractor.calls,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function catalogueControls(
  catalogue: Catalogue,
  options: MediaSourceOptions,
  address: string,
): Omit<MediaSource, "address" | "ytDlpCommand" | "setExtractor" | "extractorCalls" | "close"> {
  const ffmpegPath = ffmpegPathOf(options);
  const entryOf = (id: string): SongEntry => {
    const entry = catalogue.songs.get(id);
    if (!entry) throw new Error(`the media source has no song ${id}`);
    return entry;
  };
  return {
    catalogue,
    addSong: async (wanted) => {
      const song = await makeSong(wanted, { address, ffmpegPath, number: catalogue.songs.size });
      catalogue.songs.set(song.id, new SongEntry(song));
      return song;
    },
    addPlaylist: ({ id = `PL${idFrom(`list ${catalogue.playlists.size}`)}encore`, title, songIds }) => {
      const playlist = { id, title, songIds };
      catalogue.playlists.set(id, playlist);
      return playlist;
    },
    setFaults: (id, faults) => entryOf(id).setFaults(faults),
    setState: (id, state) => {
      entryOf(id).state = state;
    },
    counters: (id) => ({ ...entryOf(id).counters }),
    resetCounters: () => {
      for (const entry of catalogue.songs.values()) entry.resetCounters();
      Object.assign(catalogue.counters, { searches: 0, playlistPages: 0 });
    },
  };
}

function ffmpegPathOf({ ffmpegPath }: Pick<MediaSourceOptions, "ffmpegPath"> = {}): string {
  return ffmpegPath ?? process.env["FFMPEG_PATH"] ?? "ffmpeg";
}

async function makeSong(
  wanted: NewSong,
  { address, ffmpegPath, number }: { address: string; ffmpegPath: string; number: number },
): Promise<Song> {
  const id = wanted.id ?? idFrom(`${wanted.title} ${number}`);
  if (!/^[A-Za-z0-9_-]{11}$/u.test(id)) throw new Error(`${id} is not shaped like a YouTube ID`);
  const spec = {
    frequencyHz: wanted.frequencyHz ?? 440,
    loudnessLufs: wanted.loudnessLufs ?? -14,
    durationMs: wanted.durationMs ?? 4000,
    format: wanted.format ?? "webm",
  } as const;
  const file = await makeTone(spec, { ffmpegPath });
  return {
    ...spec,
    ...file,
    id,
    title: wanted.title,
    artist: wanted.artist ?? "Encore Test Tones",
    chapters: wanted.chapters ?? null,
    url: wanted.url ?? `${WATCH}${id}`,
    directUrl: `${address}/files/${id}.${spec.format}`,
    radioUrl: `${address}/radio/${id}`,
    hlsUrl: `${address}/hls/${id}/index.m3u8`,
  };
}

function idFrom(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 11);
}

async function answer(
  catalogue: Catalogue,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(`http://${request.headers.host}${request.url}`);
  const [, kind = "", name = ""] = url.pathname.split("/");
  const entry = catalogue.songs.get(name.slice(0, 11));
  if (entry && ["media", "files"].includes(kind)) {
    return serveMedia(entry, request, response, numberOf(url, "issue"));
  }
  if (entry && ["radio", "hls"].includes(kind)) {
    return serveLive(entry, url.pathname, { response, ffmpegPath: ffmpegPathOf() });
  }
  if (kind === "page" && entry?.state === "unreachable") response.destroy();
  else tell(response, factsAt(catalogue, kind, { name, url }));
}

function tell(response: ServerResponse, found: unknown): void {
  response.writeHead(found === undefined ? 404 : 200, { "content-type": "application/json" });
  response.end(JSON.stringify(found ?? null));
}

function factsAt(catalogue: Catalogue, kind: string, { name, url }: { name: string; url: URL }): unknown {
  if (kind === "page") return pageOf(catalogue.songs.get(name) ?? catalogue.at(name), url.origin);
  if (kind === "search") return searchPage(catalogue, url.searchParams);
  if (kind === "list") return playlistPage(catalogue, decodeURIComponent(name), numberOf(url, "from"));
  if (kind === "complete") return suggestions(catalogue, url.searchParams.get("q") ?? "");
  return undefined;
}

function numberOf(url: URL, parameter: string): number {
  return Number(url.searchParams.get(parameter) ?? 0);
}

/** Puts a runnable stand-in into the folder: a start line for this Node, and a settings file beside it. */
async function installExtractor(
  directory: string,
  address: string,
): Promise<{
  command: string;
  behave: (behaviour: ExtractorBehaviour) => Promise<void>;
  calls: () => Promise<readonly ExtractorCall[]>;
}> {
  const folder = path.resolve(directory, "yt-dlp-stand-in");
  await mkdir(folder, { recursive: true });
  const command = path.join(folder, "yt-dlp");
  const settings = path.join(folder, "settings.json");
  const callLog = path.join(folder, "calls.jsonl");
  const behave = async (behaviour: ExtractorBehaviour): Promise<void> => {
    await writeFile(`${settings}.new`, JSON.stringify({ address, callLog, ...behaviour }));
    await rename(`${settings}.new`, settings);
  };
  await behave({});
  await writeFile(path.join(folder, "package.json"), '{ "type": "commonjs" }\n');
  await writeFile(
    command,
    `#!${process.execPath}\nrequire(${JSON.stringify(FAKE_YT_DLP)}).main(${JSON.stringify(settings)});\n`,
  );
  await chmod(command, 0o755);
  const calls = async (): Promise<readonly ExtractorCall[]> => {
    const lines = await readFile(callLog, "utf8").catch(() => "");
    return lines
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as ExtractorCall);
  };
  return { command, behave, calls };
}
