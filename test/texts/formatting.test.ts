import { describe, expect, it } from "vitest";
import { formatting } from "../../src/texts/formatting.ts";

const KIB = 1024;
const forms = { one: "song", other: "songs" };

describe.each([
  ["en", ["1,284", "1,284 songs", "7.3 GiB", "5 minutes"]],
  ["de", ["1.284", "1.284 songs", "7,3 GiB", "5 Minuten"]],
])("in %s", (locale, written) => {
  const write = formatting(locale);

  it("numbers, sizes and lengths are written as people there write them", () => {
    const { count, plural, bytes, minutes } = write;
    expect([count(1284), plural(1284, forms), bytes(7.3 * KIB ** 3), minutes(5)]).toEqual(written);
  });

  it("one thing is one", () => {
    expect([0, 1, 2].map((value) => write.plural(value, forms))).toEqual(["0 songs", "1 song", "2 songs"]);
  });
});

it("a language with more forms gets the one that fits", () => {
  const polish = { one: "utwór", few: "utwory", other: "utworów" };
  expect([1, 2, 5].map((value) => formatting("pl").plural(value, polish))).toEqual([
    "1 utwór",
    "2 utwory",
    "5 utworów",
  ]);
});
