import type { Kysely } from "kysely";

/**
 * Which recording a song of a music service is: such services give names and no audio. And the chapters of a recording,
 * as JSON; null = nobody has asked its source yet.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("matches")
    .addColumn("source", "text", (column) => column.notNull())
    .addColumn("source_id", "text", (column) => column.notNull())
    .addColumn("track_key", "text", (column) => column.notNull())
    .addColumn("matched_at_ms", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("matches_pk", ["source", "source_id"])
    .execute();
  await db.schema.alterTable("tracks").addColumn("chapters", "text").execute();
}

/** Takes everything of {@link up} away again. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("tracks").dropColumn("chapters").execute();
  await db.schema.dropTable("matches").execute();
}
