/** `npm run bench -- [NAMES] [--quick] [--runs N] [--json] [--report]`: Encore beside its peers, on this machine. */
import { loadavg } from "node:os";
import { inspect, parseArgs } from "node:util";
import { install } from "./install.ts";
import { closeAll } from "./kit/closing.ts";
import { ControlThread } from "./kit/control-thread.ts";
import type { Benchmark, Measured, Result, Settings } from "./kit/result.ts";
import { textOf } from "./report/text.ts";

const USAGE = `npm run bench -- [NAMES] [OPTIONS]

NAMES     first-sound gap seek reading cpu scale normalize index; all when none is named
--quick   few and short runs, to see that everything works: under 4 minutes
--runs N  how often each is measured
--json    the raw numbers
--report  writes docs/performance.md and its plots: about half an hour
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    runs: { type: "string" },
    json: { type: "boolean", default: false },
    report: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

/** Far more than any of them needs: for a bot that hangs. */
const LIMIT_MS = 15 * 60_000;

async function measure(benchmark: Benchmark, settings: Settings): Promise<Measured> {
  const control = await ControlThread.start();
  const startedAtMs = performance.now();
  const limit = setTimeout(() => void end(`${benchmark.name} does not end.`), LIMIT_MS);
  const result = await benchmark.run(settings).catch(notMeasured);
  clearTimeout(limit);
  const elapsedMs = performance.now() - startedAtMs;
  return { ...result, name: benchmark.name, elapsedMs, machineLateMs: (await control.stop()).lateMs };
}

/** One that fails must not take along what the others took a quarter of an hour to measure. */
async function notMeasured(error: unknown): Promise<Result> {
  await closeAll();
  const measured = error instanceof Error ? error.message.split("\n", 1).join("") : String(error);
  process.stderr.write(`${inspect(error)}\n`);
  return { tables: [], checks: [{ claim: "it ran", measured, passed: false }], notes: [], raw: null };
}

/** Ends every process that was started, and this one. */
async function end(why: string): Promise<void> {
  process.stderr.write(`\n${why}\n`);
  await closeAll();
  process.exit(1);
}

/** Replaces the line before it on a terminal, else says nothing. */
function say(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text.slice(0, 100)}`);
}

async function main(): Promise<number> {
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (!(await install())) return 1;
  const { BENCHMARKS } = await import("./benchmarks/all.ts");
  const unknown = positionals.find((name) => !BENCHMARKS.some((benchmark) => benchmark.name === name));
  if (unknown !== undefined) {
    process.stderr.write(`There is no benchmark "${unknown}".\n\n${USAGE}`);
    return 2;
  }
  const wanted = BENCHMARKS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const runs = values.runs === undefined ? undefined : Number(values.runs);
  const [loadBefore = 0] = loadavg();
  const measured: Measured[] = [];
  for (const benchmark of wanted) {
    const one = await measure(benchmark, {
      isQuick: values.quick,
      runs,
      say: (text) => say(`${benchmark.name}: ${text}`),
    });
    say("");
    measured.push(one);
    if (!values.json) process.stdout.write(textOf(one, benchmark.question));
  }
  if (values.json) process.stdout.write(`${JSON.stringify(measured, null, 2)}\n`);
  if (values.report) {
    const { writeReport } = await import("./report/report.ts");
    const { machineFacts } = await import("./report/machine.ts");
    const facts = { benchmarks: wanted, arguments: process.argv.slice(2), dateMs: Date.now() };
    await writeReport(measured, { ...facts, machine: machineFacts(loadBefore) });
  }
  return 0;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.once(signal, () => void end("Stopped."));
process.exitCode = await main();
