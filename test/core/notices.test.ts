import { expect, it } from "vitest";
import { notice, NOTICES } from "../../src/core/notices.ts";
import { phrase } from "../../src/core/sentence.ts";

it("a notice is a sentence filled with facts, which it keeps", () => {
  const facts = { found: phrase("DAMAGED"), how: phrase("BROUGHT_BACK") };
  expect(notice("database-recovered", facts)).toEqual({
    kind: "database-recovered",
    text: "The database was damaged and has been brought back, no song is lost. Look whether its disk is well: `npm run doctor`",
    facts,
  });
});

it.each(Object.entries(NOTICES))("%s says what to do", (_kind, text) => {
  expect(text).toMatch(/\.$|: `?npm run (doctor|cache -- cleanup)`?$/u);
});
