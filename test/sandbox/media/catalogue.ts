/** The songs of the local media source: what they are, how they misbehave, and what was asked of them. */
import type { ToneFormat } from "./tones.ts";

/** Times are in seconds. */
export interface SongChapter {
  readonly title: string;
  readonly start_time: number;
  readonly end_time: number;
}

export interface Song {
  /** 11 characters, shaped like a YouTube video ID. */
  readonly id: string;
  readonly title: string;
  readonly artist: string;
  /** `https://www.youtube.com/watch?v=<id>`: what a person would paste. */
  readonly url: string;
  /** The same bytes as a plain file of the local server: for direct links. */
  readonly directUrl: string;
  /** The same sound as a radio station of the local server, over and over. */
  readonly radioUrl: string;
  /** The same as a live stream of HLS. */
  readonly hlsUrl: string;
  /** As yt-dlp tells them; `null` = it has none. */
  readonly chapters: readonly SongChapter[] | null;
  readonly frequencyHz: number;
  /** Measured, integrated. */
  readonly loudnessLufs: number;
  readonly durationMs: number;
  readonly format: ToneFormat;
  readonly path: string;
  readonly bytes: number;
}

/** What the page of a recording says. `js-only` can be read with a JavaScript runtime only (yt-dlp's second tier). */
export type PageState =
  | "ok"
  | "private"
  | "removed"
  | "members"
  | "premium"
  | "age"
  | "geo"
  | "bot-check"
  | "live"
  | "upcoming"
  | "live-ended"
  | "drm"
  | "rate-limited"
  | "too-many-requests"
  | "broken"
  | "js-only"
  | "unreachable";

/** How the media address misbehaves; the fields combine. Empty = a healthy server. */
export interface MediaFaults {
  /** Only this many media requests are affected; afterwards the server is healthy. Default: all. */
  readonly times?: number;
  readonly throttleBytesPerSecond?: number;
  /** The connection is cut when this byte of the file is reached. */
  readonly cutAtByte?: number;
  /** The cut happens only so often, while the other faults go on. Default: always. */
  readonly cutTimes?: number;
  /** The connection is cut after this many bytes of each answer. */
  readonly cutEveryBytes?: number;
  /** 403 from this byte on: 0 = at once; else the connection is cut there and every later request is refused. */
  readonly forbidFromByte?: number;
  /** With `forbidFromByte`: addresses handed out after the first refusal work. */
  readonly freshAddressHeals?: boolean;
  /** A chunked answer that ends cleanly at this byte. */
  readonly endAtByte?: number;
  /** Content-Length is wrong by this much. */
  readonly lengthErrorBytes?: number;
  readonly status?: 403 | 404 | 429 | 500 | 503;
  /** A web page with status 200 instead of audio. */
  readonly html?: boolean;
  readonly ignoreRange?: boolean;
  /** The page does not tell how many bytes the audio has. */
  readonly hidesSize?: boolean;
  /** Nothing more is sent from this byte on, and the connection stays open. */
  readonly stallAtByte?: number;
  /** The file, then noise without an end and without a Content-Length. */
  readonly endless?: boolean;
}

export interface Counters {
  /** Requests for the recording's page or player data. */
  readonly pageRequests: number;
  /** Requests for its audio. */
  readonly requests: number;
  /** Bytes of audio handed to the network. */
  readonly bytesSent: number;
  /** Connections to its radio station, and requests for its list of HLS. */
  readonly liveRequests: number;
}

/** One song with its changeable state. */
export class SongEntry {
  readonly song: Song;
  state: PageState = "ok";
  readonly counters = { pageRequests: 0, requests: 0, bytesSent: 0, liveRequests: 0 };
  #faults: MediaFaults = {};
  #faultsLeft = 0;
  #cutsLeft = 0;
  #issued = 0;
  #refusedIssue: number | undefined;

  constructor(song: Song) {
    this.song = song;
  }

  setFaults(faults: MediaFaults): void {
    this.#faults = faults;
    this.#faultsLeft = faults.times ?? Infinity;
    this.#cutsLeft = faults.cutTimes ?? Infinity;
    this.#refusedIssue = undefined;
  }

  /** Faults that hold for pages and lengths, without using one up. */
  get faults(): MediaFaults {
    return this.#faultsLeft > 0 ? this.#faults : {};
  }

  /** Faults for one media request. */
  takeFaults(): MediaFaults {
    const faults = this.faults;
    if (faults !== this.#faults) return {};
    this.#faultsLeft -= 1;
    this.#cutsLeft -= 1;
    if (this.#cutsLeft >= 0) return faults;
    const { cutAtByte: _spent, ...others } = faults;
    return others;
  }

  /** Each page hands out another media address, as signed addresses are. */
  issueAddress(): number {
    this.#issued += 1;
    return this.#issued;
  }

  /** Is this address refused at this byte? Remembers the first refusal. */
  refuses(issue: number, atByte: number): boolean {
    const { forbidFromByte, freshAddressHeals } = this.#faults;
    if (forbidFromByte === undefined) return false;
    if (freshAddressHeals && this.#refusedIssue !== undefined && issue > this.#refusedIssue) return false;
    if (atByte < forbidFromByte) return false;
    this.#refusedIssue ??= issue;
    return true;
  }

  resetCounters(): void {
    this.counters.pageRequests = 0;
    this.counters.requests = 0;
    this.counters.bytesSent = 0;
    this.counters.liveRequests = 0;
  }
}

/** A list: songs by ID. An ID that names no song shows up as a deleted video. */
export interface Playlist {
  readonly id: string;
  readonly title: string;
  readonly songIds: readonly string[];
}

/** Everything the servers know. */
export class Catalogue {
  readonly songs = new Map<string, SongEntry>();
  readonly playlists = new Map<string, Playlist>();
  readonly counters = { searches: 0, playlistPages: 0 };

  /** The song whose page is there; `address` is written as in a path. */
  at(address: string): SongEntry | undefined {
    return [...this.songs.values()].find(({ song }) => encodeURIComponent(song.url) === address);
  }

  /** Songs whose title or artist has every word, in the order they were added. */
  search(text: string, limit: number): Song[] {
    const words = text.toLowerCase().split(/\s+/u).filter(Boolean);
    return [...this.songs.values()]
      .map(({ song }) => song)
      .filter((song) => {
        const name = `${song.title} ${song.artist}`.toLowerCase();
        return words.every((word) => name.includes(word));
      })
      .slice(0, limit);
  }
}
