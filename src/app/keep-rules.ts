import { createHash } from "node:crypto";
import type { KeepScope, KeepRuleBook } from "../command/keep-rules.ts";
import type { Track } from "../core/track.ts";
import type { GuildSettings } from "../db/guild-settings.ts";
import { isKept, type KeepRule } from "../policy/keeping.ts";

/** What guilds said about storing songs, kept in the database, and what follows for a song. */
export interface KeepRuleStore extends KeepRuleBook {
  isKept(track: Track, guildId: string): Promise<boolean>;
}

/** A rule book over the settings of guilds. */
export function createKeepRules(settings: GuildSettings): KeepRuleStore {
  const ruleOf = async (guildId: string, scope: KeepScope): Promise<KeepRule | undefined> =>
    parseRule(await settings.get(guildId, nameOf(scope)));
  return {
    ruleOf,
    setRule: async (guildId, scope, rule) =>
      rule === undefined
        ? await settings.unset(guildId, nameOf(scope))
        : await settings.set(guildId, nameOf(scope), rule),
    isKept: async ({ source, artist }, guildId) => {
      const channel = artist === "" ? undefined : await ruleOf(guildId, { kind: "channel", name: artist });
      const [ofSource, guild] = await Promise.all([
        ruleOf(guildId, { kind: "source", name: source }),
        ruleOf(guildId, { kind: "guild" }),
      ]);
      return isKept({ channel, source: ofSource, guild });
    },
  };
}

/** Names from outside may be of any length and spelling; case and accents of a channel do not count. */
function nameOf(scope: KeepScope): string {
  if (scope.kind === "guild") return "keep";
  const name = scope.name.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase().trim();
  return `keep-${scope.kind}-${createHash("sha256").update(name).digest("base64url").slice(0, 22)}`;
}

function parseRule(text: string | undefined): KeepRule | undefined {
  return text === "always" || text === "never" ? text : undefined;
}
