import type { Kysely } from "kysely";

/** What each guild played and had waiting, to go on after a restart. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("queues")
    .addColumn("guild_id", "text", (column) => column.primaryKey())
    .addColumn("session", "text", (column) => column.notNull())
    .addColumn("position_ms", "bigint", (column) => column.notNull())
    .addColumn("first_seq", "bigint", (column) => column.notNull())
    .addColumn("end_seq", "bigint", (column) => column.notNull())
    .execute();

  await db.schema
    .createTable("queue_items")
    .addColumn("guild_id", "text", (column) => column.notNull())
    .addColumn("seq", "bigint", (column) => column.notNull())
    .addColumn("item", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("queue_items_pk", ["guild_id", "seq"])
    .execute();
}

/** Takes everything of {@link up} away again. */
export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of ["queue_items", "queues"]) await db.schema.dropTable(table).execute();
}
