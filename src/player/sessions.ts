import { cacheKey, isNamedOnly } from "../core/track.ts";
import { GuildSession, type GuildSessionDeps } from "./guild-session.ts";

/** The sessions of all guilds; one is made when it is first asked for. */
export class Sessions {
  readonly #deps: Omit<GuildSessionDeps, "guildId">;
  readonly #sessions = new Map<string, GuildSession>();

  constructor(deps: Omit<GuildSessionDeps, "guildId">) {
    this.#deps = deps;
  }

  of(guildId: string): GuildSession {
    const known = this.#sessions.get(guildId);
    if (known) return known;
    const session = new GuildSession({ ...this.#deps, guildId });
    this.#sessions.set(guildId, session);
    return session;
  }

  get all(): readonly GuildSession[] {
    return [...this.#sessions.values()];
  }

  /** Ends one guild's session: the bot was removed from it. */
  async end(guildId: string): Promise<void> {
    const session = this.#sessions.get(guildId);
    this.#sessions.delete(guildId);
    await session?.stop();
  }

  /** Keys of everything that plays or waits, of each guild where there is anything. */
  keysByGuild(): Map<string, Set<string>> {
    const keys = this.all.map(({ guildId, tracks }) => {
      // What is only named so far has no file to look after.
      return [guildId, new Set(tracks.filter((track) => !isNamedOnly(track)).map(cacheKey))] as const;
    });
    return new Map(keys.filter(([, { size }]) => size > 0));
  }

  /** The bot ends. */
  async close(): Promise<void> {
    const all = this.all;
    this.#sessions.clear();
    await Promise.all(all.map((session) => session.close()));
  }
}
