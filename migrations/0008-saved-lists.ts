import type { Kysely } from "kysely";

/** Favourites and saved playlists of people and guilds; who asked for a play, and the ways to a guild's history. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("saved_lists")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("owner_kind", "text", (column) => column.notNull())
    .addColumn("owner_id", "text", (column) => column.notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("name_key", "text", (column) => column.notNull())
    .addColumn("made_by", "text", (column) => column.notNull())
    .addColumn("changed_at_ms", "bigint", (column) => column.notNull())
    .addUniqueConstraint("saved_lists_by_name", ["owner_kind", "owner_id", "name_key"])
    .execute();

  await db.schema
    .createTable("saved_songs")
    .addColumn("list_id", "text", (column) =>
      column.notNull().references("saved_lists.id").onDelete("cascade"),
    )
    .addColumn("position", "integer", (column) => column.notNull())
    .addColumn("key", "text", (column) => column.notNull())
    .addColumn("source", "text", (column) => column.notNull())
    .addColumn("source_id", "text", (column) => column.notNull())
    .addColumn("title", "text", (column) => column.notNull())
    .addColumn("artist", "text", (column) => column.notNull())
    .addColumn("url", "text", (column) => column.notNull())
    .addColumn("duration_ms", "integer")
    .addPrimaryKeyConstraint("saved_songs_pk", ["list_id", "key"])
    .execute();

  await db.schema.alterTable("plays").addColumn("person_id", "text").execute();
  await db.schema
    .alterTable("plays")
    .addColumn("is_autoplay", "integer", (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema.createIndex("plays_by_guild").on("plays").columns(["guild_id", "at_ms"]).execute();
  await db.schema.createIndex("plays_by_song").on("plays").columns(["guild_id", "key", "at_ms"]).execute();
}

/** Takes everything of {@link up} away again. */
export async function down(db: Kysely<unknown>): Promise<void> {
  for (const index of ["plays_by_song", "plays_by_guild"]) await db.schema.dropIndex(index).execute();
  for (const column of ["is_autoplay", "person_id"])
    await db.schema.alterTable("plays").dropColumn(column).execute();
  for (const table of ["saved_songs", "saved_lists"]) await db.schema.dropTable(table).execute();
}
