import { truncate } from "node:fs/promises";
import { expect, test } from "vitest";
import { examine, judgeCacheFolder } from "../../src/app/doctor.ts";
import type { FileSystemFacts } from "../../src/app/file-system.ts";
import type { Finding } from "../../src/app/finding.ts";
import { prepareFolders } from "../../src/app/folders.ts";
import type { Config } from "../../src/config/config.ts";
import { makeBackup } from "../../src/db/backup.ts";
import { openDatabase } from "../../src/db/open.ts";
import { FakeClock } from "../fakes/clock.ts";
import { createMachine, fakeFfmpeg } from "./machine.ts";

const TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDE.aaaaaaaaaaaaaaaaaaaaaaaaaaa";
const GOOD: FileSystemFacts = {
  writable: true,
  caseSensitive: true,
  network: undefined,
  freeBytes: 50 * 2 ** 30,
};

async function findings(
  config: Config,
  configWarnings: readonly string[] = [],
): Promise<Readonly<Record<string, Finding>>> {
  const found: Record<string, Finding> = {};
  for await (const finding of examine({ config, configWarnings }, new AbortController().signal)) {
    found[finding.name] = finding;
  }
  return found;
}

test("a machine that was set up has no problem, and nothing shows the token", async () => {
  const machine = await createMachine();
  await machine.program("ffmpeg", fakeFfmpeg("6.1.1"));
  await machine.program("yt-dlp", `echo ${new Date().toISOString().slice(0, 10).replaceAll("-", ".")}`);
  const config = machine.config({ DISCORD_TOKEN: TOKEN });
  await prepareFolders(config);
  await (await openDatabase(config.database.path)).db.destroy();
  const found = await findings(config);
  const states = Object.values(found).map(({ name, status }) => `${name}: ${status}`);
  // The tools that set limits are not on this machine's PATH.
  expect(states).toEqual([
    "Node: ok",
    "settings: ok",
    "ffmpeg: ok",
    "yt-dlp: ok",
    "cache folder: ok",
    "database: ok",
    "backups: ok",
    "token: ok",
    "DAVE: ok",
    "limits: warning",
  ]);
  expect(found["limits"]?.text).toContain("without nice, prlimit, setpriv");
  const shown = JSON.stringify(found);
  for (const part of TOKEN.split(".")) expect(shown).not.toContain(part);
});

test("an untouched machine has a finding for everything that is missing, and stays untouched", async () => {
  const machine = await createMachine();
  const config = machine.config();
  const found = await findings(config, ["CACHE_LIMTI is not a setting: did you mean CACHE_LIMIT?"]);
  expect(found["settings"]).toMatchObject({
    status: "warning",
    text: expect.stringContaining("CACHE_LIMTI"),
  });
  expect(found["ffmpeg"]).toMatchObject({ status: "problem", text: expect.stringContaining("missing") });
  expect(found["yt-dlp"]).toMatchObject({ status: "warning", text: expect.stringContaining("pip install") });
  expect(found["cache folder"]).toMatchObject({
    status: "problem",
    text: expect.stringContaining("npm run setup"),
  });
  expect(found["database"]).toMatchObject({
    status: "warning",
    text: expect.stringContaining("not there yet"),
  });
  expect(found["token"]).toMatchObject({ status: "problem", text: expect.stringContaining("--interactive") });
  await prepareFolders(config).then((made) => expect(made).toHaveLength(5));
});

test("a database and its newest backup are read from end to end", async () => {
  const machine = await createMachine();
  const config = machine.config();
  const file = config.database.path;
  await prepareFolders(config);
  await (await openDatabase(file)).db.destroy();
  expect((await findings(config))["backups"]).toMatchObject({
    status: "ok",
    text: expect.stringContaining("none yet"),
  });
  const clock = new FakeClock(Date.now() - 3 * 24 * 60 * 60 * 1000);
  const backup = await makeBackup(file, "daily", clock);
  expect(await findings(config)).toMatchObject({
    database: { status: "ok", text: expect.stringContaining("quick check passed") },
    backups: {
      status: "ok",
      text: expect.stringContaining("1 backup, the newest 3 days old"),
      facts: { count: 1, newest: backup },
    },
  });
  for (const damaged of [file, backup]) await truncate(damaged, 10_000);
  expect(await findings(config)).toMatchObject({
    database: { status: "problem", text: expect.stringContaining("brings back the newest good backup") },
    backups: { status: "warning", text: expect.stringContaining("cannot be read") },
  });
});

test("a backup that is too old is told", async () => {
  const machine = await createMachine();
  const config = machine.config();
  await prepareFolders(config);
  await (await openDatabase(config.database.path)).db.destroy();
  await makeBackup(config.database.path, "daily", new FakeClock(Date.UTC(2020, 0)));
  expect((await findings(config))["backups"]).toMatchObject({ status: "warning" });
});

test.each([
  ["2023.03.04", "too old for YouTube"],
  ["2025.12.01", "days old and may soon fail"],
])("yt-dlp %s is %s", async (version, text) => {
  const machine = await createMachine();
  await machine.program("yt-dlp", `echo ${version}`);
  expect((await findings(machine.config()))["yt-dlp"]).toMatchObject({
    status: "warning",
    text: expect.stringContaining(text),
    facts: { version },
  });
});

test("an ffmpeg without the Opus encoder is a problem", async () => {
  const machine = await createMachine();
  await machine.program("ffmpeg", fakeFfmpeg("6.1.1", "aac flac"));
  expect((await findings(machine.config()))["ffmpeg"]).toMatchObject({
    status: "problem",
    text: expect.stringContaining("libopus"),
    facts: { version: "6.1.1", hasLibopus: false },
  });
});

test("an FFMPEG_PATH that does not start is told, also when there is another ffmpeg", async () => {
  const machine = await createMachine();
  await machine.program("ffmpeg", fakeFfmpeg("6.1.1"));
  const found = await findings(machine.config({ FFMPEG_PATH: "tools/ffmpeg" }));
  expect(found["ffmpeg"]).toMatchObject({ status: "warning", text: expect.stringContaining("FFMPEG_PATH") });
});

test("a token of another shape is doubted", async () => {
  const machine = await createMachine();
  const found = await findings(machine.config({ DISCORD_TOKEN: "client-secret-0123456789" }));
  expect(found["token"]).toMatchObject({ status: "warning" });
  expect(JSON.stringify(found)).not.toContain("client-secret");
});

test.each([
  [{}, "ok", "50 GiB free"],
  [{ writable: false }, "problem", "cannot be written"],
  [{ caseSensitive: false }, "problem", "upper and lower case"],
  [{ freeBytes: 1_000 }, "warning", "less than CACHE_FREE_DISK_FLOOR (1 GiB)"],
  [{ network: "NFS" }, "warning", "network file system (NFS)"],
] as const)("a cache folder with %j is %s", async (facts, status, text) => {
  const machine = await createMachine();
  expect(judgeCacheFolder({ ...GOOD, ...facts }, machine.config())).toMatchObject({
    status,
    text: expect.stringContaining(text),
  });
});
