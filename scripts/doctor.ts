/** `npm run doctor`: looks at everything and changes nothing. Leaves with 0, or 1 when there is a problem. */
import path from "node:path";
import { examine } from "../src/app/doctor.ts";
import { renderFinding } from "../src/app/finding.ts";
import type { Finding } from "../src/app/finding.ts";
import { loadConfig } from "../src/config/config.ts";
import { configFiles, readEnvironment } from "../src/config/environment.ts";

const ROOT = path.join(import.meta.dirname, "..");
// Whoever reads the output may stop reading: `npm run doctor | head`.
process.stdout.on("error", () => undefined);
const json = process.argv.includes("--json");

async function* findings(): AsyncGenerator<Finding, void, undefined> {
  try {
    const { config, warnings } = loadConfig(readEnvironment(ROOT), configFiles(ROOT));
    yield* examine({ config, configWarnings: warnings }, new AbortController().signal);
  } catch (error) {
    yield {
      name: "settings",
      status: "problem",
      text: error instanceof Error ? error.message : String(error),
    };
  }
}

const all: Finding[] = [];
for await (const finding of findings()) {
  all.push(finding);
  if (!json) console.log(renderFinding(finding, process.stdout));
}
const ok = all.every(({ status }) => status !== "problem");
if (json) console.log(JSON.stringify({ ok, checks: all }));
process.exitCode = ok ? 0 : 1;
