import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { configFiles, readEnvironment, takeFromEnvironment } from "../../src/config/environment.ts";

let root = "";
const before = { ...process.env };

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "encore-env-"));
});

afterEach(async () => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
  await rm(root, { recursive: true });
});

test("the shell wins over .env, and the token does not stay in the environment", async () => {
  await writeFile(
    path.join(root, ".env"),
    'DISCORD_TOKEN="from.file"\nCACHE_LIMIT=1GiB\nexport LOG_LEVEL=debug\n',
  );
  process.env["CACHE_LIMIT"] = "2GiB";
  const environment = readEnvironment(root);
  expect(environment).toMatchObject({ DISCORD_TOKEN: "from.file", CACHE_LIMIT: "2GiB", LOG_LEVEL: "debug" });
  expect(process.env["DISCORD_TOKEN"]).toBeUndefined();
});

test("a folder without .env is fine, a .env that is no file is a sentence", async () => {
  expect(readEnvironment(root)["PATH"]).toBe(process.env["PATH"]);
  expect(() => readEnvironment(path.join(root, "nowhere"))).not.toThrow();
  const odd = await mkdtemp(path.join(root, "odd-"));
  await mkdir(path.join(odd, ".env"));
  expect(() => readEnvironment(odd)).toThrow(/\.env cannot be read/u);
});

test("secrets are taken, everything else stays", () => {
  const environment = { DISCORD_TOKEN: "t", SOURCE_PROXY: "http://p", CACHE_DIR: "c" };
  expect(takeFromEnvironment(environment)).toEqual({
    DISCORD_TOKEN: "t",
    SOURCE_PROXY: "http://p",
    CACHE_DIR: "c",
  });
  expect(environment).toEqual({ CACHE_DIR: "c" });
});

test("files are read from the disk", async () => {
  const file = path.join(root, "token");
  await writeFile(file, "abc");
  await chmod(file, 0o600);
  const files = configFiles(root);
  expect(files.readText(file)).toBe("abc");
  expect((files.mode(file) ?? 0) & 0o777).toBe(0o600);
  expect(files.mode(path.join(root, "none"))).toBeUndefined();
});
