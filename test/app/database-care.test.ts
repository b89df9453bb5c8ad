import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { DatabaseCare } from "../../src/app/database-care.ts";
import type { Recovery } from "../../src/db/recovery.ts";
import type { RebuildReport } from "../../src/maintenance/rebuild.ts";
import { RecordingLogger } from "../fakes/logger.ts";

const NOTHING: RebuildReport = { files: 3, adopted: 0, setAside: 0, failed: 0, measured: 0 };

let log: RecordingLogger;
let done: string[];
let generation: number;
let report: RebuildReport;
let recovery: Recovery | undefined;

beforeEach(() => {
  vi.useFakeTimers();
  log = new RecordingLogger();
  done = [];
  generation = 1;
  report = NOTHING;
  recovery = undefined;
});
afterEach(() => {
  vi.useRealTimers();
});

const database = {
  get generation(): number {
    return generation;
  },
  get recovery(): Recovery | undefined {
    return recovery;
  },
  check: async (): Promise<boolean> => {
    done.push("check");
    return false;
  },
  backupIfDue: async (): Promise<string | undefined> => {
    done.push("backup");
    return undefined;
  },
};
const rebuild = async (): Promise<RebuildReport> => {
  done.push("rebuild");
  return report;
};

const onRecovered = ({ found }: Recovery): void => void done.push(found);

const fail = (what: string) => (): Promise<never> => Promise.reject(new RangeError(what));

const endless = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new RangeError("aborted")));
  });

it("gives rows back first, then backs up, both again every hour, and looks every ten seconds", async () => {
  const care = new DatabaseCare({ database, rebuild, onRecovered, log });
  await vi.advanceTimersByTimeAsync(0);
  expect(done).toEqual(["rebuild", "backup"]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(done.filter((what) => what === "check")).toHaveLength(6);
  await vi.advanceTimersByTimeAsync(60 * 60_000);
  expect(done.filter((what) => what === "backup")).toHaveLength(2);
  expect(done.filter((what) => what === "rebuild")).toHaveLength(2);
  await care.close();
  done = [];
  await vi.advanceTimersByTimeAsync(60 * 60_000);
  expect(done).toEqual([]);
  expect(log.events).toEqual([]);
});

it("looks at the files again when the database was replaced, and says what it did", async () => {
  const care = new DatabaseCare({ database, rebuild, onRecovered, log });
  await vi.advanceTimersByTimeAsync(0);
  generation = 2;
  report = { ...NOTHING, adopted: 2 };
  await vi.advanceTimersByTimeAsync(10_000);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(done).toEqual(["rebuild", "backup", "check", "rebuild", "check"]);
  expect(log.events).toEqual([{ level: "info", event: "cache.rebuilt", fields: report }]);
  await care.close();
});

it("goes on after a failure, and the log says what failed", async () => {
  const broken = { check: fail("check"), backupIfDue: fail("backup"), generation: 1, recovery };
  const care = new DatabaseCare({ database: broken, rebuild: fail("rebuild"), onRecovered, log });
  await vi.advanceTimersByTimeAsync(20_000);
  const events = log.events.map(({ event }) => event);
  expect(events).toEqual([
    "cache.rebuild_failed",
    "database.backup_failed",
    "database.check_failed",
    "database.check_failed",
  ]);
  await care.close();
});

it("ends what runs, waits for it, and takes that for no failure", async () => {
  const care = new DatabaseCare({ database, rebuild: endless, onRecovered, log });
  await vi.advanceTimersByTimeAsync(10_000);
  await care.close();
  expect(done).toEqual(["check"]);
  expect(log.events).toEqual([]);
});

it("tells what was brought back before it began, and each time it happens while it runs", async () => {
  const lost = { reason: undefined, setAside: undefined, restoredFrom: "memory" };
  recovery = { ...lost, found: "damaged" };
  const care = new DatabaseCare({ database, rebuild, onRecovered, log });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(done.filter((what) => what === "damaged")).toHaveLength(1);
  generation = 2;
  recovery = { ...lost, found: "missing" };
  await vi.advanceTimersByTimeAsync(20_000);
  expect(done.filter((what) => what === "missing")).toHaveLength(1);
  generation = 3;
  recovery = undefined;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(done.filter((what) => what === "damaged" || what === "missing")).toHaveLength(2);
  await care.close();
});
