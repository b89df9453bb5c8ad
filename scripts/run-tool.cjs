"use strict";
// Runs one program to its end for the scripts. Old JavaScript on purpose: it has to run on Node 18.
const { spawn } = require("node:child_process");

const MOST_OUTPUT_CHARACTERS = 4 * 1024 * 1024;

/**
 * `show` = the person sees the output as it comes; else it is collected. Never throws: a program that cannot be
 * started has the exit code 127, one that took too long or was killed 1.
 */
function runTool(command, args, options = {}) {
  const { show = false, env = process.env, cwd, timeoutMs = 30 * 60_000, shell = false } = options;
  return new Promise((resolve) => {
    const stdio = show ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"];
    const child = spawn(command, args, { stdio, env, cwd, shell, timeout: timeoutMs, windowsHide: true });
    let output = "";
    const collect = (chunk) => {
      output = (output + chunk).slice(-MOST_OUTPUT_CHARACTERS);
    };
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) stream.setEncoding("utf8").on("data", collect);
    }
    child.on("error", (error) => resolve({ exitCode: 127, output: output + error.message }));
    child.on("close", (code) => resolve({ exitCode: code === null ? 1 : code, output }));
  });
}

module.exports = { runTool };
