import type * as promises from "node:fs/promises";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { openDatabase } from "../../src/db/open.ts";
import { copyToSpare, isTooFullToOpen } from "../../src/db/spare.ts";
import { Settings } from "../../src/db/settings.ts";

const copying = vi.hoisted(() => ({ afterWal: () => Promise.resolve() }));

vi.mock("node:fs/promises", async (importOriginal) => {
  const real = await importOriginal<typeof promises>();
  const copyFile: typeof real.copyFile = async (from, to, mode) => {
    await real.copyFile(from, to, mode);
    if (String(from).endsWith("-wal")) await copying.afterWal();
  };
  return { ...real, copyFile };
});

async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "encore-spare-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

it("copies a database to another place, and takes the copy away again", async () => {
  const folder = await freshFolder();
  const file = path.join(folder, "encore.sqlite");
  const { db } = await openDatabase(file);
  await new Settings(db).set("a", "1");
  await db.destroy();
  const spare = await copyToSpare(file);
  const copy = await openDatabase(spare.file);
  expect(await new Settings(copy.db).get("a")).toBe("1");
  await copy.db.destroy();
  await spare.remove();
  await expect(readdir(path.dirname(spare.file))).rejects.toThrow("ENOENT");
  expect(await isTooFullToOpen(file)).toBe(false);
});

it("says that the disk is too full when there is no place for a copy, or none that is whole", async () => {
  const folder = await freshFolder();
  const file = path.join(folder, "encore.sqlite");
  await (await openDatabase(file)).db.destroy();
  await expect(copyToSpare(file, ["/nonexistent"])).rejects.toMatchObject({ code: "DISK_TOO_FULL" });
  await writeFile(file, "no database ".repeat(1_000));
  await expect(copyToSpare(file, [folder])).rejects.toMatchObject({ code: "DISK_TOO_FULL" });
  expect(await readdir(folder)).toEqual(["encore.sqlite"]);
});

it("begins anew when somebody finishes writing while it copies", async () => {
  const folder = await freshFolder();
  const file = path.join(folder, "encore.sqlite");
  const { db } = await openDatabase(file);
  await new Settings(db).set("a", "1");
  copying.afterWal = async () => {
    await new Settings(db).set("a", "2");
    await db.destroy();
  };
  const spare = await copyToSpare(file, [folder]);
  const copy = await openDatabase(spare.file);
  expect(await new Settings(copy.db).get("a")).toBe("2");
  await copy.db.destroy();
});
