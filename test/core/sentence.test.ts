import { expect, it } from "vitest";
import { fill, phrase, PHRASES } from "../../src/core/sentence.ts";

it.each<[string, Record<string, unknown>, string]>([
  ["texts and numbers", { what: "three", count: 3 }, "three and 3"],
  ["phrases", { what: phrase("OWNER"), count: 3 }, "the owner of this bot and 3"],
  [
    "phrases with gaps",
    { what: phrase("WHOLE_NUMBER", { min: 1, max: 9 }), count: 3 },
    "a whole number from 1 to 9 and 3",
  ],
  ["lists", { what: ["a", phrase("PEOPLE")], count: 3 }, "a and people and 3"],
  ["templates", { what: "all", count: { template: "{NUMBER} times" } }, "all and NUMBER times"],
  ["nothing where there is no fact", { count: {} }, "{what} and {count}"],
])("a sentence is filled with %s", (_what, facts, sentence) => {
  expect(fill("{what} and {count}", facts)).toBe(sentence);
});

it("what is filled in is not filled itself", () => {
  expect(fill("{what}", { what: "{count} $&", count: 3 })).toBe("{count} $&");
});

it("another language has its own phrases and its own lists", () => {
  const german = { locale: "de", phrases: { ...PHRASES, OWNER: "der Besitzer" } };
  expect(fill("Nur {who}.", { who: ["a", "b", phrase("OWNER")] }, german)).toBe("Nur a, b und der Besitzer.");
});

it("a number is written as the language writes it", () => {
  const german = { locale: "de", phrases: PHRASES };
  expect(fill("{cap}", { cap: 1_000 })).toBe("1,000");
  expect(fill("{cap}", { cap: 1_000 }, german)).toBe("1.000");
});

it("a number of bytes is written as the language writes sizes", () => {
  const german = { locale: "de", phrases: PHRASES };
  expect(fill("{limitBytes}", { limitBytes: 1_572_864 })).toBe("1.5 MiB");
  expect(fill("{limitBytes}", { limitBytes: 1_572_864 }, german)).toBe("1,5 MiB");
});
