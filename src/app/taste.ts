// What people and guilds like: their lists, what was played, lyrics.
import type { AttachedFile } from "../command/args.ts";
import { LyricsBoard } from "../command/lyrics-board.ts";
import type { ReadList, Taste } from "../command/taste.ts";
import type { Config } from "../config/config.ts";
import { systemClock } from "../core/clock.ts";
import { AppError } from "../core/errors.ts";
import { MOST_LIST_FILE_BYTES, readListFile } from "../core/list-file.ts";
import type { GuildOptionBook } from "../core/guild-options.ts";
import type { Logger } from "../core/logger.ts";
import { FailureMemory } from "../db/failure-memory.ts";
import { PlayHistory } from "../db/play-history.ts";
import { SavedLists } from "../db/saved-lists.ts";
import type { Database } from "../db/schema.ts";
import type { GuildSessionDeps } from "../player/guild-session.ts";
import type { FindCuts } from "../player/playable-audio.ts";
import { createSideService } from "../sources/side-service.ts";
import { createSuggestNext } from "./autoplay.ts";
import type { Library } from "./library.ts";
import { recordingsIn } from "./listed-songs.ts";
import { createSideServices } from "./side-services.ts";

export interface TasteDeps {
  readonly config: Pick<Config, "sources">;
  readonly db: Database;
  readonly library: Pick<Library, "matcher" | "catalogue" | "profiles">;
  readonly options: Pick<GuildOptionBook, "of">;
  readonly log: Logger;
}

/** What commands may do with it, and what sessions ask and tell. */
export interface Likings {
  readonly taste: Taste;
  readonly lyricsBoard: LyricsBoard;
  readonly cuts: FindCuts;
  readonly suggestNext: GuildSessionDeps["suggestNext"];
}

export function createLikings(deps: TasteDeps): Likings {
  const { db, library } = deps;
  const history = new PlayHistory(db);
  const lyricsBoard = new LyricsBoard(systemClock);
  const { lyrics, cuts } = createSideServices({ ...deps, matcher: library.matcher });
  const chance = { clock: systemClock, random: Math.random };
  return {
    taste: {
      lists: new SavedLists(db, systemClock),
      history,
      lyrics,
      lyricsBoard,
      random: Math.random,
      recordingOf: (track) => library.matcher.known(track),
      readList: (file, signal) => readList(deps, file, signal),
    },
    lyricsBoard,
    cuts,
    suggestNext: createSuggestNext({
      catalogue: library.catalogue,
      profiles: library.profiles,
      history,
      options: deps.options,
      failures: new FailureMemory(db),
      ...chance,
    }),
  };
}

/** Discord says where the file is, so it is fetched from there wherever that is. */
async function readList(
  { config }: TasteDeps,
  { url, bytes }: AttachedFile,
  signal: AbortSignal,
): Promise<ReadList> {
  if (bytes > MOST_LIST_FILE_BYTES) throw noList();
  const service = createSideService({
    baseUrl: new URL(url).origin,
    proxyUrl: config.sources.proxyUrl?.reveal(),
    clock: systemClock,
    limitBytes: MOST_LIST_FILE_BYTES,
  });
  const { status, text } = await service.read(url, signal);
  if (status !== 200) throw new AppError("SOURCE_UNREACHABLE", { status });
  const { songs, left } = readListFile(text) ?? { songs: [], left: 0 };
  const tracks = recordingsIn(songs);
  if (tracks.length === 0) throw noList();
  return { tracks, unknown: songs.length - tracks.length + left };
}

function noList(): AppError {
  return new AppError("NOT_A_LIST_FILE", { mostBytes: MOST_LIST_FILE_BYTES });
}
