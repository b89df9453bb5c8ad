import type { Selectable, SelectQueryBuilder } from "kysely";
import type { History, HistoryQuery, PastPlay } from "../core/play-history.ts";
import type { CacheKey } from "../core/track.ts";
import { toTrack } from "./resolutions.ts";
import type { Database, Schema } from "./schema.ts";

/** The tables, and the last plays of one guild. */
type Recent = Schema & {
  recent: Pick<Selectable<Schema["plays"]>, "key" | "at_ms" | "person_id" | "is_autoplay">;
};

/** A song that somebody asked for within some time before or after another one. */
export interface Neighbour {
  readonly key: CacheKey;
  /** From the start of the other song to the start of this one; below 0 = this one came first. */
  readonly gapMs: number;
  readonly atMs: number;
}

/** SQLite answers while everything else waits, the next frame of music too: so far back is looked, and no further. */
const RECENT_PLAYS = 2_000;
/** Most plays of the songs that are asked about, and most neighbours, that are looked at. */
const MOST_PLAYS = 30;
const MOST_NEIGHBOURS = 1_000;

/** What guilds have played lately, as {@link PlayLog} has noted it. */
export class PlayHistory implements History {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async list({ guildId, personId, skip, limit }: HistoryQuery): Promise<readonly PastPlay[]> {
    let query = this.#recent(guildId)
      .innerJoin("tracks", "tracks.key", "recent.key")
      .selectAll("tracks")
      .select(["recent.at_ms", "recent.person_id", "recent.is_autoplay"])
      .orderBy("at_ms", "desc")
      .offset(skip)
      .limit(limit);
    if (personId !== undefined) query = query.where("person_id", "=", personId);
    return (await query.execute()).map((row) => ({
      atMs: row.at_ms,
      track: toTrack(row),
      personId: row.person_id,
      isAutoplay: row.is_autoplay === 1,
    }));
  }

  async count({ guildId, personId }: Pick<HistoryQuery, "guildId" | "personId">): Promise<number> {
    let query = this.#recent(guildId)
      .innerJoin("tracks", "tracks.key", "recent.key")
      .select((select) => select.fn.countAll<number>().as("count"));
    if (personId !== undefined) query = query.where("person_id", "=", personId);
    return (await query.executeTakeFirstOrThrow()).count;
  }

  /** What was played last, the newest first; a song may be there twice. */
  async lastKeys(guildId: string, limit: number): Promise<readonly CacheKey[]> {
    const rows = await this.#recent(guildId).select("key").orderBy("at_ms", "desc").limit(limit).execute();
    return rows.map(({ key }) => key as CacheKey);
  }

  /** How many different songs the guild has played lately. */
  async countSongs(guildId: string): Promise<number> {
    const row = await this.#recent(guildId)
      .select((select) => select.fn.count<number>("key").distinct().as("count"))
      .executeTakeFirstOrThrow();
    return row.count;
  }

  /** What people asked for around the last plays of these songs in the guild. */
  async neighbours(
    guildId: string,
    keys: readonly CacheKey[],
    withinMs: number,
  ): Promise<readonly Neighbour[]> {
    if (keys.length === 0) return [];
    const rows = await this.#db
      .with("seeds", (db) =>
        db
          .selectFrom("plays")
          .select("at_ms")
          .where("guild_id", "=", guildId)
          .where("key", "in", keys)
          .where("is_autoplay", "=", 0)
          .orderBy("at_ms", "desc")
          .limit(MOST_PLAYS),
      )
      .selectFrom("seeds")
      .innerJoin("plays as other", (join) =>
        join
          .on((on) => on("other.at_ms", ">=", on("seeds.at_ms", "-", withinMs)))
          .on((on) => on("other.at_ms", "<=", on("seeds.at_ms", "+", withinMs))),
      )
      .select(["other.key", "other.at_ms as atMs"])
      .select((select) => select("other.at_ms", "-", select.ref("seeds.at_ms")).as("gapMs"))
      .where("other.guild_id", "=", guildId)
      .where("other.key", "not in", keys)
      .where("other.is_autoplay", "=", 0)
      .limit(MOST_NEIGHBOURS)
      .execute();
    return rows.map(({ key, atMs, gapMs }) => ({ key: key as CacheKey, atMs, gapMs }));
  }

  /** What people in the guild asked for most lately. */
  async favourites(guildId: string, limit: number): Promise<readonly CacheKey[]> {
    const rows = await this.#recent(guildId)
      .select(["key", (select) => select.fn.countAll<number>().as("count")])
      .where("is_autoplay", "=", 0)
      .groupBy("key")
      .orderBy("count", "desc")
      .orderBy("key")
      .limit(limit)
      .execute();
    return rows.map(({ key }) => key as CacheKey);
  }

  #recent(guildId: string): SelectQueryBuilder<Recent, "recent", object> {
    return this.#db
      .with("recent", (db) =>
        db
          .selectFrom("plays")
          .select(["key", "at_ms", "person_id", "is_autoplay"])
          .where("guild_id", "=", guildId)
          .orderBy("at_ms", "desc")
          .limit(RECENT_PLAYS),
      )
      .selectFrom("recent");
  }
}
