import type { Selectable } from "kysely";
import type { CacheEntry, Loudness, ProfileId } from "../core/audio-profile.ts";
import type { CacheKey, Track } from "../core/track.ts";
import { type Lease, requireLease } from "./leases.ts";
import { writeTransaction } from "./open.ts";
import type { Database, Schema } from "./schema.ts";

/** A row with what eviction needs beside the facts. */
export interface RankedEntry extends CacheEntry {
  readonly evictKey: number;
  /** It was cleared while it played, and goes when it has ended. */
  readonly isLeaving: boolean;
}

/** What a new row says; the history of an evicted one (plays, pin, evict key) is kept. */
export type NewEntry = Omit<CacheEntry, "lastPlayedAtMs" | "playCount" | "pinned" | "state">;

/** Sums over all files of all profiles. */
export interface CacheTotals {
  readonly files: number;
  readonly bytes: number;
}

/**
 * Rows about the files in the cache. A write that is given a lease throws `LEASE_LOST` and changes nothing when
 * somebody else has taken the key over.
 */
export class CacheIndex {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** The row of a file that may be played. */
  async find(key: CacheKey, profileId: ProfileId): Promise<CacheEntry | undefined> {
    const row = await this.#db
      .selectFrom("cache_entries")
      .selectAll()
      .where("key", "=", key)
      .where("profile_id", "=", profileId)
      .where("state", "=", "ready")
      .executeTakeFirst();
    return row && toEntry(row);
  }

  /** Loudness of a recording's download as it was last measured, in any profile, in LUFS; `null` = it was not. */
  async sourceLufs(key: CacheKey): Promise<number | null> {
    const row = await this.#db
      .selectFrom("cache_entries")
      .select("source_integrated_lufs")
      .where("key", "=", key)
      .where("source_measured", "=", 1)
      .orderBy("created_at_ms", "desc")
      .executeTakeFirst();
    return row?.source_integrated_lufs ?? null;
  }

  /** Adds or replaces the row after its file was published, together with what is known about the track. */
  async save(entry: NewEntry, track: Track | undefined, lease?: Lease): Promise<void> {
    await writeTransaction(this.#db, async (transaction) => {
      if (lease) await requireLease(transaction, lease);
      const row = fromEntry(entry);
      await transaction
        .insertInto("cache_entries")
        .values({ ...row, play_count: 0, pinned: 0, ...PRESENT, evict_key: 0 })
        .onConflict((conflict) => conflict.columns(["key", "profile_id"]).doUpdateSet({ ...row, ...PRESENT }))
        .execute();
      if (track) await upsertTrack(transaction, entry.key, track, entry.createdAtMs);
    });
  }

  /** Counts one play. `evictKey` is the row's new rank, see policy/eviction.ts. */
  async recordPlay(entry: CacheEntry, atMs: number, evictKey: number): Promise<void> {
    await this.#db
      .updateTable("cache_entries")
      .set((set) => ({
        last_played_at_ms: atMs,
        play_count: set("play_count", "+", 1),
        evict_key: evictKey,
      }))
      .where("key", "=", entry.key)
      .where("profile_id", "=", entry.profileId)
      .execute();
  }

  /** A removal has begun (E1): the row is no longer a hit; a crash from here on can be finished by a later run. */
  async markEvicting(key: CacheKey, profileId: ProfileId, lease?: Lease): Promise<boolean> {
    return this.#update({ key, profileId }, { state: "evicting" }, lease);
  }

  /** The file is gone (E4): the row stays as history. */
  async markEvicted(key: CacheKey, profileId: ProfileId, lease?: Lease): Promise<boolean> {
    return this.#update({ key, profileId }, { state: "evicted", leaving: 0 }, lease);
  }

  /** The file is to go when nobody plays it any more; until then it is a hit. False when it is no row's file. */
  async markLeaving(
    { key, profileId, blobRef }: Pick<CacheEntry, "key" | "profileId" | "blobRef">,
    lease: Lease,
  ): Promise<boolean> {
    return writeTransaction(this.#db, async (transaction) => {
      await requireLease(transaction, lease);
      const result = await transaction
        .updateTable("cache_entries")
        .set({ leaving: 1 })
        .where("key", "=", key)
        .where("profile_id", "=", profileId)
        .where("blob_ref", "=", blobRef)
        .where("state", "!=", "evicted")
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    });
  }

  /**
   * A file is about to be replaced: until {@link save}, the row fits no file, so that after a crash whatever stands
   * there is checked before it plays.
   */
  async markReplacing(key: CacheKey, profileId: ProfileId, lease: Lease): Promise<void> {
    await this.#update({ key, profileId }, { bytes: 0 }, lease);
  }

  /** Takes back {@link markEvicting} when the file could not be removed. */
  async markReady(key: CacheKey, profileId: ProfileId, lease?: Lease): Promise<boolean> {
    return this.#update({ key, profileId }, { state: "ready" }, lease);
  }

  async #update(
    { key, profileId }: Pick<CacheEntry, "key" | "profileId">,
    change: Partial<Pick<Row, "state" | "bytes" | "leaving">>,
    lease: Lease | undefined,
  ): Promise<boolean> {
    return writeTransaction(this.#db, async (transaction) => {
      if (lease) await requireLease(transaction, lease);
      const result = await transaction
        .updateTable("cache_entries")
        .set(change)
        .where("key", "=", key)
        .where("profile_id", "=", profileId)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    });
  }

  async totals(): Promise<CacheTotals> {
    const row = await this.#db
      .selectFrom("cache_entries")
      .select((select) => [
        select.fn.countAll<number>().as("files"),
        select.fn.sum<number | null>("bytes").as("bytes"),
      ])
      .where("state", "=", "ready")
      .executeTakeFirstOrThrow();
    return { files: row.files, bytes: row.bytes ?? 0 };
  }

  /** Most played first; only tracks that are in the cache now. */
  async mostPlayed(
    limit: number,
  ): Promise<{ readonly title: string; readonly artist: string; readonly plays: number }[]> {
    const rows = await this.#db
      .selectFrom("cache_entries")
      .leftJoin("tracks", "tracks.key", "cache_entries.key")
      .select(["cache_entries.key", "tracks.title", "tracks.artist", "cache_entries.play_count"])
      .where("cache_entries.state", "=", "ready")
      .where("cache_entries.play_count", ">", 0)
      .orderBy("cache_entries.play_count", "desc")
      .orderBy("cache_entries.key")
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      title: row.title ?? row.key,
      artist: row.artist ?? "",
      plays: row.play_count,
    }));
  }

  /** When the file that has waited longest was last played (or made); `undefined` = the cache is empty. */
  async oldestUseMs(): Promise<number | undefined> {
    const row = await this.#db
      .selectFrom("cache_entries")
      .select((select) =>
        select.fn.min<number | null>(select.fn.coalesce("last_played_at_ms", "created_at_ms")).as("oldest"),
      )
      .where("state", "=", "ready")
      .executeTakeFirst();
    return row?.oldest ?? undefined;
  }
}

