"use strict";
// Runs a script on Node 24, whatever Node started this. Old JavaScript on purpose: it has to run on Node 18.
const { spawn } = require("node:child_process");
const { existsSync } = require("node:fs");
const path = require("node:path");

const ROOT = path.join(__dirname, "..");
const REQUIRED = [24, 15];

/**
 * How the bot is run. Every packet leaves some short-lived objects behind; the less there is room for, the shorter the
 * pauses to sweep them up, which all guilds hear at once (in 500 guilds 7 ms at most, else 10 to 40 ms).
 */
const BOT_FLAGS = ["--max-semi-space-size=2"];
const BOT = path.join(ROOT, "src", "main.ts");

function isNewEnough(version) {
  const [major, minor] = version.replace(/^v/, "").split(".").map(Number);
  return major > REQUIRED[0] || (major === REQUIRED[0] && minor >= REQUIRED[1]);
}

/** This Node when it is new enough, else the one npm installed for this platform; undefined = none. */
function findNode() {
  if (isNewEnough(process.version)) return process.execPath;
  const name = { linux: "linux", win32: "win", darwin: "darwin" }[process.platform] || process.platform;
  const file = process.platform === "win32" ? "node.exe" : "node";
  const own = path.join(ROOT, "node_modules", `node-${name}-${process.arch}`, "bin", file);
  return existsSync(own) ? own : undefined;
}

function explainMissing() {
  const installed = existsSync(path.join(ROOT, "node_modules"));
  return installed
    ? `This needs Node ${REQUIRED.join(".")} or newer; you have ${process.version}, and there is no ready-made one for ${process.platform}-${process.arch}. Install Node 24 from nodejs.org, then try again.`
    : "The dependencies are not installed yet. Run: npm run setup";
}

/** What Node is told about a script. */
function flagsFor(script) {
  return script === BOT ? BOT_FLAGS : [];
}

/** Starts the script, hands signals on, and leaves with its exit code. */
function launch(script, args) {
  const node = findNode();
  if (!node || !existsSync(path.join(ROOT, "node_modules"))) {
    console.error(explainMissing());
    process.exit(1);
  }
  const env = { ...process.env };
  env.PATH = path.dirname(node) + path.delimiter + (env.PATH || "");
  const child = spawn(node, [...flagsFor(script), script, ...args], { stdio: "inherit", env });
  // A terminal sends Ctrl-C to the whole group; `kill` sends it to us alone. Twice the same is harmless.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(`Node could not be started: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
      return;
    }
    process.exit(code === null ? 1 : code);
  });
}

module.exports = { BOT, ROOT, findNode, flagsFor, launch };

if (require.main === module) {
  const [script, ...args] = process.argv.slice(2);
  if (!script) {
    console.error("usage: node scripts/launch.cjs SCRIPT [ARGUMENTS]");
    process.exit(2);
  }
  launch(path.resolve(ROOT, script), args);
}
