import {
  type ExpressionBuilder,
  type ExpressionWrapper,
  type RawBuilder,
  type Selectable,
  sql,
  type SqlBool,
} from "kysely";
import { type CacheEntry, isMeasured, type Loudness, type ProfileId } from "../core/audio-profile.ts";
import type { CacheKey, Track } from "../core/track.ts";
import { type RankedEntry, toRanked, upsertTrack } from "./cache-index.ts";
import type { Database, Schema } from "./schema.ts";
import { toTrack } from "./resolutions.ts";

/** Sums over the rows of one profile. */
export interface ProfileTotals {
  readonly profileId: ProfileId;
  readonly files: number;
  readonly bytes: number;
  readonly pinned: number;
  /** When the file that has waited longest was last played (or made). */
  readonly oldestUseMs: number;
}

/** The rows of the cache for those who look after it: page by page, and whatever their state. */
export class CacheRows {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Profiles that have a row for a file, in order. */
  async profiles(): Promise<ProfileId[]> {
    const rows = await this.#db
      .selectFrom("cache_entries")
      .select("profile_id")
      .distinct()
      .where("state", "!=", "evicted")
      .orderBy("profile_id")
      .execute();
    return rows.map((row) => row.profile_id as ProfileId);
  }

  /** Rows of a profile that stand for a file, in the order of their keys, `pageSize` at a time in memory. */
  async *ofProfile(profileId: ProfileId, pageSize = 500): AsyncGenerator<RankedEntry, void, undefined> {
    for (let after: string | undefined = ""; after !== undefined;) {
      const page = await this.#db
        .selectFrom("cache_entries")
        .selectAll()
        .where("key", ">", after)
        .where("profile_id", "=", profileId)
        .where("state", "!=", "evicted")
        .orderBy("key")
        .limit(pageSize)
        .execute();
      for (const row of page) yield toRanked(row);
      after = page.length < pageSize ? undefined : page.at(-1)?.key;
    }
  }

  /** Rows of playable files in the order in which files go, `pageSize` at a time in memory. */
  async *byRank(
    order: "evict key" | "last use",
    pageSize = 500,
  ): AsyncGenerator<RankedEntry, void, undefined> {
    const rank = order === "evict key" ? sql<number>`evict_key` : LAST_USE;
    for (let last: PlacedRow | undefined, isMore = true; isMore;) {
      const page: PlacedRow[] = await this.#db
        .selectFrom("cache_entries")
        .selectAll()
        .select(rank.as("rank"))
        .where("state", "=", "ready")
        .$if(last !== undefined, (query) => query.where((where) => isBehind(where, rank, last as PlacedRow)))
        .orderBy(rank)
        .orderBy("profile_id")
        .orderBy("key")
        .limit(pageSize)
        .execute();
      for (const row of page) yield toRanked(row);
      last = page.at(-1);
      isMore = page.length === pageSize;
    }
  }

  /** Rows whose removal began, or waits for those who play the file; `pageSize` at a time in memory. */
  async *halfRemoved(pageSize = 500): AsyncGenerator<RankedEntry, void, undefined> {
    for (let after: Place | undefined = { key: "", profile_id: "" }; after;) {
      const { key, profile_id }: Place = after;
      const page: Row[] = await this.#db
        .selectFrom("cache_entries")
        .selectAll()
        .where((where) => where(where.refTuple("key", "profile_id"), ">", where.tuple(key, profile_id)))
        .where((where) => where.or([where("state", "=", "evicting"), where("leaving", "=", 1)]))
        .orderBy("key")
        .orderBy("profile_id")
        .limit(pageSize)
        .execute();
      for (const row of page) yield toRanked(row);
      after = page.length < pageSize ? undefined : page.at(-1);
    }
  }

  /** Which of these files are the file of a row. */
  async owned(blobRefs: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.#db
      .selectFrom("cache_entries")
      .select("blob_ref")
      .where("blob_ref", "in", blobRefs)
      .where("state", "!=", "evicted")
      .execute();
    return new Set(rows.map((row) => row.blob_ref));
  }

  /** Playable files whose loudness nobody knows, see {@link isMeasured}; `pageSize` at a time in memory. */
  async *unmeasured(pageSize = 500): AsyncGenerator<RankedEntry, void, undefined> {
    for (const profileId of await this.profiles()) {
      for await (const row of this.ofProfile(profileId, pageSize))
        if (row.state === "ready" && !isMeasured(row)) yield row;
    }
  }

  /** Notes what was measured, unless the row is about other bytes by now. */
  async saveLoudness({ key, profileId, sha256 }: CacheEntry, loudness: Loudness): Promise<void> {
    await this.#db
      .updateTable("cache_entries")
      .set({ integrated_lufs: loudness.integratedLufs, true_peak_dbtp: loudness.truePeakDbtp })
      .where("key", "=", key)
      .where("profile_id", "=", profileId)
      .where("sha256", "=", sha256)
      .execute();
  }

