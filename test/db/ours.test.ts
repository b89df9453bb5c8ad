import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { KeptDatabase } from "../../src/db/kept-database.ts";
import { openDatabase } from "../../src/db/open.ts";
import { FakeClock } from "../fakes/clock.ts";
import { RecordingLogger } from "../fakes/logger.ts";
import { flipPages } from "./damage.ts";

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "encore-ours-"));
  file = path.join(folder, "encore.sqlite");
});
afterEach(() => rm(folder, { recursive: true }));

async function keep(): Promise<KeptDatabase> {
  const options = {
    file,
    clock: new FakeClock(),
    log: new RecordingLogger(),
    settle: () => Promise.resolve(),
  };
  return await KeptDatabase.open(options, new AbortController().signal);
}

function makeForeign(): void {
  const other = new Sqlite(file);
  other.exec("create table bookmarks (title text)");
  const add = other.prepare("insert into bookmarks values (?)");
  for (let number = 0; number < 2_000; number += 1) add.run(`bookmark ${number}`);
  other.close();
}

describe("a file without our lock or a backup beside it", () => {
  it.each([
    ["a text", () => writeFile(file, "root:x:0:0:root:/root:/bin/bash\n".repeat(40))],
    ["the database of another program", async () => makeForeign()],
    [
      "a damaged database of another program",
      async () => {
        makeForeign();
        await flipPages(file);
      },
    ],
  ])("that is %s stays as it is, with one sentence", async (_what, make) => {
    await make();
    const before = await readFile(file);
    await expect(keep()).rejects.toMatchObject({ code: "DATABASE_FOREIGN", context: { path: file } });
    expect(await readFile(file)).toEqual(before);
    expect(await readdir(folder)).toEqual(["encore.sqlite"]);
  });

  it("is ours by the tables in it, even while they stand in its -wal alone", async () => {
    const first = path.join(folder, "first.sqlite");
    const { db } = await openDatabase(first);
    for (const ending of ["", "-wal"]) await copyFile(`${first}${ending}`, `${file}${ending}`);
    await db.destroy();
    expect(await readFile(file, "latin1")).not.toContain("cache_entries");
    const kept = await keep();
    expect(await kept.db.selectFrom("cache_entries").selectAll().execute()).toEqual([]);
    await kept.close();
  });
});
