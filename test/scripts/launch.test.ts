import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { BOT, flagsFor } from "../../scripts/launch.cjs";

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

test("the bot alone is given room for few short-lived objects, and Node takes it so", async () => {
  expect(flagsFor(LAUNCH)).toEqual([]);
  const fill = "const kept = []; for (let i = 0; i < 1e6; i++) kept.push({ i });";
  const tell =
    "console.log(require('node:v8').getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size)";
  const child = spawn(process.execPath, [...flagsFor(BOT), "-e", `${fill} ${tell}`]);
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  await once(child, "close");
  expect(Number(output)).toBeGreaterThan(0);
  expect(Number(output)).toBeLessThanOrEqual(4 * 1024 * 1024);
});
