"use strict";
// Installs packages of the system where that needs no question: on Debian and its kin, as root or with sudo.
const { existsSync } = require("node:fs");
const { isatty } = require("node:tty");
const { runTool } = require("./run-tool.cjs");

const TIMEOUT_MS = 10 * 60_000;

/** What to put in front of apt-get; undefined = it cannot be run without asking. */
async function prefix() {
  if (!existsSync("/etc/debian_version") || !existsSync("/usr/bin/apt-get")) return undefined;
  if (process.getuid && process.getuid() === 0) return [];
  const asked = await runTool("sudo", ["-n", "true"], { timeoutMs: 10_000 });
  return asked.exitCode === 0 ? ["sudo", "-n"] : undefined;
}

async function canInstall() {
  return (await prefix()) !== undefined;
}

async function install(name) {
  const before = await prefix();
  if (!before) return false;
  const show = isatty(1);
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", name]]) {
    const [command, ...rest] = [...before, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", ...args];
    const result = await runTool(command, rest, { show, timeoutMs: TIMEOUT_MS });
    if (result.exitCode === 0) continue;
    if (!show) console.error(result.output.trimEnd().split("\n").slice(-5).join("\n"));
    // An old list of packages may still do; a failed installation does not.
    if (args[0] === "install") return false;
  }
  return true;
}

module.exports = { canInstall, install };
