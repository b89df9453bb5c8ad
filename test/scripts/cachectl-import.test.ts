import { mkdir } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { PROFILE } from "../db/database.ts";
import { ancestorCache, IDS, layOut, makeMedia, snapshot } from "../maintenance/old-caches.ts";
import { type CachectlLab, openCachectl } from "./cachectl-lab.ts";
import { flawsOf } from "./cachectl-schema.ts";

const [FIRST, SECOND] = IDS;
const media = await makeMedia();

async function withOldCache(): Promise<CachectlLab & { readonly old: string }> {
  const cachectl = await openCachectl([]);
  const old = path.join(cachectl.root, "old");
  await ancestorCache(old, media);
  return { ...cachectl, old };
}

const songs = async ({ lab }: CachectlLab): Promise<string[]> =>
  lab.names("audio", PROFILE.id).catch((): string[] => []);

it("a dry run shows what would be taken over and changes nothing", async () => {
  const cachectl = await withOldCache();
  const before = await snapshot(cachectl.root);
  const { exitCode, err, out } = await cachectl.run("import", cachectl.old, "--dry-run");
  expect(exitCode).toBe(0);
  expect(err).toContain("2 songs to import, 2 duplicates");
  expect(err).toContain("Lost title.mp3: no video ID in its name");
  expect(out).toMatch(/imported +original +1 /u);
  expect(await songs(cachectl)).toEqual([]);
  expect((await snapshot(cachectl.old)).length).toBe(before.filter((line) => line.startsWith("old/")).length);
});

it("an import leaves the older cache as it is; --json has every file with its reason", async () => {
  const cachectl = await withOldCache();
  const before = await snapshot(cachectl.old);
  const { exitCode, json } = await cachectl.run("import", cachectl.old, "--json");
  expect([exitCode, flawsOf("run", json)]).toEqual([0, []]);
  expect(json).toMatchObject({
    changed: { files: 0, rows: 2 },
    plan: { songs: [{ key: SECOND }, { key: FIRST }] },
  });
  expect(new Set(await songs(cachectl))).toEqual(new Set([`${FIRST}.opus`, `${SECOND}.opus`]));
  expect(await snapshot(cachectl.old)).toEqual(before);
});

it("a move asks first: without a terminal it is refused, with --force it frees the space", async () => {
  const cachectl = await withOldCache();
  const refused = await cachectl.run("import", cachectl.old, "--move", "--json");
  expect([refused.exitCode, flawsOf("refused", refused.json)]).toEqual([2, []]);
  expect(await songs(cachectl)).toEqual([]);
  const { exitCode, json } = await cachectl.run("import", cachectl.old, "--move", "--force", "--json");
  expect(exitCode).toBe(0);
  expect(json).toMatchObject({ changed: { files: 4, rows: 2 } });
  expect((await snapshot(cachectl.old)).filter((line) => line.includes(FIRST))).toEqual([]);
});

it("what does not fit is left, and the exit code says that it is not all", async () => {
  const cachectl = await withOldCache();
  const words = ["import", cachectl.old, "--json"];
  const { exitCode, json } = await cachectl.start(words, { CACHE_LIMIT: "1KB" }).done;
  expect(exitCode).toBe(3);
  expect(json["seen"]).toContainEqual(expect.objectContaining({ action: "left", count: 1 }));
  expect(await songs(cachectl)).toHaveLength(1);
});

it("a folder that is none, or the cache itself, is wrong use", async () => {
  const cachectl = await openCachectl([]);
  const missing = await cachectl.run("import", path.join(cachectl.root, "missing"));
  expect([missing.exitCode, missing.err]).toEqual([2, expect.stringContaining("is no folder")]);
  // As from a variable of the shell that is not set.
  expect((await cachectl.run("import", "", "--dry-run")).exitCode).toBe(2);
  const own = await cachectl.run("import", cachectl.lab.cache, "--json");
  expect([own.exitCode, flawsOf("failed", own.json)]).toEqual([2, []]);
});

it("names from the older cache do not reach the terminal as they are", async () => {
  const cachectl = await openCachectl([]);
  const old = path.join(cachectl.root, "old");
  await mkdir(old);
  await layOut(old, { "bad\u001b[2Jname.mp3": media.mp3 });
  const { err, out } = await cachectl.run("import", old);
  expect(err).toContain("bad?[2Jname.mp3");
  expect(err + out).not.toContain("\u001b[2J");
});
