/** LRCLIB and SponsorBlock on one local server, with answers in their shapes. */
import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A song as the catalogue of lyrics has it. */
export interface SungSong {
  readonly trackName: string;
  readonly artistName: string;
  readonly durationSeconds: number;
  readonly plainLyrics: string | null;
  readonly syncedLyrics: string | null;
}

export interface SideServices {
  /** Value of SERVICE_URLS. */
  readonly serviceUrls: string;
  /** Paths with their queries, in order. */
  readonly requests: readonly string[];
  addLyrics(song: SungSong): void;
  /** Marks parts of a video; seconds. */
  addSegments(videoId: string, durationSeconds: number, parts: readonly (readonly [number, number])[]): void;
  close(): Promise<void>;
}

export async function startSideServices(): Promise<SideServices> {
  const requests: string[] = [];
  const lyrics: SungSong[] = [];
  const videos: object[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? "");
    const { pathname, searchParams } = new URL(request.url ?? "", "http://x");
    if (pathname.startsWith("/api/skipSegments/")) send(response, videos.length > 0 ? videos : undefined);
    else if (pathname === "/api/search") send(response, []);
    else send(response, found(lyrics, searchParams));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    serviceUrls: `lrclib=${url},sponsorblock=${url}`,
    requests,
    addLyrics: (song) => void lyrics.push(song),
    addSegments: (videoID, videoDuration, parts) =>
      void videos.push({ videoID, hash: "0", segments: parts.map((part) => segment(part, videoDuration)) }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

function segment(part: readonly [number, number], videoDuration: number): object {
  const facts = { category: "music_offtopic", actionType: "skip", UUID: "0", locked: 0, votes: 1 };
  return { ...facts, segment: part, videoDuration, description: "" };
}

function found(lyrics: readonly SungSong[], query: URLSearchParams): object | undefined {
  const song = lyrics.find(({ trackName }) => trackName === query.get("track_name"));
  if (!song || Math.abs(song.durationSeconds - Number(query.get("duration"))) > 2) return undefined;
  const { durationSeconds: duration, ...facts } = song;
  return { id: 1, name: song.trackName, albumName: "", duration, instrumental: false, ...facts };
}

function send(response: ServerResponse, answer: unknown): void {
  const status = answer === undefined ? 404 : 200;
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(answer ?? { message: "Not found", name: "TrackNotFound", statusCode: 404 }));
}
