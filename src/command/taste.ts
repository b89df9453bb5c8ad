import type { History } from "../core/play-history.ts";
import type { LyricsFinder } from "../core/lyrics.ts";
import type { SavedListBook } from "../core/saved-list.ts";
import type { Track } from "../core/track.ts";
import type { AttachedFile } from "./args.ts";
import type { LyricsBoard } from "./lyrics-board.ts";

/** The songs that a file names. */
export interface ReadList {
  readonly tracks: readonly Track[];
  /** Entries that are no recordings this bot can play. */
  readonly unknown: number;
}

/** What commands may do with what people and guilds like. */
export interface Taste {
  readonly lists: SavedListBook;
  readonly history: History;
  readonly lyrics: LyricsFinder;
  /** Messages with lyrics that go along with their songs. */
  readonly lyricsBoard: Pick<LyricsBoard, "follow">;
  /** [0, 1), anew each time. */
  readonly random: () => number;
  /** The recording of a song that may be only named; `undefined` = it is not known. */
  recordingOf(track: Track): Promise<Track | undefined>;
  /** @throws {AppError} `NOT_A_LIST_FILE`, `SOURCE_UNREACHABLE`, `ABORTED` */
  readList(file: AttachedFile, signal: AbortSignal): Promise<ReadList>;
}
