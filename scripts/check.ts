/** `npm test`: every check one after the other, a line each; what fails shows its whole output. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { runTool } from "./run-tool.cjs";
import { countTests } from "./test-report.ts";

const ROOT = path.join(import.meta.dirname, "..");

/** What is run, in this order; each a file below node_modules and its arguments. */
const CHECKS: Readonly<Record<string, string>> = {
  types: "typescript/bin/tsc",
  lint: "oxlint/bin/oxlint",
  format: "oxfmt/bin/oxfmt --check",
  imports:
    "dependency-cruiser/bin/dependency-cruiser.mjs --config .dependency-cruiser.cjs src commands migrations scripts",
  unused: "knip/bin/knip.js",
  tests: "vitest/vitest.mjs run --reporter=default --reporter=json",
};

/** Runs one check on this Node and says how it went. */
async function check(name: string, command: string, more: readonly string[]): Promise<boolean> {
  const [file = "", ...options] = command.split(" ");
  const args = [path.join(ROOT, "node_modules", file), ...options, ...more];
  const startedAtMs = performance.now();
  const { exitCode, output } = await runTool(process.execPath, args, { cwd: ROOT, timeoutMs: 60 * 60_000 });
  const seconds = ((performance.now() - startedAtMs) / 1_000).toFixed(1);
  console.log(`${(exitCode === 0 ? "ok" : "failed").padEnd(9)}${name.padEnd(10)}${seconds} s`);
  if (exitCode !== 0) console.log(output);
  return exitCode === 0;
}

const folder = await mkdtemp(path.join(tmpdir(), "encore-check-"));
const reportFile = path.join(folder, "tests.json");
const forTests = [`--outputFile.json=${reportFile}`, ...process.argv.slice(2)];

const failed: string[] = [];
for (const [name, command] of Object.entries(CHECKS)) {
  if (!(await check(name, command, name === "tests" ? forTests : []))) failed.push(name);
}
const tests = countTests(await readFile(reportFile, "utf8").catch(() => ""));
await rm(folder, { recursive: true });
// Vitest can fail without a failed test, by an error outside of all of them.
const others = failed.filter((name) => name !== "tests" || tests.failed === 0).length;
process.exitCode = failed.length === 0 ? 0 : 1;
console.log(`${tests.passed} passed, ${tests.failed + others} failed`);
