import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { commandTables, withCommandTables } from "../../src/app/command-table.ts";
import { loadCommands } from "../../src/app/load-commands.ts";
import { variantsOf } from "../../src/command/define.ts";

const root = path.join(import.meta.dirname, "../..");
const commands = await loadCommands();
const rows = commandTables(commands)
  .split("\n")
  .filter((line) => line.startsWith("| `"));
const rowOf = (typed: string): string | undefined => rows.find((row) => row.startsWith(`| \`?${typed}`));

it("the README's tables of commands are what `npm run docs` writes", async () => {
  const readme = await readFile(path.join(root, "README.md"), "utf8");
  expect(withCommandTables(readme, commands)).toBe(readme);
});

it("every command and subcommand has one row of four cells", () => {
  expect(rows).toHaveLength(commands.flatMap(variantsOf).length);
  for (const row of rows) expect(row.split(/(?<!\\)\|/u)).toHaveLength(6);
});

it("a row tells both surfaces, other names, what it does and who may", () => {
  expect(rowOf("skip")).toBe(
    "| `?skip [to NUMBER]`, also `?s`, `?next` | `/skip [to]` | Skip the song that is playing, or go on with a song of the queue | listeners; some of it requesters and DJs |",
  );
  expect(rowOf("play ")).toContain("| listeners; some of it DJs, cache admins |");
  expect(rowOf("cache [--public]")).toContain("| `/cache stats [public]` |");
  expect(rowOf("cache pin")).toContain("| cache admins |");
  expect(rowOf("pause")).toContain("| requesters and DJs |");
});

it("long lists of choices and options are not listed", () => {
  expect(rowOf("filter")).toContain("`?filter [name]`");
  expect(rowOf("settings")).toContain("`/settings [option]…`");
});

/** What of the kit asks for a right beyond that of the command. */
const ASKS = /\b(?:requireRight|decidesAlone|switchOption|voteToSkip)\(/u;

// Of the cache, the subcommands have the stricter right themselves.
const others = commands.filter(({ name }) => name !== "cache");

it.each(others)("$name tells of the rights that some of it needs beyond its own", async (command) => {
  const { name, action, further = [] } = command;
  const code = await readFile(path.join(root, "commands", `${name}.ts`), "utf8");
  expect(further.length > 0 || !ASKS.test(code)).toBe(true);
  expect(further).not.toContain(action);
});