/** Writes what is known about a recording; the newest facts win. */
export async function upsertTrack(db: Database, key: CacheKey, track: Track, atMs: number): Promise<void> {
  const facts = {
    source: track.source,
    source_id: track.id,
    title: track.title,
    artist: track.artist,
    url: track.url,
    duration_ms: track.durationMs,
    is_live: track.isLive ? 1 : 0,
    thumbnail_url: track.thumbnailUrl,
    updated_at_ms: atMs,
    // What is known of them stays when somebody tells of the recording without them.
    ...(track.chapters && { chapters: JSON.stringify(track.chapters) }),
  };
  await db
    .insertInto("tracks")
    .values({ key, ...facts })
    .onConflict((conflict) => conflict.column("key").doUpdateSet(facts))
    .execute();
}

type Row = Selectable<Schema["cache_entries"]>;

/** What a row says whose file has just been put in its place. */
const PRESENT = { state: "ready", leaving: 0 } as const;

/** A row with what those who look after the cache need. */
export function toRanked(row: Row): RankedEntry {
  return { ...toEntry(row), evictKey: row.evict_key, isLeaving: row.leaving === 1 };
}

/** A row as the rest of the bot sees it. */
export function toEntry(row: Row): CacheEntry {
  return {
    key: row.key as CacheKey,
    profileId: row.profile_id as ProfileId,
    blobRef: row.blob_ref,
    bytes: row.bytes,
    durationMs: row.duration_ms,
    sha256: row.sha256,
    sourceLoudness: row.source_measured
      ? loudness(row.source_integrated_lufs, row.source_true_peak_dbtp)
      : null,
    loudness: loudness(row.integrated_lufs, row.true_peak_dbtp),
    createdAtMs: row.created_at_ms,
    lastPlayedAtMs: row.last_played_at_ms,
    playCount: row.play_count,
    pinned: row.pinned === 1,
    state: row.state,
  };
}

function loudness(integratedLufs: number | null, truePeakDbtp: number | null): Loudness {
  return { integratedLufs, truePeakDbtp };
}

function fromEntry(
  entry: NewEntry,
): Omit<Row, "last_played_at_ms" | "play_count" | "pinned" | "state" | "leaving" | "evict_key"> {
  return {
    key: entry.key,
    profile_id: entry.profileId,
    blob_ref: entry.blobRef,
    bytes: entry.bytes,
    duration_ms: entry.durationMs,
    sha256: entry.sha256,
    source_integrated_lufs: entry.sourceLoudness?.integratedLufs ?? null,
    source_true_peak_dbtp: entry.sourceLoudness?.truePeakDbtp ?? null,
    source_measured: entry.sourceLoudness ? 1 : 0,
    integrated_lufs: entry.loudness.integratedLufs,
    true_peak_dbtp: entry.loudness.truePeakDbtp,
    created_at_ms: entry.createdAtMs,
  };
}