  /** The next rows of playable files after a place, in the order of profiles and keys. */
  async after(
    place: { readonly profileId: string; readonly key: string },
    count: number,
  ): Promise<RankedEntry[]> {
    const rows = await this.#db
      .selectFrom("cache_entries")
      .selectAll()
      .where((where) =>
        where.or([
          where("profile_id", ">", place.profileId),
          where.and([where("profile_id", "=", place.profileId), where("key", ">", place.key)]),
        ]),
      )
      .where("state", "=", "ready")
      .orderBy("profile_id")
      .orderBy("key")
      .limit(count)
      .execute();
    return rows.map(toRanked);
  }

  /** A row in whatever state. */
  async find(key: CacheKey, profileId: ProfileId): Promise<RankedEntry | undefined> {
    const row = await this.#db
      .selectFrom("cache_entries")
      .selectAll()
      .where("key", "=", key)
      .where("profile_id", "=", profileId)
      .executeTakeFirst();
    return row && toRanked(row);
  }

  /** The row that says the file is its own. */
  async owning(blobRef: string): Promise<RankedEntry | undefined> {
    const row = await this.#db
      .selectFrom("cache_entries")
      .selectAll()
      .where("blob_ref", "=", blobRef)
      .where("state", "!=", "evicted")
      .executeTakeFirst();
    return row && toRanked(row);
  }

  /** Rows of a key in all profiles that stand for a file. */
  async ofKey(key: CacheKey): Promise<RankedEntry[]> {
    const rows = await this.#db
      .selectFrom("cache_entries")
      .selectAll()
      .where("key", "=", key)
      .where("state", "!=", "evicted")
      .orderBy("profile_id")
      .execute();
    return rows.map(toRanked);
  }

  /** Protects a track from eviction and retention, in all profiles, or no longer. Returns the rows that changed. */
  async pin(key: CacheKey, pinned: boolean): Promise<number> {
    const result = await this.#db
      .updateTable("cache_entries")
      .set({ pinned: pinned ? 1 : 0 })
      .where("key", "=", key)
      .where("state", "!=", "evicted")
      .where("pinned", "!=", pinned ? 1 : 0)
      .executeTakeFirst();
    return Number(result.numUpdatedRows);
  }

  /** What is known about a recording. */
  async track(key: CacheKey): Promise<Track | undefined> {
    const row = await this.#db.selectFrom("tracks").selectAll().where("key", "=", key).executeTakeFirst();
    return row && toTrack(row);
  }

  /** Notes what a file tells about its recording, when nothing is known yet. */
  async learnTrack(key: CacheKey, track: Track, atMs: number): Promise<void> {
    if (!(await this.track(key))) await upsertTrack(this.#db, key, track, atMs);
  }

  /** One sum for each profile with playable files. */
  async totalsByProfile(): Promise<ProfileTotals[]> {
    const rows = await this.#db
      .selectFrom("cache_entries")
      .select((select) => [
        "profile_id",
        select.fn.countAll<number>().as("files"),
        select.fn.sum<number>("bytes").as("bytes"),
        select.fn.sum<number>("pinned").as("pinned"),
        select.fn.min<number>(select.fn.coalesce("last_played_at_ms", "created_at_ms")).as("oldest"),
      ])
      .where("state", "=", "ready")
      .groupBy("profile_id")
      .orderBy("profile_id")
      .execute();
    return rows.map(({ profile_id, files, bytes, pinned, oldest }) => ({
      profileId: profile_id as ProfileId,
      files,
      bytes,
      pinned,
      oldestUseMs: oldest,
    }));
  }
}

type Row = Selectable<Schema["cache_entries"]>;
type Place = Pick<Row, "key" | "profile_id">;
type PlacedRow = Row & { readonly rank: number };

/** The last play; of a file made since the moment it was made. */
const LAST_USE = sql<number>`case when last_played_at_ms > created_at_ms then last_played_at_ms else created_at_ms end`;

/** True for the rows behind one, in the order of rank, profile and key. The first condition alone is for the index. */
function isBehind(
  where: ExpressionBuilder<Schema, "cache_entries">,
  rank: RawBuilder<number>,
  last: PlacedRow,
): ExpressionWrapper<Schema, "cache_entries", SqlBool> {
  const sameProfile = where.and([where("profile_id", "=", last.profile_id), where("key", ">", last.key)]);
  const sameRank = where.or([where("profile_id", ">", last.profile_id), sameProfile]);
  return where.and([
    where(rank, ">=", last.rank),
    where.or([where(rank, ">", last.rank), where.and([where(rank, "=", last.rank), sameRank])]),
  ]);
}
