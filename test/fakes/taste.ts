/** What people and guilds like, over a real database; lyrics are what a test says. */
import type { Lyrics } from "../../src/core/lyrics.ts";
import type { LyricsView } from "../../src/command/lyrics-board.ts";
import type { Taste } from "../../src/command/taste.ts";
import { PlayHistory } from "../../src/db/play-history.ts";
import { SavedLists } from "../../src/db/saved-lists.ts";
import type { Database } from "../../src/db/schema.ts";
import { FakeClock } from "./clock.ts";

export interface TasteUnderTest extends Taste {
  /** What every song's lyrics are; `undefined` = it has none. */
  found: Lyrics | undefined;
  /** Messages that go along with a song. */
  readonly followed: LyricsView[];
}

export function tasteIn(db: Database): TasteUnderTest {
  const followed: LyricsView[] = [];
  const taste: TasteUnderTest = {
    found: undefined,
    followed,
    lists: new SavedLists(db, new FakeClock()),
    history: new PlayHistory(db),
    lyrics: { find: async () => taste.found },
    lyricsBoard: { follow: (_song, view) => void followed.push(view) },
    random: () => 0,
    recordingOf: async (track) => track,
    readList: async () => ({ tracks: [], unknown: 0 }),
  };
  return taste;
}
