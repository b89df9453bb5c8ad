"use strict";
// First half of `npm run setup`: the dependencies, with a Node 24 among them. The second half, setup.ts, runs on that.
// Old JavaScript on purpose: it has to run on Node 18 before anything is installed.
const { createHash } = require("node:crypto");
const { readFileSync, writeFileSync } = require("node:fs");
const path = require("node:path");
const { isatty } = require("node:tty");
const { ROOT, launch } = require("./launch.cjs");
const { runTool } = require("./run-tool.cjs");

const LOCK = path.join(ROOT, "package-lock.json");
const MODULES = path.join(ROOT, "node_modules");
/** Inside node_modules, so that it goes when they go. */
const MARKER = path.join(MODULES, ".encore-installed");
const SHOWN_LINES = 20;

function readText(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** What must be installed here: the lockfile, and the platform that its optional packages depend on. */
function fingerprint() {
  const hash = createHash("sha256").update(readText(LOCK)).digest("hex");
  return `${process.platform}-${process.arch} ${hash}`;
}

/** npm's own note of what it installed, for modules that were not installed by this script. */
function matchesLock() {
  const installed = readText(path.join(MODULES, ".package-lock.json"));
  if (installed === "") return false;
  const there = JSON.parse(installed).packages;
  return Object.entries(JSON.parse(readText(LOCK)).packages).every(([name, wanted]) => {
    if (name === "") return true;
    return there[name] ? there[name].version === wanted.version : wanted.optional === true;
  });
}

/** The npm that started this, else the one on PATH. */
function npm() {
  const cli = process.env.npm_execpath;
  if (cli && cli.endsWith("npm-cli.js")) return { command: process.execPath, args: [cli], shell: false };
  return { command: "npm", args: [], shell: process.platform === "win32" };
}

function say(status, text) {
  console.log(`${status.padEnd(9)}${"dependencies".padEnd(14)}${text}`);
}

async function install() {
  if (process.stdout.isTTY) say("…", "installing with npm ci, which takes up to a minute");
  const { command, args, shell } = npm();
  const show = isatty(1);
  const result = await runTool(command, [...args, "ci"], { cwd: ROOT, show, shell });
  if (result.exitCode === 0) return true;
  const lines = result.output.trimEnd().split("\n");
  if (!show) console.error(lines.slice(-SHOWN_LINES).join("\n"));
  say(
    "problem",
    `npm ci failed (exit code ${result.exitCode}). Check the network, then try again: npm run setup`,
  );
  return false;
}

async function main() {
  const wanted = fingerprint();
  if (readText(MARKER) === wanted) {
    say("ok", "up to date");
  } else {
    const isThere = matchesLock();
    if (!isThere && !(await install())) process.exit(1);
    writeFileSync(MARKER, wanted);
    say("ok", isThere ? "up to date" : "installed");
  }
  launch(path.join(ROOT, "scripts", "setup.ts"), process.argv.slice(2));
}

main().catch((error) => {
  say("problem", error.message);
  process.exit(1);
});
