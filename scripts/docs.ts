/** Rewrites `.env.example`, and the tables of settings and commands of the README from the schema and from `commands/`. */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { withCommandTables } from "../src/app/command-table.ts";
import { loadCommands } from "../src/app/load-commands.ts";
import { envExample, withSettingsTable } from "../src/config/settings-docs.ts";

const root = path.join(import.meta.dirname, "..");
const readmePath = path.join(root, "README.md");

await writeFile(path.join(root, ".env.example"), envExample());
const withSettings = withSettingsTable(await readFile(readmePath, "utf8"));
const readme = withSettings && withCommandTables(withSettings, await loadCommands());
if (readme === undefined) {
  console.error(
    "README.md has lost its markers <!-- settings|commands:begin --> and <!-- settings|commands:end -->.",
  );
  process.exitCode = 1;
} else {
  await writeFile(readmePath, readme);
  console.log("Wrote .env.example and the tables of README.md.");
}
