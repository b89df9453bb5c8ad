import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { newWorkToken, sweepWorkFolder } from "../../src/cache/work-folder.ts";

let folder: string;
const put = async (...names: readonly string[]): Promise<void> => {
  for (const name of names) await writeFile(path.join(folder, name), "");
};

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "encore-work-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it("never gives the same token twice", () => {
  expect(new Set(Array.from({ length: 1_000 }, () => newWorkToken())).size).toBe(1_000);
});

it("sweeps away what dead processes left, and what this one had under its number", async () => {
  const dead = spawnSync(process.execPath, ["-e", ""]).pid;
  const [mine, theirs] = [newWorkToken(), newWorkToken(dead)];
  await put(`dQw4w9WgXcQ.${mine}.src`, `dQw4w9WgXcQ.${theirs}.src`, `-_-_-_-_-_-.${theirs}.opus`);
  await put(`direct.abc.${theirs}.src.part`, `dQw4w9WgXcQ.${theirs}.src.ytdl`);
  await mkdir(path.join(folder, `dQw4w9WgXcQ.${theirs}.src.parts`));
  expect(await sweepWorkFolder(folder)).toBe(6);
  expect(await readdir(folder)).toEqual([]);
});

it("leaves what a living process works on, and what is not ours", async () => {
  const names = [
    `dQw4w9WgXcQ.${newWorkToken(process.ppid)}.src`,
    `dQw4w9WgXcQ.${newWorkToken(1)}.src`,
    ".gitkeep",
    "notes.txt",
    "dQw4w9WgXcQ.opus",
    "dQw4w9WgXcQ.99999-xyz.src",
  ];
  await put(...names);
  expect(await sweepWorkFolder(folder)).toBe(0);
  expect((await readdir(folder)).toSorted()).toEqual(names.toSorted());
});
