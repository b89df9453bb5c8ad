import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { configFiles } from "../../src/config/environment.ts";
import { loadConfig } from "../../src/config/config.ts";
import { describeSettings } from "../../src/config/settings.ts";
import { envExample, settingsTable, withSettingsTable } from "../../src/config/settings-docs.ts";

const root = path.join(import.meta.dirname, "../..");

test(".env.example is what `npm run docs` writes", async () => {
  expect(await readFile(path.join(root, ".env.example"), "utf8")).toBe(envExample());
});

test("the README's settings table is what `npm run docs` writes", async () => {
  const readme = await readFile(path.join(root, "README.md"), "utf8");
  expect(withSettingsTable(readme)).toBe(readme);
});

test.each(describeSettings())("$name is explained, and its default and example are accepted", (setting) => {
  expect(setting.description).toMatch(/\.$/u);
  for (const text of [setting.default, setting.example]) {
    if (text === undefined || setting.name === "DISCORD_TOKEN_FILE") continue;
    expect(() => loadConfig({ [setting.name]: text }, configFiles(root))).not.toThrow();
  }
});

test("no table row is broken by what it holds", () => {
  for (const row of settingsTable().split("\n")) expect(row.split("|")).toHaveLength(5);
});

test("a text without markers is not touched", () => {
  expect(withSettingsTable("# Encore")).toBeUndefined();
});
