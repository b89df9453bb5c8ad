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

  /** Choices whose names begin so, of one guild or of all. */
  async beginningWith(
    prefix: string,
    guildId?: string,
  ): Promise<readonly { readonly guildId: string; readonly name: string; readonly value: string }[]> {
    const end = prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
    let query = this.#db
      .selectFrom("guild_settings")
      .select(["guild_id as guildId", "name", "value"])
      .where("name", ">=", prefix)
      .where("name", "<", end)
      .orderBy("guild_id")
      .orderBy("name");
    if (guildId !== undefined) query = query.where("guild_id", "=", guildId);
    return await query.execute();
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
