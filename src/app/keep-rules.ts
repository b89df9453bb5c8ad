import type { KeepRuleBook } from "../command/keep-rules.ts";
import type { Track } from "../core/track.ts";
import type { GuildRule } from "../maintenance/status.ts";
import type { GuildSettings } from "../db/guild-settings.ts";
import { type Asked, isKept, type KeepRule, type KeepScope, plainName } from "../policy/admission.ts";

/** What guilds said about storing songs, kept in the database, and what follows for a song. */
export interface KeepRuleStore extends KeepRuleBook {
  isKept(track: Track, asked: Asked): Promise<boolean>;
}

/** A rule book over the settings of guilds: `keep:<kind>:<name>` is `always` or `never`. */
export function createKeepRules(settings: GuildSettings): KeepRuleStore {
  const rulesOf = async (guildId: string): Promise<readonly KeepRule[]> =>
    (await settings.beginningWith(PREFIX, guildId)).flatMap(
      ({ name, value }) => parseRule(name, value) ?? [],
    );
  return {
    rulesOf,
    setRule: async (guildId, scope, verdict) =>
      verdict === undefined
        ? await settings.unset(guildId, nameOf(scope))
        : await settings.set(guildId, nameOf(scope), verdict),
    isKept: async (track, asked) => isKept(await rulesOf(asked.guildId), track, asked),
  };
}

/** All rules in force. */
export async function allKeepRules(settings: GuildSettings): Promise<readonly GuildRule[]> {
  return (await settings.beginningWith(PREFIX)).flatMap(({ guildId, name, value }) => {
    const rule = parseRule(name, value);
    return rule ? [{ guildId, ...rule }] : [];
  });
}

const PREFIX = "keep:";

/** Two spellings of one channel are one rule. */
function nameOf(scope: KeepScope): string {
  return `${PREFIX}${scope.kind}:${detailOf(scope)}`;
}

function detailOf(scope: KeepScope): string {
  if (scope.kind === "guild") return "";
  if ("minutes" in scope) return String(scope.minutes);
  return scope.kind === "channel" ? plainName(scope.name) : scope.name;
}

function parseRule(text: string, verdict: string): KeepRule | undefined {
  const [, kind = "", name = ""] = /^keep:([a-z]+):(.*)$/su.exec(text) ?? [];
  const scope = parseScope(kind, name);
  return scope && (verdict === "always" || verdict === "never") ? { scope, verdict } : undefined;
}

function parseScope(kind: string, name: string): KeepScope | undefined {
  if (kind === "guild") return { kind };
  if (kind === "longer" || kind === "shorter") return { kind, minutes: Number(name) };
  if (kind === "playlist" || kind === "channel" || kind === "room" || kind === "source")
    return { kind, name };
  return undefined;
}
