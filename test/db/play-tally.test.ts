import { expect, it } from "vitest";
import { CacheIndex } from "../../src/db/cache-index.ts";
import { PlayLog } from "../../src/db/play-log.ts";
import { PlayTally } from "../../src/db/play-tally.ts";
import { SharedCommits } from "../../src/db/shared-commits.ts";
import { freshDatabase, newEntry } from "./database.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";

it("counts plays in the history and in the row of their file, at the latest when it is closed", async () => {
  const db = await freshDatabase();
  const [index, log] = [new CacheIndex(db), new PlayLog(db)];
  const row = newEntry(youtubeId(1));
  await index.save(row, youtubeTrack(youtubeId(1)));
  const entry = (await index.find(row.key, row.profileId))!;
  const tally = new PlayTally(new SharedCommits(db, 10 * 60_000));
  const facts = { guildId: "here", key: row.key, profileId: row.profileId, waitedMs: 1, bytesSaved: 2 };
  const noted = [
    tally.record({ ...facts, atMs: 7, outcome: "hit" }),
    tally.countIn(entry, 7, 3),
    tally.countIn(entry, 8, 4),
  ];
  expect(await log.countSince(0)).toMatchObject({ hits: 0 });
  await tally.close();
  await Promise.all(noted);
  expect(await log.countSince(0)).toMatchObject({ hits: 1 });
  expect(await index.find(row.key, row.profileId)).toMatchObject({ playCount: 2, lastPlayedAtMs: 8 });
});
