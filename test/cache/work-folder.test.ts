import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { clearWork, newWorkToken } from "../../src/cache/work-folder.ts";

async function folderOf(...names: readonly string[]): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "encore-work-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const name of names) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), "x");
  }
  return folder;
}

async function onlyOpus(file: string): Promise<void> {
  if (file.endsWith(".opus")) await rm(file);
}

it("never gives the same token twice", () => {
  expect(new Set(Array.from({ length: 1_000 }, () => newWorkToken())).size).toBe(1_000);
});

it("takes away what one try left, whatever it is, and nothing of another", async () => {
  const folder = await folderOf("a.1.src", "a.1.src.d/part/of.it", "a.1.opus", "a.2.src", "b.1.src");
  await clearWork(folder, "a.1.");
  expect((await readdir(folder)).toSorted()).toEqual(["a.2.src", "b.1.src"]);
  await clearWork(folder, "a.1.");
  await clearWork(path.join(folder, "gone"), "a.1.");
});

it("says so when something stays", async () => {
  const folder = await folderOf("a.1.src", "a.1.opus");
  await expect(clearWork(folder, "a.1.", onlyOpus)).rejects.toMatchObject({
    code: "CACHE_UNWRITABLE",
    context: { left: "a.1.src" },
  });
});
