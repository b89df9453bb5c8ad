/** Kills processes that share one cache, hundreds of times, and looks after each batch whether all is well. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { createInterface } from "node:readline";
import type { Step } from "../../../src/core/step.ts";
import { presentRows } from "../../db/present-rows.ts";
import { seededRandom } from "../../fakes/random.ts";
import type { WorkerLine, WorkerTask } from "../crash-worker.ts";
import { disagreements, snapshot } from "./agreement.ts";
import { quickTranscoder } from "./quick-transcoder.ts";
import { SharedCache } from "./shared-cache.ts";
import { loadMaterial, makeMaterial, type Material } from "./songs.ts";

export const STEPS: readonly Step[] = [
  "M0 looked up",
  "M2 lease held",
  "M3 looked up again",
  "M5 downloaded",
  "M7 normalized",
  "M8 accepted",
  "M9 file synced",
  "M10 published",
  "M11 row written",
  "M12 cleaned up",
  "E1 row evicting",
  "E2 unlinked",
  "E3 folder synced",
  "E4 row evicted",
];

export interface CrashRunOptions {
  readonly kills: number;
  readonly seed: number;
  /** Processes at a time. */
  readonly processes?: number;
  readonly killsPerBatch?: number;
  readonly songs?: number;
  /** A module that is loaded into each process first: a part broken on purpose, see breakage.ts. */
  readonly breakage?: string;
  readonly onBatch?: (soFar: CrashSummary) => void;
}

export interface CrashSummary {
  readonly seed: number;
  readonly kills: number;
  /** Kills by step; `at random` by the clock. */
  readonly byStep: Readonly<Record<string, number>>;
  readonly batches: number;
  /** What the workers did, and what reconciles put right, by words. */
  readonly did: Readonly<Record<string, number>>;
  readonly repaired: Readonly<Record<string, number>>;
  readonly violations: readonly string[];
}

/** At random, a third of the kills come at any moment. */
const SHARE_AT_RANDOM = 1 / 3;
const LONGEST_LIFE_MS = 250;
const LIFE_LIMIT_MS = 60_000;

/** Runs until so many processes were killed. The folder goes when no promise was broken. */
export async function crashRun(options: CrashRunOptions): Promise<CrashSummary> {
  const home = await mkdtemp(path.join(tmpdir(), "encore-faults-"));
  await makeMaterial(home);
  const run = new CrashRun(home, await loadMaterial(home), options);
  await mkdir(run.folder);
  while (run.summary.kills < options.kills) {
    await run.batch();
    options.onBatch?.(run.summary);
  }
  if (run.summary.violations.length === 0) await rm(home, { recursive: true });
  return run.summary;
}

class CrashRun {
  readonly folder: string;
  readonly #home: string;
  readonly #material: Material;
  readonly #options: CrashRunOptions;
  readonly #random: () => number;
  readonly #did = new Counter();
  readonly #repaired = new Counter();
  readonly #byStep = new Counter();
  readonly #violations: string[] = [];
  #batches = 0;
  #kills = 0;

  constructor(home: string, material: Material, options: CrashRunOptions) {
    this.#home = home;
    this.folder = path.join(home, "cache");
    this.#material = material;
    this.#options = options;
    this.#random = seededRandom(options.seed);
  }

  get summary(): CrashSummary {
    return {
      seed: this.#options.seed,
      kills: this.#kills,
      byStep: this.#byStep.counts,
      batches: this.#batches,
      did: this.#did.counts,
      repaired: this.#repaired.counts,
      violations: this.#violations,
    };
  }

