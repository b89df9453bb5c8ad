import { randomUUID } from "node:crypto";
import type { Database, Schema } from "./schema.ts";

/** One started song: who asked for it, and how its audio was come by. */
export interface Play {
  readonly atMs: number;
  readonly guildId: string;
  readonly key: string;
  readonly profileId: string;
  readonly outcome: Schema["plays"]["outcome"];
  readonly waitedMs: number;
  readonly bytesSaved: number;
  /** Discord id; `undefined` = nobody is known to have asked. */
  readonly personId?: string | undefined;
  /** Nobody asked: it went on by itself. */
  readonly isAutoplay?: boolean | undefined;
}

/** Counts of one stretch of time. `shared` are plays that joined a running fill. */
export interface PlayCounts {
  readonly hits: number;
  readonly misses: number;
  readonly shared: number;
}

/** History of what was played and whether it was in the cache. */
export class PlayLog {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async record(play: Play): Promise<void> {
    await this.#db
      .insertInto("plays")
      .values({
        id: randomUUID(),
        at_ms: play.atMs,
        guild_id: play.guildId,
        key: play.key,
        profile_id: play.profileId,
        outcome: play.outcome,
        waited_ms: Math.round(play.waitedMs),
        bytes_saved: play.bytesSaved,
        person_id: play.isAutoplay ? null : (play.personId ?? null),
        is_autoplay: play.isAutoplay ? 1 : 0,
      })
      .execute();
  }

  /** Of all guilds, or of one. */
  async countSince(sinceMs: number, guildId?: string): Promise<PlayCounts> {
    const all = this.#db
      .selectFrom("plays")
      .select((select) => ["outcome", select.fn.countAll<number>().as("count")])
      .where("at_ms", ">=", sinceMs);
    const wanted = guildId === undefined ? all : all.where("guild_id", "=", guildId);
    const rows = await wanted.groupBy("outcome").execute();
    const of = (outcome: Play["outcome"]): number => rows.find((row) => row.outcome === outcome)?.count ?? 0;
    return { hits: of("hit"), misses: of("miss"), shared: of("shared") };
  }

  /** Plays before a time. */
  async countBefore(beforeMs: number): Promise<number> {
    const row = await this.#db
      .selectFrom("plays")
      .select((select) => select.fn.countAll<number>().as("count"))
      .where("at_ms", "<", beforeMs)
      .executeTakeFirstOrThrow();
    return row.count;
  }

  /** Forgets the oldest plays before a time, at most so many. Returns how many. */
  async forgetBefore(beforeMs: number, atMost: number): Promise<number> {
    const oldest = this.#db
      .selectFrom("plays")
      .select("id")
      .where("at_ms", "<", beforeMs)
      .orderBy("at_ms")
      .limit(atMost);
    const result = await this.#db.deleteFrom("plays").where("id", "in", oldest).executeTakeFirst();
    return Number(result.numDeletedRows);
  }

  /** Forgets all plays. */
  async clear(): Promise<void> {
    await this.#db.deleteFrom("plays").execute();
  }
}
