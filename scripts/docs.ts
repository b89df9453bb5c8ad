/** Rewrites `.env.example` and the settings table of the README from the schema. */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { envExample, withSettingsTable } from "../src/config/settings-docs.ts";

const root = path.join(import.meta.dirname, "..");
const readmePath = path.join(root, "README.md");

await writeFile(path.join(root, ".env.example"), envExample());
const readme = withSettingsTable(await readFile(readmePath, "utf8"));
if (readme === undefined) {
  console.error("README.md has lost its markers <!-- settings:begin --> and <!-- settings:end -->.");
  process.exitCode = 1;
} else {
  await writeFile(readmePath, readme);
  console.log("Wrote .env.example and the settings table of README.md.");
}
