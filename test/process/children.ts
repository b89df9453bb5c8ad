// Small programs for the tests to run, and a look at what the system runs.
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { until as untilTrue } from "../sandbox/discord/until.ts";

export const NEVER = new AbortController().signal;

/** Runs JavaScript in a child; the code may use `process`, `cp` (node:child_process) and `fs`. */
export function javascript(code: string): { readonly command: string; readonly args: readonly string[] } {
  const prelude = 'const cp = require("node:child_process"), fs = require("node:fs");';
  return { command: process.execPath, args: ["-e", `${prelude}${code}`] };
}

export async function temporaryFolder(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), "encore-test-"));
}

export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

export async function writeScript(file: string, text: string, mode = 0o755): Promise<string> {
  await writeFile(file, text);
  await chmod(file, mode);
  return file;
}

/** Living processes whose command line holds the text, ours excepted. */
export async function processesWith(text: string): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/u.test(name) || Number(name) === process.pid) continue;
    const commandLine = await readFile(`/proc/${name}/cmdline`, "utf8").catch(() => "");
    if (commandLine.includes(text)) found.push(Number(name));
  }
  return found;
}

/** Waits for a condition; fails the test when it does not come true. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  await untilTrue(condition, { what, timeoutMs: 20_000 });
}
