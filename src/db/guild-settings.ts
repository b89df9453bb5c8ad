import type { Database } from "./schema.ts";

/** What a guild has chosen for itself, by name. */
export class GuildSettings {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** `undefined` = the guild has chosen nothing. */
  async get(guildId: string, name: string): Promise<string | undefined> {
    const row = await this.#db
      .selectFrom("guild_settings")
      .select("value")
      .where("guild_id", "=", guildId)
      .where("name", "=", name)
      .executeTakeFirst();
    return row?.value;
  }

  async set(guildId: string, name: string, value: string): Promise<void> {
    await this.#db
      .insertInto("guild_settings")
      .values({ guild_id: guildId, name, value })
      .onConflict((conflict) => conflict.columns(["guild_id", "name"]).doUpdateSet({ value }))
      .execute();
  }

  /** Back to what the bot does by default. */
  async unset(guildId: string, name: string): Promise<void> {
    await this.#db
      .deleteFrom("guild_settings")
      .where("guild_id", "=", guildId)
      .where("name", "=", name)
      .execute();
  }
}
