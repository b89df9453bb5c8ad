import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { thisProcess } from "../../src/app/lease-holder.ts";
import { AppError } from "../../src/core/errors.ts";
import { Leases } from "../../src/db/leases.ts";
import { MaintenanceLog } from "../../src/db/maintenance-log.ts";
import type { Step, Task } from "../../src/maintenance/record.ts";
import { carryOut, type RunDeps, type RunRequest, type RunSummary } from "../../src/maintenance/run.ts";
import { MaintenanceTurn } from "../../src/maintenance/turn.ts";
import { NEVER } from "../audio/media.ts";
import { freshDatabase } from "../db/database.ts";
import { FakeClock } from "../fakes/clock.ts";
import { RecordingLogger } from "../fakes/logger.ts";
import { Gate } from "../fakes/gate.ts";

const REQUEST: RunRequest = {
  kind: "cleanup",
  actor: "ann",
  origin: "cli",
  detail: "--expired",
  dryRun: false,
};
const STEP: Step = { action: "removed", subject: "a", reason: "old", bytes: 10 };

async function setUp(): Promise<RunDeps & { clock: FakeClock; leases: Leases }> {
  const db = await freshDatabase();
  const logFolder = await mkdtemp(path.join(tmpdir(), "encore-logs-"));
  onTestFinished(() => rm(logFolder, { recursive: true, force: true }));
  const leases = new Leases(db, thisProcess());
  const turn = new MaintenanceTurn({ leases, log: new RecordingLogger() });
  const clock = new FakeClock(Date.UTC(2026, 10, 20, 14, 2, 11, 5));
  return { turn, leases, runs: new MaintenanceLog(db), clock, logFolder };
}

const run = (deps: RunDeps, work: (task: Task) => Promise<void>, more = {}): Promise<RunSummary> =>
  carryOut(deps, { ...REQUEST, ...more }, work, { signal: NEVER });

it("leaves a log with every step, sight and failure, and an audit row", async () => {
  const deps = await setUp();
  const summary = await run(deps, async ({ record }) => {
    record.step(STEP);
    record.step({ ...STEP, subject: "b" });
    record.step({ ...STEP, action: "healed", reason: "row without file", bytes: 0 });
    record.report({ ...STEP, action: "in use", reason: "playing" });
    record.fail(
      "c",
      new AppError("CACHE_UNWRITABLE", {}, { cause: Object.assign(new Error(), { code: "EACCES" }) }),
    );
    deps.clock.advance(1_500);
  });
  const file = path.join(deps.logFolder, "cleanup-2026-11-20T14-02-11-005Z.json");
  expect(summary).toMatchObject({
    done: [
      { action: "removed", reason: "old", count: 2, bytes: 20 },
      { action: "healed", reason: "row without file", count: 1, bytes: 0 },
    ],
    failed: 1,
    failures: [{ subject: "c", code: "CACHE_UNWRITABLE", detail: "EACCES" }],
    isInterrupted: false,
    logFile: file,
  });
  const log: unknown = JSON.parse(await readFile(file, "utf8"));
  expect(log).toMatchObject({
    schema: 1,
    run: { kind: "cleanup", actor: "ann", detail: "--expired" },
    events: [
      { event: "done", subject: "a" },
      { event: "done", subject: "b" },
      { event: "done", action: "healed" },
      { event: "seen", action: "in use" },
      { event: "failed", subject: "c" },
    ],
    summary: { failed: 1 },
  });
  expect(await deps.runs.last("cleanup")).toEqual({
    kind: "cleanup",
    actor: "ann",
    origin: "cli",
    detail: "--expired",
    startedAtMs: summary.startedAtMs,
    endedAtMs: summary.startedAtMs + 1_500,
    removedFiles: 2,
    removedBytes: 20,
    keptInUse: 1,
    repaired: 1,
    failed: 1,
  });
});

it("leaves no trace of a dry run, and needs no turn for it", async () => {
  const deps = await setUp();
  await deps.turn.run(async () => {
    const summary = await run(
      deps,
      async ({ record, dryRun }) => record.step({ ...STEP, bytes: Number(dryRun) }),
      {
        dryRun: true,
      },
    );
    expect(summary).toMatchObject({ dryRun: true, done: [{ count: 1, bytes: 1 }], logFile: undefined });
  });
  expect(await readdir(deps.logFolder)).toEqual([]);
  expect(await deps.runs.recent(5)).toEqual([]);
});

it("is refused while another run is on, and free again when that has ended or failed", async () => {
  const deps = await setUp();
  const gate = new Gate();
  const first = run(deps, () => gate.pass());
  await gate.reached;
  const second = { ...deps, turn: new MaintenanceTurn({ leases: deps.leases, log: new RecordingLogger() }) };
  await expect(run(second, async () => undefined)).rejects.toMatchObject({ code: "BUSY_MAINTENANCE" });
  gate.open();
  await first;
  deps.clock.advance(1);
  await expect(run(deps, () => Promise.reject(new AppError("DISK_FULL")))).rejects.toMatchObject({
    code: "DISK_FULL",
  });
  deps.clock.advance(1);
  expect(await run(second, async () => undefined)).toMatchObject({ failed: 0 });
});

it("keeps account of what was done before it was stopped", async () => {
  const deps = await setUp();
  const summary = await run(deps, async ({ record }) => {
    record.step(STEP);
    throw new AppError("ABORTED");
  });
  expect(summary).toMatchObject({ isInterrupted: true, done: [{ count: 1 }] });
  expect(await deps.runs.last("cleanup")).toMatchObject({ removedFiles: 1 });
});

it("does its work also where no log can be written", async () => {
  const deps = await setUp();
  await rm(deps.logFolder, { recursive: true });
  expect(await run(deps, async ({ record }) => record.step(STEP))).toMatchObject({
    done: [{ count: 1 }],
    logFile: undefined,
  });
});

it("keeps the newest fifty logs, whatever their kind, and what is not its own", async () => {
  const deps = await setUp();
  await mkdir(deps.logFolder, { recursive: true });
  for (let number = 10; number < 70; number += 1) {
    const kind = number % 2 === 0 ? "verify" : "clear";
    await writeFile(path.join(deps.logFolder, `${kind}-2026-01-01T00-00-${number}-000Z.json`), "{}");
  }
  await writeFile(path.join(deps.logFolder, "notes.txt"), "mine");
  await run(deps, async () => undefined);
  const names = await readdir(deps.logFolder);
  expect(names).toHaveLength(51);
  expect(names.filter((name) => /00-1\d-000Z|00-20-000Z/u.test(name))).toEqual([]);
  expect(names).toContain("notes.txt");
});
