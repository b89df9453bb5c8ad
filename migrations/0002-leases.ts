import type { Kysely } from "kysely";

/** Leases, byte reservations and files in use, so that several processes can share one cache. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("leases")
    .addColumn("name", "text", (column) => column.primaryKey())
    .addColumn("token", "bigint", (column) => column.notNull())
    .addColumn("owner", "text")
    .addColumn("expires_uptime_ms", "bigint", (column) => column.notNull())
    .addColumn("expires_at_ms", "bigint", (column) => column.notNull())
    .execute();

  await db.schema
    .createTable("reservations")
    .addColumn("lease_name", "text", (column) => column.primaryKey())
    .addColumn("owner", "text", (column) => column.notNull())
    .addColumn("bytes", "bigint", (column) => column.notNull())
    .execute();

  await db.schema
    .createTable("files_in_use")
    .addColumn("blob_ref", "text", (column) => column.notNull())
    .addColumn("owner", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("files_in_use_pk", ["blob_ref", "owner"])
    .execute();
}

/** Takes everything of {@link up} away again. */
export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of ["files_in_use", "reservations", "leases"]) await db.schema.dropTable(table).execute();
}
