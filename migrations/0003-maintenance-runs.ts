import type { Kysely } from "kysely";

/** From where a maintenance run was asked for, what was asked, and how many rows and files it repaired. */
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
}

/** Takes everything of {@link up} away again. */
export async function down(db: Kysely<unknown>): Promise<void> {
  for (const column of ["repaired", "detail", "origin"])
    await db.schema.alterTable("maintenance_runs").dropColumn(column).execute();
}