  async batch(): Promise<void> {
    const { kills, killsPerBatch = 30, processes = 3 } = this.#options;
    const goal = Math.min(kills, this.#kills + killsPerBatch);
    this.#batches += 1;
    const slot = async (): Promise<void> => {
      while (this.#kills < goal) await this.#oneLife();
    };
    await Promise.all(Array.from({ length: processes }, slot));
    await this.#lookAround();
  }

  async #oneLife(): Promise<void> {
    const seed = Math.floor(this.#random() * 2 ** 31);
    const isAtRandom = this.#random() < SHARE_AT_RANDOM;
    const lifeMs = this.#random() * LONGEST_LIFE_MS;
    const step = STEPS[Math.floor(this.#random() * STEPS.length)] ?? "M0 looked up";
    const nth = 1 + Math.floor(this.#random() * 3);
    const songs = this.#options.songs ?? 6;
    const task: WorkerTask = {
      folder: this.folder,
      material: this.#home,
      seed,
      songs,
      ...(!isAtRandom && { killAt: { step, nth } }),
    };
    const name = isAtRandom ? "at random" : step;
    const violated = (what: string): void =>
      void this.#violations.push(`batch ${this.#batches}, worker ${seed}, killed ${name}: ${what}`);
    const child = startWorker(task, this.#options.breakage);
    const limit = setTimeout(() => {
      violated("hung for a minute");
      child.kill("SIGKILL");
    }, LIFE_LIMIT_MS);
    await listen(child, (line) => {
      if ("violation" in line) violated(line.violation);
      if ("did" in line) this.#did.add(line.did);
      if ("ready" in line && isAtRandom) setTimeout(() => child.kill("SIGKILL"), lifeMs);
    });
    clearTimeout(limit);
    if (child.signalCode === "SIGKILL") {
      this.#kills += 1;
      this.#byStep.add(name);
    } else if (child.exitCode !== 0) violated(`ended by itself with ${child.exitCode ?? child.signalCode}`);
  }

  /** All processes are dead: one reconcile must put everything right, and a second one find nothing to do. */
  async #lookAround(): Promise<void> {
    const transcoder = quickTranscoder(this.#material);
    const shared = await SharedCache.open(this.folder, { material: this.#material, transcoder });
    const wrong = (what: string): void => void this.#violations.push(`after batch ${this.#batches}: ${what}`);
    try {
      const before = await presentRows(shared.rows);
      const first = await shared.reconcile();
      for (const { action, reason } of first.steps) this.#repaired.add(`${action}: ${reason}`);
      if (first.failed > 0) wrong(`reconcile failed ${first.failed} times`);
      for (const sentence of await disagreements(shared, this.#material)) wrong(sentence);
      const after = new Set((await presentRows(shared.rows)).map((row) => row.blobRef));
      for (const row of before.filter(({ state, blobRef }) => state === "ready" && !after.has(blobRef)))
        wrong(`${row.blobRef} was ready and is lost`);
      const settled = await snapshot(shared);
      const second = await shared.reconcile();
      if (second.steps.length > 0 || (await snapshot(shared)) !== settled)
        wrong(`a second reconcile changed ${JSON.stringify(second.steps)}`);
    } finally {
      await shared.close();
    }
  }
}

/** Starts a worker on this Node. */
export function startWorker(task: WorkerTask, breakage?: string): ChildProcess {
  const script = path.join(import.meta.dirname, "../crash-worker.ts");
  const before = breakage === undefined ? [] : ["--import", breakage];
  return spawn(process.execPath, [...before, script, JSON.stringify(task)], {
    stdio: ["ignore", "pipe", "inherit"],
    // Starting is most of the work of a process that dies soon.
    env: { ...process.env, NODE_COMPILE_CACHE: path.join(tmpdir(), "encore-compile-cache") },
  });
}

/** Hears a worker's lines until it is gone. */
export async function listen(child: ChildProcess, onLine: (line: WorkerLine) => void): Promise<void> {
  const gone = once(child, "close");
  if (child.stdout) {
    for await (const text of createInterface({ input: child.stdout })) {
      const line = parse(text);
      if (line) onLine(line);
    }
  }
  await gone;
}

/** A kill may have cut the last line. */
function parse(text: string): WorkerLine | undefined {
  try {
    return JSON.parse(text) as WorkerLine;
  } catch {
    return undefined;
  }
}

class Counter {
  readonly counts: Record<string, number> = {};

  add(name: string): void {
    this.counts[name] = (this.counts[name] ?? 0) + 1;
  }
}
