/** The thread of control-thread.ts. */
import { parentPort, workerData } from "node:worker_threads";
import type { ControlReport } from "./control-thread.ts";
import { percentile } from "./statistics.ts";

const PERIOD_MS = 20;
const STALL_MS = 10;

const stop = workerData as Int32Array;
const late: number[] = [];
const stalls: { atMs: number; lateMs: number }[] = [];
parentPort?.postMessage("started", []);
const began = process.threadCpuUsage();
let dueAtMs = performance.now() + PERIOD_MS;
while (Atomics.wait(stop, 0, 0, Math.max(0, dueAtMs - performance.now())) === "timed-out") {
  const lateMs = performance.now() - dueAtMs;
  late.push(lateMs);
  if (lateMs > STALL_MS) stalls.push({ atMs: performance.timeOrigin + performance.now(), lateMs });
  dueAtMs = Math.max(dueAtMs + PERIOD_MS, performance.now());
}
const { user, system } = process.threadCpuUsage(began);
const sorted = late.toSorted((a, b) => a - b);
const report: ControlReport = {
  lateMs: { p50: percentile(sorted, 50), p99: percentile(sorted, 99), max: sorted.at(-1) ?? 0 },
  stalls,
  cpuMs: (user + system) / 1_000,
};
parentPort?.postMessage(report, []);
