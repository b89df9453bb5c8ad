/** `docs/compared.md` says nothing about Encore that no test and no command shows. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";

const root = path.join(import.meta.dirname, "../..");
const page = await readFile(path.join(root, "docs/compared.md"), "utf8");
const { scripts } = JSON.parse(await readFile(path.join(root, "package.json"), "utf8")) as {
  scripts: Readonly<Record<string, string>>;
};

/** One feature: what Encore does of it, and by what that is shown. */
interface Row {
  readonly feature: string;
  readonly ours: string;
  readonly shownBy: string;
}

const rows = page.split("\n").flatMap((line): Row[] => {
  const cells = line.split("|").map((cell) => cell.trim());
  const [, feature = "", ours = ""] = cells;
  return ours.startsWith("**")
    ? [{ feature, ours: ours.replaceAll("*", ""), shownBy: cells.at(-2) ?? "" }]
    : [];
});
const links = [...page.matchAll(/\[([^\]]+)\]\(\.\.\/([^)]+)\)/gu)].map(([, text = "", file = ""]) => ({
  text,
  file,
}));
const tests = links.filter(({ file }) => file.endsWith(".test.ts"));
const commands = [...page.matchAll(/`npm (?:run )?([a-z]+)/gu)].map(([, name = ""]) => name);

it("has the features of each table", () => {
  expect(page.match(/^## /gmu)).toHaveLength(7);
  expect(rows.length).toBeGreaterThan(70);
});

it.each(rows)("$feature: $ours", ({ ours, shownBy }) => {
  expect(ours).toMatch(/\S/u);
  expect(shownBy).toMatch(/^no\b/u.test(ours) ? /^(?:–$|\[|`npm )/u : /^(?:\[|`npm )/u);
});

describe("what it names", () => {
  it.each(links)("$file is there", async ({ file }) => {
    await expect(readFile(path.join(root, file))).resolves.toBeDefined();
  });

  it.each(tests)("$text is one of the tests of $file", async ({ text, file }) => {
    const name = /^“(.+)”$/u.exec(text)?.[1] ?? "";
    const code = await readFile(path.join(root, file), "utf8");
    const titles = [...code.matchAll(/\(\s*(["`])((?:(?!\1).)+)\1/gu)].map(([, , title]) => title);
    expect(titles).toContain(name);
  });

  it.each(commands)("%s is a command", (name) => {
    expect(Object.keys(scripts)).toContain(name);
  });
});
