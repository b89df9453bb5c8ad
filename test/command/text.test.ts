import { describe, expect, it } from "vitest";
import { plain, relativeTime } from "../../src/command/text.ts";
import { seededRandom } from "../fakes/random.ts";

const SEED = Number(process.env["ENCORE_TEST_SEED"] ?? Date.now() % 1_000_000);
const ACTIVE = "\\*_~`|>#[]()<@:";

/** What a reader sees: a backslash before punctuation vanishes. */
const seen = (markdown: string): string => markdown.replaceAll(/\\([\p{P}\p{S}])/gu, "$1");

describe("untrusted text", () => {
  it.each([
    ["**bold** _it_ ~~no~~ ||spoiler||", "**bold** _it_ ~~no~~ ||spoiler||"],
    ["`code` ```block```", "`code` ```block```"],
    ["[click](https://evil.example)", "[click](https://evil.example)"],
    ["@everyone <@123> <#4> <@&5> <t:1:R> </play:1>", "@everyone <@123> <#4> <@&5> <t:1:R> </play:1>"],
    ["# heading", "# heading"],
    ["> quote", "> quote"],
    ["- list", "- list"],
    ["-# small", "-# small"],
    ["+ list", "+ list"],
    ["1. list", "1. list"],
    ["12. list", "12. list"],
    ["C:\\path\\*", "C:\\path\\*"],
    ["日本語 🎵 Кино", "日本語 🎵 Кино"],
  ])("%j is shown as it is", (text, shown) => {
    const escaped = plain(text);
    expect(seen(escaped)).toBe(shown);
    expect(escaped).not.toMatch(/^(\d+\.|[-+#>])/u);
  });

  it("has one line, no control characters and nothing that turns the direction of writing", () => {
    expect(plain("a\nb\r\n\tc\u2028d")).toBe("a b c d");
    expect(plain("\u202Egpj.exe\u202C\u200F\u2066x\u2069\u0000\u0007\u200B\uFEFF")).toBe("gpj.exex");
    expect(plain("  \u200B ")).toBe("");
  });

  it("is cut where a character ends", () => {
    expect(plain("x".repeat(200))).toBe(`${"x".repeat(119)}…`);
    const cut = plain("🎵".repeat(100), 20);
    expect(cut).toBe(`${"🎵".repeat(9)}…`);
    expect(cut.isWellFormed()).toBe(true);
    expect(plain("half \uD83D of a pair")).toBe("half  of a pair");
  });

  it(`never does anything but be read, whatever it is (seed ${SEED})`, () => {
    const random = seededRandom(SEED);
    const signs = [
      ...ACTIVE.split(""),
      "-",
      "+",
      "1",
      ".",
      " ",
      "\n",
      "a",
      "é",
      "\u202E",
      "\uD83D",
      "https://",
      "@everyone",
    ];
    for (let round = 0; round < 5_000; round += 1) {
      const text = Array.from(
        { length: 1 + Math.floor(random() * 12) },
        () => signs[Math.floor(random() * signs.length)],
      ).join("");
      const escaped = plain(text);
      const active = escaped.replaceAll(/\\[\p{P}\p{S}]/gu, "");
      for (const sign of ACTIVE)
        expect(active, `${JSON.stringify(text)} became ${escaped}`).not.toContain(sign);
      expect(escaped).not.toMatch(/^(\d+\.|[-+])|[\n\u202E]/u);
      expect(escaped.isWellFormed()).toBe(true);
    }
  });
});

it("gives times that Discord counts by itself", () => {
  expect(relativeTime(1_700_000_000_999)).toBe("<t:1700000000:R>");
});
