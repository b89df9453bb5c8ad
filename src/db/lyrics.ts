import type { KeptLyrics } from "../core/lyrics.ts";
import type { CacheKey } from "../core/track.ts";
import { unlessFull } from "./full-disk.ts";
import type { Database } from "./schema.ts";

/** Remembers lyrics, and that a song has none. */
export class LyricsRows {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** `undefined` = never looked for, or too long ago. All `null` = there are none. */
  async find(key: CacheKey, nowMs: number): Promise<KeptLyrics | undefined> {
    const row = await this.#db
      .selectFrom("lyrics")
      .selectAll()
      .where("key", "=", key)
      .where("expires_at_ms", ">", nowMs)
      .executeTakeFirst();
    return row && { plain: row.plain, synced: row.synced, isInstrumental: row.is_instrumental === 1 };
  }

  /** Forgets by the way what is too old. */
  async remember(key: CacheKey, lyrics: KeptLyrics, expiresAtMs: number, nowMs: number): Promise<void> {
    const { plain, synced, isInstrumental } = lyrics;
    const row = { plain, synced, is_instrumental: isInstrumental ? 1 : 0, expires_at_ms: expiresAtMs };
    const insert = this.#db
      .insertInto("lyrics")
      .values({ key, ...row })
      .onConflict((conflict) => conflict.column("key").doUpdateSet(row));
    await unlessFull(insert.execute());
    await unlessFull(this.#db.deleteFrom("lyrics").where("expires_at_ms", "<=", nowMs).execute());
  }
}
