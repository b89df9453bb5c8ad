import { mkdir, readdir, readFile, rename, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { openCaretaker } from "../../src/app/caretaker.ts";
import { startHousekeeping } from "../../src/app/housekeeping.ts";
import type { Notice } from "../../src/core/notices.ts";
import type { Config } from "../../src/config/config.ts";
import { FakeClock } from "../fakes/clock.ts";
import { RecordingLogger } from "../fakes/logger.ts";
import { createMachine } from "./machine.ts";

interface House {
  readonly at: (...parts: readonly string[]) => string;
  readonly log: RecordingLogger;
  /** Kinds of notices for the owners. */
  readonly told: readonly string[];
  /** Lets so many minutes pass and does what is due then. */
  readonly pass: (minutes: number) => Promise<void>;
}

async function setUp(settings: NodeJS.ProcessEnv = {}): Promise<House> {
  const machine = await createMachine();
  const config: Config = machine.config(settings);
  const at = (...parts: readonly string[]): string => path.join(config.cache.directory, ...parts);
  const log = new RecordingLogger();
  const caretaker = await openCaretaker({ config, log }, new AbortController().signal);
  const clock = new FakeClock(new Date(2026, 0, 5, 12).getTime());
  const notes = new Map<string, string>();
  const memory = {
    get: async (name: string) => notes.get(name),
    set: async (name: string, value: string) => void notes.set(name, value),
  };
  const told: string[] = [];
  const notices = { tell: async ({ kind }: Notice): Promise<void> => void told.push(kind) };
  const schedule = startHousekeeping({ config, log, caretaker, notices, settings: memory, clock });
  onTestFinished(async () => {
    await schedule.close();
    await caretaker.close();
  });
  return {
    at,
    log,
    told,
    pass: async (minutes) => {
      clock.advance(minutes * 60_000);
      await schedule.tick();
    },
  };
}

it("cleans up at night, once, and leaves a log", async () => {
  const { at, pass } = await setUp();
  const old = at("quarantine/old");
  await writeFile(old, "x");
  await utimes(old, 1, 1);
  await pass(0);
  expect(await readdir(at("quarantine"))).toEqual([]);
  const logs = await readdir(at("logs"));
  expect(logs).toHaveLength(1);
  expect(JSON.parse(await readFile(at("logs", logs[0] ?? ""), "utf8"))).toMatchObject({
    run: { actor: "schedule", detail: "nightly" },
  });
  await writeFile(old, "x");
  await utimes(old, 1, 1);
  await pass(60);
  expect(await readdir(at("quarantine"))).toEqual(["old"]);
  await pass(24 * 60);
  expect(await readdir(at("quarantine"))).toEqual([]);
});

it("does not clean up when told not to", async () => {
  const { at, pass } = await setUp({ CACHE_AUTO_CLEANUP: "false" });
  await writeFile(at("quarantine/old"), "x");
  await utimes(at("quarantine/old"), 1, 1);
  await pass(0);
  expect(await readdir(at("quarantine"))).toEqual(["old"]);
});

it("lays the ballast", async () => {
  const { at, pass } = await setUp();
  await pass(0);
  expect(await readdir(at())).toContain("ballast");
});

it("looks every hour whether the disk has room", async () => {
  const { pass, told } = await setUp({ CACHE_FREE_DISK_FLOOR: "9999TB" });
  await pass(0);
  await pass(30);
  expect(told).toEqual(["disk-nearly-full"]);
  await pass(30);
  expect(told).toEqual(["disk-nearly-full", "disk-nearly-full"]);
});

it("notices a cache folder that is gone", async () => {
  const { at, pass, told } = await setUp();
  await rename(at(), `${at()}-away`);
  await pass(0);
  expect(told).toEqual(["cache-unwritable"]);
});

it("goes on with the other chores when a folder is in the way", async () => {
  const { at, log, pass } = await setUp();
  await mkdir(at("ballast"));
  await pass(0);
  expect(log.named("cache.chore_failed")).toEqual([]);
});
