import type { Kysely } from "kysely";

/** Tracks, cached files, remembered look-ups and failures, plays, maintenance runs. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("tracks")
    .addColumn("key", "text", (column) => column.primaryKey())
    .addColumn("source", "text", (column) => column.notNull())
    .addColumn("source_id", "text", (column) => column.notNull())
    .addColumn("title", "text", (column) => column.notNull())
    .addColumn("artist", "text", (column) => column.notNull())
    .addColumn("url", "text", (column) => column.notNull())
    .addColumn("duration_ms", "integer")
    .addColumn("is_live", "integer", (column) => column.notNull())
    .addColumn("thumbnail_url", "text")
    .addColumn("updated_at_ms", "bigint", (column) => column.notNull())
    .execute();

  await db.schema
    .createTable("cache_entries")
    .addColumn("key", "text", (column) => column.notNull())
    .addColumn("profile_id", "text", (column) => column.notNull())
    .addColumn("blob_ref", "text", (column) => column.notNull())
    .addColumn("bytes", "bigint", (column) => column.notNull())
    .addColumn("duration_ms", "integer", (column) => column.notNull())
    .addColumn("sha256", "text", (column) => column.notNull())
    .addColumn("source_integrated_lufs", "double precision")
    .addColumn("source_true_peak_dbtp", "double precision")
    .addColumn("source_measured", "integer", (column) => column.notNull())
    .addColumn("integrated_lufs", "double precision")
    .addColumn("true_peak_dbtp", "double precision")
    .addColumn("created_at_ms", "bigint", (column) => column.notNull())
    .addColumn("last_played_at_ms", "bigint")
    .addColumn("play_count", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("pinned", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("evict_key", "double precision", (column) => column.notNull().defaultTo(0))
    .addPrimaryKeyConstraint("cache_entries_pk", ["key", "profile_id"])
    .execute();
  await db.schema
    .createIndex("cache_entries_by_eviction")
    .on("cache_entries")
    .columns(["state", "evict_key"])
    .execute();

  await db.schema
    .createTable("resolutions")
    .addColumn("query", "text", (column) => column.primaryKey())
    .addColumn("track_keys", "text", (column) => column.notNull())
    .addColumn("expires_at_ms", "bigint", (column) => column.notNull())
    .execute();

  await db.schema
    .createTable("failures")
    .addColumn("key", "text", (column) => column.primaryKey())
    .addColumn("code", "text", (column) => column.notNull())
    .addColumn("context", "text", (column) => column.notNull())
    .addColumn("attempts", "integer", (column) => column.notNull())
    .addColumn("failed_at_ms", "bigint", (column) => column.notNull())
    .addColumn("retry_at_ms", "bigint", (column) => column.notNull())
    .execute();

  await db.schema
    .createTable("plays")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("at_ms", "bigint", (column) => column.notNull())
    .addColumn("guild_id", "text", (column) => column.notNull())
    .addColumn("key", "text", (column) => column.notNull())
    .addColumn("profile_id", "text", (column) => column.notNull())
    .addColumn("outcome", "text", (column) => column.notNull())
    .addColumn("waited_ms", "integer", (column) => column.notNull())
    .addColumn("bytes_saved", "bigint", (column) => column.notNull())
    .execute();
  await db.schema.createIndex("plays_by_time").on("plays").column("at_ms").execute();

  await db.schema
    .createTable("maintenance_runs")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("actor", "text", (column) => column.notNull())
    .addColumn("started_at_ms", "bigint", (column) => column.notNull())
    .addColumn("ended_at_ms", "bigint", (column) => column.notNull())
    .addColumn("removed_files", "integer", (column) => column.notNull())
    .addColumn("removed_bytes", "bigint", (column) => column.notNull())
    .addColumn("kept_in_use", "integer", (column) => column.notNull())
    .addColumn("failed", "integer", (column) => column.notNull())
    .execute();

  await db.schema
    .createTable("settings")
    .addColumn("name", "text", (column) => column.primaryKey())
    .addColumn("value", "text", (column) => column.notNull())
    .execute();
}

/** Takes everything of {@link up} away again. */
export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of [
    "settings",
    "maintenance_runs",
    "plays",
    "failures",
    "resolutions",
    "cache_entries",
    "tracks",
  ]) {
    await db.schema.dropTable(table).execute();
  }
}
