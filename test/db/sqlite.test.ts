// What the bot needs of the SQLite it is built with.
import { spawnSync } from "node:child_process";
import * as path from "node:path";
import Sqlite from "better-sqlite3";
import { expect, it } from "vitest";

const ROOT = path.join(import.meta.dirname, "../..");

it("is new enough: before 3.51.3 a -wal that was begun anew could lose pages", () => {
  const connection = new Sqlite(":memory:");
  const version = String(connection.prepare("select sqlite_version()").pluck().get());
  connection.close();
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  expect(major * 1e6 + minor * 1e3 + patch).toBeGreaterThanOrEqual(3_051_003);
});

it("survives that statements are collected as garbage, which has made older builds abort", () => {
  const script = `
    import Sqlite from "better-sqlite3";
    const connection = new Sqlite(":memory:");
    for (let round = 0; round < 100; round += 1) {
      for (let count = 0; count < 2_000; count += 1) connection.prepare("select 1").get();
      globalThis.gc();
    }
    console.log("alive");`;
  const child = spawnSync(process.execPath, ["--expose-gc", "--input-type=module", "-e", script], {
    cwd: ROOT,
    encoding: "utf8",
  });
  expect([child.status, child.signal, child.stdout]).toEqual([0, null, "alive\n"]);
});
