/** Spotify, Apple Music and Deezer of our own: pages and answers in the shapes in which the real ones tell of songs. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { applePage, deezerAnswer, spotifyPage } from "./music-pages.ts";

/** A song as the services name it. */
export interface NamedSong {
  /** For Spotify 22 letters and digits, else a number. */
  readonly id: string;
  readonly title: string;
  readonly artists: readonly string[];
  readonly durationMs: number;
}

/** A running set of services. */
export interface MusicServices {
  readonly address: string;
  /** Value of SERVICE_URLS. */
  readonly serviceUrls: string;
  /** Paths that were asked for, in order. */
  readonly requests: readonly string[];
  /** All services know it from now on. */
  addSong(song: NamedSong): void;
  /** @param path as in the links: `album/ID`, `us/playlist/pl.ID` */
  addList(path: string, songs: readonly NamedSong[]): void;
  /** @param link where the short link `https://<host><path>` leads */
  addShortLink(hostAndPath: string, link: string): void;
  /** Every answer is this from now on; `undefined` = as usual. */
  answerWith(instead: { readonly status: number; readonly text: string } | undefined): void;
  close(): Promise<void>;
}

interface Known {
  readonly songs: Map<string, NamedSong>;
  readonly lists: Map<string, readonly NamedSong[]>;
  readonly shortLinks: Map<string, string>;
}

/** Starts them on a free port of 127.0.0.1. */
export async function startMusicServices(): Promise<MusicServices> {
  const known: Known = { songs: new Map(), lists: new Map(), shortLinks: new Map() };
  const requests: string[] = [];
  let instead: { readonly status: number; readonly text: string } | undefined;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://local");
    requests.push(`${url.pathname}${url.search}`);
    const location = known.shortLinks.get(url.pathname.slice("/short/".length));
    const { status, text } = instead ?? answerOf(known, url);
    if (location !== undefined && !instead) response.writeHead(307, { location }).end();
    else response.writeHead(status, { "content-type": "text/html; charset=utf-8" }).end(text);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    address,
    serviceUrls: ["spotify", "apple", "deezer", "short-links", "suggestions"]
      .map((name) => `${name}=${address}/${name === "short-links" ? "short" : name}`)
      .join(","),
    requests,
    addSong: (song) => known.songs.set(song.id, song),
    addList: (path, songs) => known.lists.set(path, songs),
    addShortLink: (from, to) => known.shortLinks.set(from, to),
    answerWith: (answer) => {
      instead = answer;
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function answerOf(known: Known, url: URL): { readonly status: number; readonly text: string } {
  const [, service = "", ...rest] = url.pathname.split("/");
  const path = rest.join("/");
  const song = known.songs.get(rest.at(-1) ?? "");
  switch (service) {
    case "spotify":
      return page(spotifyPage(song, known.lists.get(path.replace("embed/", ""))));
    case "apple":
      return page(applePage(song, known.lists.get(path)));
    case "deezer":
      return {
        status: 200,
        text: deezerAnswer(song, known.lists.get(path.replace("/tracks", "")), url.searchParams),
      };
    default:
      return { status: 404, text: "nothing here" };
  }
}

function page(html: string | undefined): { readonly status: number; readonly text: string } {
  return html === undefined ? { status: 404, text: "<html>not found</html>" } : { status: 200, text: html };
}
