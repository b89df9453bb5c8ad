import type { KeepRule } from "../policy/keeping.ts";

/** What a rule is about. */
export type KeepScope =
  | { readonly kind: "guild" }
  | { readonly kind: "source" | "channel"; readonly name: string };

/** Rules about what is stored of the songs that a guild asks for. */
export interface KeepRuleBook {
  ruleOf(guildId: string, scope: KeepScope): Promise<KeepRule | undefined>;
  /** `undefined` takes the rule back. */
  setRule(guildId: string, scope: KeepScope, rule: KeepRule | undefined): Promise<void>;
}
