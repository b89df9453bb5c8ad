/** Processes that are started together and race for the same songs. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { createInterface } from "node:readline";
import type { RaceLine, RaceTask } from "../race-worker.ts";

/** One process of a race and what it has said so far. */
export class Racer {
  readonly lines: RaceLine[] = [];
  readonly child: ChildProcess;
  readonly gone: Promise<unknown>;
  readonly #listeners = new Set<() => void>();

  /** `wrapper` is a program with its options that runs the rest of the command line. */
  constructor(task: RaceTask, wrapper: readonly string[] = []) {
    const script = path.join(import.meta.dirname, "../race-worker.ts");
    const args = [...wrapper.slice(1), process.execPath, script, JSON.stringify(task)];
    this.child = spawn(wrapper[0] ?? process.execPath, wrapper.length > 0 ? args : args.slice(1), {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, NODE_COMPILE_CACHE: path.join(tmpdir(), "encore-compile-cache") },
    });
    this.gone = once(this.child, "close").then(() => this.#tell());
    // It may be dead before it is told to start.
    this.child.stdin?.on("error", () => undefined);
    if (this.child.stdout)
      createInterface({ input: this.child.stdout }).on("line", (text) => {
        this.lines.push(JSON.parse(text) as RaceLine);
        this.#tell();
      });
  }

  /** Waits until it has said a line of this kind. */
  async hears(kind: string): Promise<void> {
    while (!this.lines.some((line) => kind in line)) {
      if (this.child.exitCode !== null || this.child.signalCode !== null)
        throw new Error(`It ended without saying ${kind}: ${JSON.stringify(this.lines)}`);
      await new Promise<void>((resolve) => void this.#listeners.add(resolve));
    }
  }

  start(): void {
    this.child.stdin?.write("go\n");
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }
}

/** What the lines of all racers come to. */
export function sumUp(racers: readonly Racer[]): {
  downloads: number;
  served: number;
  failed: Record<string, number>;
  violations: string[];
} {
  const sum = { downloads: 0, served: 0, failed: {} as Record<string, number>, violations: [] as string[] };
  for (const line of racers.flatMap((racer) => racer.lines)) {
    if ("download" in line) sum.downloads += 1;
    if ("served" in line) sum.served += line.callers;
    if ("failed" in line) sum.failed[line.failed] = (sum.failed[line.failed] ?? 0) + line.callers;
    if ("violation" in line) sum.violations.push(line.violation);
  }
  return sum;
}

/** Starts them all at once when all are ready, and waits for all ends. */
export async function race(tasks: readonly RaceTask[]): Promise<Racer[]> {
  const racers = tasks.map((task) => new Racer(task));
  await Promise.all(racers.map((racer) => racer.hears("ready")));
  for (const racer of racers) racer.start();
  await Promise.all(racers.map((racer) => racer.gone));
  return racers;
}
