import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const LAUNCH = path.join(import.meta.dirname, "../../scripts/launch.cjs");

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "encore-launch-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function launch(code: string, ...args: string[]): Promise<ChildProcessWithoutNullStreams> {
  const script = path.join(folder, "script.mts");
  await writeFile(script, code);
  return spawn(process.execPath, [LAUNCH, script, ...args]);
}

test("the script runs with its arguments, types and all, and its exit code is handed on", async () => {
  const child = await launch(
    "const args: readonly string[] = process.argv.slice(2); console.log(args.join()); process.exitCode = 5;",
    "--json",
    "a b",
  );
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  const [code] = (await once(child, "close")) as [number];
  expect({ code, output }).toEqual({ code: 5, output: "--json,a b\n" });
});

test.each(["SIGTERM", "SIGINT"] as const)(
  "%s reaches the script, which may end in its own way",
  async (signal) => {
    const child = await launch(
      `process.on("${signal}", () => process.exit(7)); setInterval(() => {}, 1000); console.log("ready");`,
    );
    await once(child.stdout, "data");
    child.kill(signal);
    const [code] = (await once(child, "close")) as [number];
    expect(code).toBe(7);
  },
);

test("a script that a signal ends looks the same from outside", async () => {
  const child = await launch("process.kill(process.pid, 'SIGKILL');");
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  expect({ code, signal }).toEqual({ code: null, signal: "SIGKILL" });
});

test("without a script it says how it is used", async () => {
  const child = spawn(process.execPath, [LAUNCH]);
  const [code] = (await once(child, "close")) as [number];
  expect(code).toBe(2);
});
