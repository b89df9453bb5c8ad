import type { Kysely } from "kysely";

/** What was learned about songs elsewhere: their lyrics, and which parts of them are no music. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("lyrics")
    .addColumn("key", "text", (column) => column.primaryKey())
    .addColumn("plain", "text")
    .addColumn("synced", "text")
    .addColumn("is_instrumental", "integer", (column) => column.notNull())
    .addColumn("expires_at_ms", "bigint", (column) => column.notNull())
    .execute();
  await db.schema.createIndex("lyrics_by_age").on("lyrics").column("expires_at_ms").execute();

  await db.schema
    .createTable("segments")
    .addColumn("key", "text", (column) => column.primaryKey())
    .addColumn("cuts", "text", (column) => column.notNull())
    .addColumn("expires_at_ms", "bigint", (column) => column.notNull())
    .execute();
  await db.schema.createIndex("segments_by_age").on("segments").column("expires_at_ms").execute();
}

/** Takes everything of {@link up} away again. */
export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of ["segments", "lyrics"]) await db.schema.dropTable(table).execute();
}
