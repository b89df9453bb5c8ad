import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, expect, test } from "vitest";
import { runSetup } from "../../src/app/setup.ts";
import { systemClock } from "../../src/core/clock.ts";
import { makeBackup } from "../../src/db/backup.ts";
import { openDatabase } from "../../src/db/open.ts";
import type { SystemPackages } from "../../src/app/setup.ts";
import type { Finding } from "../../src/app/finding.ts";
import { createMachine, fakeFfmpeg } from "./machine.ts";
import type { Machine } from "./machine.ts";

const TODAY = new Date().toISOString().slice(0, 10).replaceAll("-", ".");
const nothing: SystemPackages = { canInstall: async () => false, install: async () => false };

let machine: Machine;
let slow: string[];

beforeEach(async () => {
  machine = await createMachine();
  slow = [];
});

async function setUp(
  packages: SystemPackages = nothing,
  settings: NodeJS.ProcessEnv = {},
): Promise<Readonly<Record<string, Finding>>> {
  const options = {
    config: machine.config(settings),
    environment: {},
    packages,
    onSlowStep: (text: string): void => void slow.push(text),
  };
  const findings: Record<string, Finding> = {};
  for await (const finding of runSetup(options, new AbortController().signal))
    findings[finding.name] = finding;
  return findings;
}

test("a machine with everything is ready, and a second run changes nothing", async () => {
  await machine.program("ffmpeg", fakeFfmpeg("6.1.1"));
  await machine.program("yt-dlp", `echo ${TODAY}`);
  const token = { DISCORD_TOKEN: "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDE.aaaaaaaaaaaaaaaaaaaaaaaaaaa" };
  const first = await setUp(nothing, token);
  expect(Object.values(first).map(({ name, status }) => `${name} ${status}`)).toEqual([
    "folders ok",
    "ballast ok",
    "database ok",
    "ffmpeg ok",
    "yt-dlp ok",
    "token ok",
  ]);
  expect(first["folders"]?.text).toContain("made 5");
  expect(first["database"]?.text).toMatch(/^migrated by 0001/u);
  expect(first["ballast"]?.text).toMatch(/^8 MiB laid/u);
  const second = await setUp(nothing, token);
  expect(second["ballast"]?.text).toMatch(/^8 MiB there/u);
  expect(second["folders"]?.text).toContain("all there");
  expect(second["database"]?.text).toContain("up to date");
  expect(slow).toEqual([]);
});

test("the floor of free disk is left free, also by the ballast", async () => {
  const findings = await setUp(nothing, { CACHE_FREE_DISK_FLOOR: "9999TB" });
  expect(findings["ballast"]).toMatchObject({
    status: "warning",
    text: expect.stringContaining("no room for 8 MiB"),
  });
  expect(await readdir(machine.config().cache.directory)).not.toContain("ballast");
});

test("a damaged database is brought back, and where the old one is is told", async () => {
  await setUp();
  const file = machine.config().database.path;
  const backup = await makeBackup(file, "daily", systemClock);
  await writeFile(file, "no database ".repeat(1_000));
  const { text = "", status } = (await setUp())["database"] ?? {};
  expect(status).toBe("warning");
  expect(text).toContain(`brought back from ${backup}`);
  expect(await readFile(/now (\S+),/u.exec(text)?.[1] ?? "", "utf8")).toContain("no database");
  expect((await setUp())["database"]).toMatchObject({
    status: "ok",
    text: expect.stringContaining("up to date"),
  });
});

test("a missing ffmpeg is installed where that needs no question", async () => {
  await machine.program("yt-dlp", `echo ${TODAY}`);
  const packages: SystemPackages = {
    canInstall: async () => true,
    async install(name) {
      await machine.program(name, fakeFfmpeg("5.1.9"));
      return true;
    },
  };
  expect((await setUp(packages))["ffmpeg"]).toMatchObject({ status: "ok" });
  expect(slow).toEqual(["installing the package ffmpeg"]);
});

test("a missing ffmpeg that cannot be installed is a problem with the command to type", async () => {
  const { ffmpeg } = await setUp();
  expect(ffmpeg?.status).toBe("problem");
  expect(ffmpeg?.text).toMatch(/^missing, so no new song can be prepared\. Install it: .*ffmpeg/u);
});

test("without yt-dlp and Python the bot is still ready, and it is said what does not work", async () => {
  await machine.program("ffmpeg", fakeFfmpeg("6.1.1"));
  const found = await setUp();
  expect(found["yt-dlp"]?.status).toBe("warning");
  expect(found["yt-dlp"]?.text).toMatch(
    /^missing, so .*other extractors.*pip install.*Tried just now: it needs Python/u,
  );
  expect(Object.values(found).filter(({ status }) => status === "problem")).toEqual([]);
});

test("a yt-dlp that is the operator's own is judged, not replaced", async () => {
  const own = await machine.program("own-yt-dlp", "echo 2023.03.04");
  await machine.program("python3", "echo called > python-was-called");
  const found = await setUp(nothing, { YTDLP_PATH: own });
  expect(found["yt-dlp"]).toMatchObject({ status: "warning", text: expect.stringContaining("too old") });
  expect(slow).toEqual([]);
});

test("the newest that pip has is no warning, however old it is", async () => {
  await machine.program(
    "python3",
    `mkdir -p "$3/bin"
printf '#!/bin/sh\\nprintf "#!/bin/sh\\\\necho 2026.01.02\\\\n" > "\${0%%/*}/yt-dlp"; chmod +x "\${0%%/*}/yt-dlp"\\n' > "$3/bin/pip"
chmod +x "$3/bin/pip"`,
  );
  const first = await setUp();
  expect(first["yt-dlp"]).toMatchObject({
    status: "ok",
    text: expect.stringContaining("pip had no newer one"),
  });
  expect(slow).toEqual(["installing yt-dlp with pip into data/tools"]);
  expect((await setUp())["yt-dlp"]?.status).toBe("ok");
  expect(slow).toHaveLength(1);
});

test("a database of a newer version and a cache that is a file are problems, and the rest goes on", async () => {
  await machine.program("ffmpeg", fakeFfmpeg("6.1.1"));
  await writeFile(path.join(machine.root, "cache"), "a file");
  const { db } = await openDatabase(path.join(machine.root, "newer.sqlite"));
  const newer = { name: "9999-future", timestamp: "2099-01-01" };
  await db
    .withTables<{ kysely_migration: typeof newer }>()
    .insertInto("kysely_migration")
    .values(newer)
    .execute();
  await db.destroy();
  const found = await setUp(nothing, { DATABASE_URL: "file:newer.sqlite" });
  expect(found["folders"]).toMatchObject({ status: "problem", text: expect.stringContaining("CACHE_DIR") });
  expect(found["database"]).toMatchObject({
    status: "problem",
    text: expect.stringContaining("newer version"),
  });
  expect(found["ffmpeg"]?.status).toBe("ok");
  expect((await readdir(machine.root)).filter((name) => name.includes("sqlite"))).toEqual([
    "newer.sqlite",
    "newer.sqlite.lock",
  ]);
});
