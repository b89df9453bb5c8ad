import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { cacheFolders, prepareFolders } from "../../src/app/folders.ts";
import { createMachine } from "./machine.ts";

test("all folders are made once, with the tag that backup programs know", async () => {
  const machine = await createMachine();
  const config = machine.config();
  expect(await prepareFolders(config)).toHaveLength(5);
  expect((await readdir(config.cache.directory)).toSorted()).toEqual([
    "CACHEDIR.TAG",
    "audio",
    "logs",
    "quarantine",
    "work",
  ]);
  const tag = await readFile(path.join(config.cache.directory, "CACHEDIR.TAG"), "utf8");
  expect(tag.startsWith("Signature: 8a477f597d28d172789f06886806bc55\n")).toBe(true);
  expect(await prepareFolders(config)).toEqual([]);
});

test("a folder that went missing is made again, and nothing that is there is touched", async () => {
  const machine = await createMachine();
  const config = machine.config();
  await prepareFolders(config);
  const tag = path.join(config.cache.directory, "CACHEDIR.TAG");
  await writeFile(tag, "mine");
  const { work } = cacheFolders(config);
  await rm(work, { recursive: true });
  expect(await prepareFolders(config)).toEqual([work]);
  expect(await readFile(tag, "utf8")).toBe("mine");
});

test("a place that cannot hold folders is an error that names it", async () => {
  const machine = await createMachine();
  await mkdir(path.join(machine.root, "data"));
  await writeFile(path.join(machine.root, "cache"), "a file");
  await expect(prepareFolders(machine.config())).rejects.toMatchObject({
    code: "CACHE_UNWRITABLE",
    context: { path: path.join(machine.root, "cache") },
  });
});

test.runIf(process.platform === "linux")(
  "a system folder that takes no others is an error, not a wait",
  async () => {
    const machine = await createMachine();
    const place = "/proc/no/such/place";
    await expect(prepareFolders(machine.config({ CACHE_DIR: place }))).rejects.toMatchObject({
      code: "CACHE_UNWRITABLE",
      context: { path: place, reason: "ENOENT" },
    });
  },
);
