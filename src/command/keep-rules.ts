import type { KeepRule, KeepScope, KeepVerdict } from "../policy/admission.ts";

/** What guilds said about storing songs. */
export interface KeepRuleBook {
  rulesOf(guildId: string): Promise<readonly KeepRule[]>;
  /** `undefined` takes the rule back. */
  setRule(guildId: string, scope: KeepScope, verdict: KeepVerdict | undefined): Promise<void>;
}
