import type { Kysely } from "kysely";

/** Files that were cleared while somebody played them, and go when they have ended. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("cache_entries")
    .addColumn("leaving", "integer", (column) => column.notNull().defaultTo(0))
    .execute();
}

/** Takes everything of {@link up} away again. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("cache_entries").dropColumn("leaving").execute();
}
