/** Looking for yt-dlp on a machine, with real programs in real folders. */
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createProcessRunner } from "../../src/process/child-runner.ts";
import { createYtDlp } from "../../src/sources/yt-dlp.ts";
import { findYtDlp, judgeVersion } from "../../src/sources/yt-dlp-find.ts";
import type { YtDlpFound } from "../../src/sources/yt-dlp-find.ts";

const never = new AbortController().signal;
const todayMs = Date.UTC(2026, 10, 20);
const clock = { nowMs: () => todayMs, monotonicMs: () => 0 };
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "encore-find-"));
});

afterEach(() => rm(directory, { recursive: true }));

async function program(name: string, script: string): Promise<string> {
  const file = path.join(directory, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

/** With nothing on PATH but what stands in `bin`. */
function find(configuredPath?: string): Promise<YtDlpFound> {
  const runner = createProcessRunner({ path: path.join(directory, "bin") });
  return findYtDlp(runner, { configuredPath, venvDirectory: path.join(directory, "venv") }, never);
}

describe("finding yt-dlp", () => {
  it("takes the configured one, then setup's own, then the one on PATH, then Python's module", async () => {
    await program("bin/python3", '[ "$1 $2" = "-m yt_dlp" ] && echo 2026.08.04');
    expect(await find()).toEqual({
      command: { command: "python3", leadingArgs: ["-m", "yt_dlp"] },
      version: "2026.08.04",
      problems: [],
    });
    await program("bin/yt-dlp", "echo 2026.08.03");
    expect(await find()).toMatchObject({ command: { command: "yt-dlp" }, version: "2026.08.03" });
    const own = await program("venv/bin/yt-dlp", "echo 2026.08.02");
    expect(await find()).toMatchObject({ command: { command: own }, version: "2026.08.02" });
    const configured = await program("my yt-dlp", "echo 2026.08.01.123456");
    expect(await find(configured)).toMatchObject({
      command: { command: configured },
      version: "2026.08.01.123456",
      problems: [],
    });
  });

  it.each([
    ["is not there", undefined],
    ["is not yt-dlp", "echo hello"],
    ["fails", "echo 2026.08.01; exit 1"],
  ])("says so when the configured one %s, and goes on looking", async (_what, script) => {
    const configured = script ? await program("broken", script) : path.join(directory, "broken");
    await program("bin/yt-dlp", "echo 2026.08.19");
    const found = await find(configured);
    expect(found.version).toBe("2026.08.19");
    expect(found.problems).toEqual([expect.stringContaining("YTDLP_PATH does not start")]);
  });

  it("says how to get it when there is none", async () => {
    const found = await find();
    expect(found.command).toBeUndefined();
    expect(found.problems).toEqual([expect.stringContaining("npm run setup")]);
  });
});

describe("its age", () => {
  it("is counted from the date that is its version", () => {
    expect(judgeVersion("2026.11.19", clock)).toEqual({ ageDays: 1, isTooOld: false, problems: [] });
    expect(judgeVersion("2026.08.22.232311", clock)).toMatchObject({ ageDays: 90, problems: [] });
    expect(judgeVersion("2026.08.19", clock)).toMatchObject({
      ageDays: 93,
      isTooOld: false,
      problems: [expect.stringContaining("93 days old")],
    });
    expect(judgeVersion("2025.11.12", clock).isTooOld).toBe(false);
    expect(judgeVersion("2023.03.04", clock)).toMatchObject({
      isTooOld: true,
      problems: [expect.stringContaining("too old for YouTube")],
    });
  });

  it("shows in the health of the source", async () => {
    const health = async (command: string | undefined): Promise<unknown> =>
      createYtDlp({
        runner: createProcessRunner(),
        command: command === undefined ? undefined : { command, leadingArgs: [] },
        homeDirectory: path.join(directory, "home"),
        nodePath: process.execPath,
        clock,
        fetch: () => Promise.reject(new Error("not asked here")),
      }).health(never);
    const old = await program("old", "echo 2023.03.04");
    expect(await health(old)).toMatchObject({ usable: false, version: "2023.03.04" });
    expect(await health(await program("new", "echo 2026.11.18"))).toEqual({
      name: "yt-dlp",
      usable: true,
      version: "2026.11.18",
      ageDays: 2,
      problems: [],
    });
    expect(await health(undefined)).toMatchObject({ usable: false, version: null });
    expect(await health(path.join(directory, "gone"))).toMatchObject({ usable: false, version: null });
  });
});
