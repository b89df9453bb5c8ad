import type { Cut } from "../core/cut.ts";
import type { CacheKey } from "../core/track.ts";
import { unlessFull } from "./full-disk.ts";
import type { Database } from "./schema.ts";

/** Remembers which parts of songs are no music, and that a song has no such parts. */
export class Segments {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** `undefined` = never asked, or too long ago. */
  async find(key: CacheKey, nowMs: number): Promise<readonly Cut[] | undefined> {
    const row = await this.#db
      .selectFrom("segments")
      .select("cuts")
      .where("key", "=", key)
      .where("expires_at_ms", ">", nowMs)
      .executeTakeFirst();
    if (!row) return undefined;
    const cuts = JSON.parse(row.cuts) as [number, number][];
    return cuts.map(([fromMs, toMs]) => ({ fromMs, toMs }));
  }

  /** Forgets by the way what is too old. */
  async remember(key: CacheKey, cuts: readonly Cut[], expiresAtMs: number, nowMs: number): Promise<void> {
    const row = {
      cuts: JSON.stringify(cuts.map(({ fromMs, toMs }) => [fromMs, toMs])),
      expires_at_ms: expiresAtMs,
    };
    const insert = this.#db
      .insertInto("segments")
      .values({ key, ...row })
      .onConflict((conflict) => conflict.column("key").doUpdateSet(row));
    await unlessFull(insert.execute());
    await unlessFull(this.#db.deleteFrom("segments").where("expires_at_ms", "<=", nowMs).execute());
  }
}
