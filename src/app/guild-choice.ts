import type { GuildSettings } from "../db/guild-settings.ts";

interface GuildChoiceOptions<T> {
  readonly settings: GuildSettings;
  readonly name: string;
  /** What the text in the database means; `undefined` = the guild has chosen nothing. */
  readonly read: (text: string | undefined) => T;
}

/** One setting of guilds, kept in the database and remembered: whoever begins a song must not wait for it. */
export class GuildChoice<T> {
  readonly #options: GuildChoiceOptions<T>;
  readonly #known = new Map<string, T>();

  constructor(options: GuildChoiceOptions<T>) {
    this.#options = options;
  }

  async get(guildId: string): Promise<T> {
    const known = this.#known.get(guildId);
    if (known !== undefined) return known;
    const { settings, name } = this.#options;
    return this.#remember(guildId, await settings.get(guildId, name));
  }

  /** `undefined` = back to what the bot does by default. */
  async set(guildId: string, text: string | undefined): Promise<T> {
    const { settings, name } = this.#options;
    await (text === undefined ? settings.unset(guildId, name) : settings.set(guildId, name, text));
    return this.#remember(guildId, text);
  }

  #remember(guildId: string, text: string | undefined): T {
    const value = this.#options.read(text);
    this.#known.set(guildId, value);
    return value;
  }
}
