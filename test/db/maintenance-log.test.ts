import { beforeEach, expect, it } from "vitest";
import { MaintenanceLog, type MaintenanceRun } from "../../src/db/maintenance-log.ts";
import { freshDatabase } from "./database.ts";

let runs: MaintenanceLog;
const run = (more: Partial<MaintenanceRun> = {}): MaintenanceRun => ({
  kind: "cleanup",
  actor: "schedule",
  origin: "schedule",
  detail: "--expired",
  repaired: 4,
  startedAtMs: 1_000,
  endedAtMs: 2_000,
  removedFiles: 3,
  removedBytes: 5e9,
  keptInUse: 1,
  failed: 2,
  ...more,
});

beforeEach(async () => {
  runs = new MaintenanceLog(await freshDatabase());
});

it("gives back the newest run of a kind, as it was", async () => {
  expect(await runs.last("cleanup")).toBeUndefined();
  await runs.record(run());
  await runs.record(run({ endedAtMs: 9_000, actor: "42" }));
  await runs.record(run({ endedAtMs: 5_000 }));
  await runs.record(run({ kind: "clear", endedAtMs: 99_000 }));
  expect(await runs.last("cleanup")).toEqual(run({ endedAtMs: 9_000, actor: "42" }));
  expect(await runs.last("clear")).toEqual(run({ kind: "clear", endedAtMs: 99_000 }));
});

it("gives back the newest runs of all kinds, newest first", async () => {
  for (const endedAtMs of [2, 4, 1, 3]) await runs.record(run({ kind: `k${endedAtMs}`, endedAtMs }));
  expect((await runs.recent(3)).map(({ kind }) => kind)).toEqual(["k4", "k3", "k2"]);
});
