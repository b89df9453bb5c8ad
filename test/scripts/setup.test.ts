import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runTool } from "../../scripts/run-tool.cjs";

const SCRIPTS = path.join(import.meta.dirname, "../../scripts");
const LOCK = {
  packages: {
    "": { name: "fresh" },
    "node_modules/one": { version: "1.0.0" },
    "node_modules/other-platform": { version: "2.0.0", optional: true },
  },
};
const INSTALLED = { packages: { "node_modules/one": { version: "1.0.0" } } };
/** Stands in for npm: notes that it was called and installs, or fails. */
const NPM = `
const fs = require("node:fs");
fs.appendFileSync("npm.log", process.argv.slice(2).join(" ") + "\\n");
if (fs.existsSync("no-network")) { console.error("npm error network ENOTFOUND"); process.exit(1); }
fs.rmSync("node_modules", { recursive: true, force: true });
fs.mkdirSync("node_modules");
fs.writeFileSync("node_modules/.package-lock.json", ${JSON.stringify(JSON.stringify(INSTALLED))});
`;

let root = "";
const at = (name: string): string => path.join(root, name);

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "encore-fresh-"));
  await mkdir(at("scripts"));
  for (const name of ["setup.cjs", "launch.cjs", "run-tool.cjs"]) {
    await copyFile(path.join(SCRIPTS, name), at(`scripts/${name}`));
  }
  await writeFile(at("scripts/setup.ts"), 'console.log("second half:", process.argv.slice(2).join());');
  await writeFile(at("package-lock.json"), JSON.stringify(LOCK));
  await writeFile(at("npm-cli.js"), NPM);
});

afterEach(async () => {
  await rm(root, { recursive: true });
});

function setUp(...args: string[]): ReturnType<typeof runTool> {
  const env = { ...process.env, npm_execpath: at("npm-cli.js") };
  return runTool(process.execPath, [at("scripts/setup.cjs"), ...args], { cwd: root, env });
}

const npmCalls = async (): Promise<string> => await readFile(at("npm.log"), "utf8").catch(() => "");

test("in a fresh clone it installs by the lockfile, once, then goes on with the second half", async () => {
  const first = await setUp("--interactive");
  expect(first).toEqual({
    exitCode: 0,
    output: "ok       dependencies  installed\nsecond half: --interactive\n",
  });
  const second = await setUp();
  expect(second.output).toBe("ok       dependencies  up to date\nsecond half: \n");
  expect(await npmCalls()).toBe("ci\n");
});

test("another lockfile is installed anew", async () => {
  await setUp();
  await writeFile(
    at("package-lock.json"),
    JSON.stringify({ packages: { "node_modules/one": { version: "1.0.1" } } }),
  );
  await setUp();
  expect(await npmCalls()).toBe("ci\nci\n");
});

test("what somebody installed with npm is not installed again, though packages of other platforms are missing", async () => {
  await mkdir(at("node_modules"));
  await writeFile(at("node_modules/.package-lock.json"), JSON.stringify(INSTALLED));
  expect((await setUp()).output).toContain("up to date");
  expect(await npmCalls()).toBe("");
});

test("half an installation is not taken for a whole one", async () => {
  await mkdir(at("node_modules"));
  await writeFile(at("node_modules/.package-lock.json"), JSON.stringify({ packages: {} }));
  await setUp();
  expect(await npmCalls()).toBe("ci\n");
});

test("when npm fails it shows why, says what to do and stops", async () => {
  await writeFile(at("no-network"), "");
  const { exitCode, output } = await setUp();
  expect(exitCode).toBe(1);
  expect(output).toContain("npm error network ENOTFOUND");
  expect(output).toContain("problem  dependencies  npm ci failed (exit code 1). Check the network");
  expect(output).not.toContain("second half");
});
