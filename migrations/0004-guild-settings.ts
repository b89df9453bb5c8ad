import type { Kysely } from "kysely";

/** What a guild has chosen for itself, by name. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("guild_settings")
    .addColumn("guild_id", "text", (column) => column.notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("value", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("guild_settings_pk", ["guild_id", "name"])
    .execute();
}

/** Takes everything of {@link up} away again. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable("guild_settings").execute();
}
