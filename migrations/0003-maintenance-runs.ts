import type { Kysely } from "kysely";

/** From where a maintenance run was asked for, what was asked, and what it repaired; rows found by their files. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("maintenance_runs")
    .addColumn("origin", "text", (column) => column.notNull().defaultTo("chat"))
    .execute();
  await db.schema
    .alterTable("maintenance_runs")
    .addColumn("detail", "text", (column) => column.notNull().defaultTo(""))
    .execute();
  await db.schema
    .alterTable("maintenance_runs")
    .addColumn("repaired", "integer", (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema.createIndex("cache_entries_by_ref").on("cache_entries").column("blob_ref").execute();
}

/** Takes everything of {@link up} away again. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropIndex("cache_entries_by_ref").execute();
  for (const column of ["repaired", "detail", "origin"])
    await db.schema.alterTable("maintenance_runs").dropColumn(column).execute();
}
