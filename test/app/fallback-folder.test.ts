import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { makeFallback, sweepFallbacks } from "../../src/app/fallback-folder.ts";
import { mountSmall, NOT_MOUNTED, unmount } from "../faults/lab/mount.ts";

const MIB = 1024 * 1024;

async function place(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "encore-places-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

it("every song gets a folder of its own", async () => {
  const one = await place();
  const folders = await Promise.all([makeFallback(1, [one]), makeFallback(1, [one])]);
  expect(await readdir(one)).toEqual(folders.map((folder) => path.basename(folder)).toSorted());
  expect(new Set(folders).size).toBe(2);
});

it("the next place is taken when the first has too little room or is not there", async (context) => {
  const small = path.join(await place(), "small");
  const large = await place();
  await mkdir(small);
  if (!mountSmall(small, MIB)) {
    process.stderr.write(NOT_MOUNTED);
    context.skip();
  }
  onTestFinished(() => unmount(small));
  expect(path.dirname(await makeFallback(MIB / 8, [small, large]))).toBe(small);
  expect(path.dirname(await makeFallback(MIB, [small, large]))).toBe(large);
  expect(path.dirname(await makeFallback(1, ["/nonexistent", large]))).toBe(large);
});

it("the next place is taken when no folder can be made in the first", async () => {
  const [blocked, other] = [path.join(await place(), "a file"), await place()];
  await writeFile(blocked, "");
  expect(path.dirname(await makeFallback(1, [blocked, other]))).toBe(other);
  await expect(makeFallback(1, [blocked])).rejects.toMatchObject({ code: "ENOTDIR" });
});

it("what a killed process left is swept after a day, and nothing else", async () => {
  const one = await place();
  const [old, young] = [await makeFallback(1, [one]), await makeFallback(1, [one])];
  await writeFile(path.join(old, "song.src"), "left");
  await mkdir(path.join(one, "somebody else's"));
  const dayAgo = new Date(Date.now() - 86_400_000);
  await utimes(old, dayAgo, dayAgo);
  await utimes(path.join(one, "somebody else's"), dayAgo, dayAgo);
  expect(await sweepFallbacks(Date.now(), [one])).toBe(1);
  expect(await readdir(one)).toEqual([path.basename(young), "somebody else's"].toSorted());
});

it("when no place has room, the largest is tried", async () => {
  const one = await place();
  expect(path.dirname(await makeFallback(Number.MAX_SAFE_INTEGER, ["/nonexistent", one]))).toBe(one);
});
