import { readFile, readdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { withSetting, writeSetting } from "../../src/app/env-file.ts";
import { createMachine } from "./machine.ts";

test.each([
  ["", "A=1\n"],
  ["B=2\n", "B=2\nA=1\n"],
  ["B=2", "B=2\nA=1\n"],
  ["# about\nA=\nB=2\n", "# about\nA=1\nB=2\n"],
  ["  export A = old\nAB=2\n", "A=1\nAB=2\n"],
  ["#A=shown\n", "#A=shown\nA=1\n"],
])("%j with A set is %j", (before, after) => {
  expect(withSetting(before, "A", "1")).toBe(after);
});

test("the file is for its owner alone, also when it was open before", async () => {
  const { root } = await createMachine();
  const file = path.join(root, ".env");
  await writeSetting(root, "DISCORD_TOKEN", "abc");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await writeFile(file, "LOG_LEVEL=debug\nDISCORD_TOKEN=abc\n", { mode: 0o644 });
  await writeSetting(root, "DISCORD_TOKEN", "def");
  expect(await readFile(file, "utf8")).toBe("LOG_LEVEL=debug\nDISCORD_TOKEN=def\n");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(root)).not.toContain(".env.new");
});
