import { expect, it } from "vitest";
import { isKept, type KeepRules } from "../../src/policy/keeping.ts";

it.each([
  [{}, true],
  [{ guild: "never" }, false],
  [{ guild: "always" }, true],
  [{ guild: "never", source: "always" }, true],
  [{ guild: "always", source: "never" }, false],
  [{ source: "never", channel: "always" }, true],
  [{ guild: "always", source: "always", channel: "never" }, false],
  [{ guild: "never", channel: "always" }, true],
] as const satisfies readonly (readonly [KeepRules, boolean])[])(
  "of %j the nearest counts: %s",
  (rules, kept) => {
    expect(isKept(rules)).toBe(kept);
  },
);
