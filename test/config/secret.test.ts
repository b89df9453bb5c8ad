import { inspect } from "node:util";
import { expect, test } from "vitest";
import { Secret } from "../../src/config/secret.ts";

test("a secret shows itself only when asked by name", () => {
  const secret = new Secret("hush");
  const shown = [
    String(secret),
    secret.toString(),
    JSON.stringify({ secret }),
    inspect({ deep: { secret } }, { depth: null, showHidden: true }),
    Object.keys(secret).join(""),
  ].join(" ");
  expect(shown).not.toContain("hush");
  expect(shown).toContain("[secret]");
  expect(secret.reveal()).toBe("hush");
});
