import { type CacheKey, cacheKey, type Chapter, type Track, type TrackRef } from "../core/track.ts";
import { upsertTrack } from "./cache-index.ts";
import { unlessFull } from "./full-disk.ts";
import { writeTransaction } from "./open.ts";
import type { Database, Schema } from "./schema.ts";

/** Remembers what words and links meant, so that asking again needs no network. */
export class Resolutions {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** The tracks a query meant; `undefined` = unknown or expired; empty = nothing was found. */
  async find(query: string, nowMs: number): Promise<Track[] | undefined> {
    const row = await this.#db
      .selectFrom("resolutions")
      .selectAll()
      .where("query", "=", query)
      .where("expires_at_ms", ">", nowMs)
      .executeTakeFirst();
    if (!row) return undefined;
    const keys = JSON.parse(row.track_keys) as string[];
    if (keys.length === 0) return [];
    const rows = await this.#db.selectFrom("tracks").selectAll().where("key", "in", keys).execute();
    const tracks = keys.flatMap((key) => rows.filter((found) => found.key === key).map(toTrack));
    return tracks.length === keys.length ? tracks : undefined;
  }

  /** Searches that found something and begin like this, in the order of their letters. */
  async beginningWith(start: string, limit: number, nowMs: number): Promise<string[]> {
    const rows = await this.#db
      .selectFrom("resolutions")
      .select("query")
      .where("query", ">=", start)
      .where("query", "<", `${start}\u{10FFFF}`)
      .where("track_keys", "!=", "[]")
      .where("expires_at_ms", ">", nowMs)
      .orderBy("query")
      .limit(limit)
      .execute();
    return rows.map(({ query }) => query);
  }

  async remember(query: string, tracks: readonly Track[], expiresAtMs: number, nowMs: number): Promise<void> {
    const write = writeTransaction(this.#db, async (transaction) => {
      for (const track of tracks) await upsertTrack(transaction, cacheKey(track), track, nowMs);
      const row = { track_keys: JSON.stringify(tracks.map(cacheKey)), expires_at_ms: expiresAtMs };
      await transaction
        .insertInto("resolutions")
        .values({ query, ...row })
        .onConflict((conflict) => conflict.column("query").doUpdateSet(row))
        .execute();
      await transaction.deleteFrom("resolutions").where("expires_at_ms", "<=", nowMs).execute();
    });
    await unlessFull(write);
  }

  /** What is known about one recording. */
  async findTrack(ref: TrackRef): Promise<Track | undefined> {
    const key: CacheKey = cacheKey(ref);
    const row = await this.#db.selectFrom("tracks").selectAll().where("key", "=", key).executeTakeFirst();
    return row && toTrack(row);
  }

  async rememberTrack(track: Track, nowMs: number): Promise<void> {
    await unlessFull(upsertTrack(this.#db, cacheKey(track), track, nowMs));
  }
}

/** A row as the rest of the program reads it. */
export function toTrack(row: Schema["tracks"]): Track {
  return {
    source: row.source,
    id: row.source_id,
    title: row.title,
    artist: row.artist,
    url: row.url,
    durationMs: row.duration_ms,
    isLive: row.is_live === 1,
    thumbnailUrl: row.thumbnail_url,
    ...(row.chapters !== null && { chapters: JSON.parse(row.chapters) as readonly Chapter[] }),
  };
}
