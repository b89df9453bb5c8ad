import { type CacheKey, cacheKey, type Track, type TrackRef } from "../core/track.ts";
import { upsertTrack } from "./cache-index.ts";
import { unlessFull } from "./full-disk.ts";
import { writeTransaction } from "./open.ts";
import { toTrack } from "./resolutions.ts";
import type { Database } from "./schema.ts";

/** Remembers which recording a song is that was only named, for good. */
export class Matches {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** The recording; `undefined` = the song was never matched. */
  async find({ source, id }: TrackRef): Promise<Track | undefined> {
    const row = await this.#db
      .selectFrom("matches")
      .innerJoin("tracks", "tracks.key", "matches.track_key")
      .selectAll("tracks")
      .where("matches.source", "=", source)
      .where("matches.source_id", "=", id)
      .executeTakeFirst();
    return row && toTrack(row);
  }

  async remember(song: TrackRef, recording: Track, nowMs: number): Promise<void> {
    const key: CacheKey = cacheKey(recording);
    const match = { track_key: key, matched_at_ms: nowMs };
    const write = writeTransaction(this.#db, async (transaction) => {
      await upsertTrack(transaction, key, recording, nowMs);
      await transaction
        .insertInto("matches")
        .values({ source: song.source, source_id: song.id, ...match })
        .onConflict((conflict) => conflict.columns(["source", "source_id"]).doUpdateSet(match))
        .execute();
    });
    await unlessFull(write);
  }

  /** Its recording turned out to be gone: it is looked for anew. */
  async forget({ source, id }: TrackRef): Promise<void> {
    await this.#db.deleteFrom("matches").where("source", "=", source).where("source_id", "=", id).execute();
  }
}
