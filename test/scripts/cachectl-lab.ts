/** The real command line as a child process, on a cache of real files. */
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import { openDatabase } from "../../src/db/open.ts";
import { CacheLab } from "../maintenance/cache-lab.ts";

const LAUNCH = path.join(import.meta.dirname, "../../scripts/launch.cjs");
const SCRIPT = path.join(import.meta.dirname, "../../scripts/cachectl.ts");

/** What one command line left behind. */
export interface Finished {
  readonly exitCode: number | null;
  readonly out: string;
  readonly err: string;
  /** The one object of `--json`. */
  readonly json: Readonly<Record<string, unknown>>;
}

export interface Running {
  readonly done: Promise<Finished>;
  readonly interrupt: () => void;
}

export interface CachectlLab {
  readonly lab: CacheLab;
  readonly root: string;
  readonly run: (...words: readonly string[]) => Promise<Finished>;
  readonly start: (words: readonly string[], settings?: Readonly<Record<string, string>>) => Running;
  /** Where everything is, for a child that is started otherwise. */
  readonly env: Readonly<Record<string, string>>;
}

/** The command line as words for a shell. */
export const COMMAND = [process.execPath, LAUNCH, SCRIPT];

/** A cache with its database in a folder of its own, which a test may put on a disk of its own first. */
export async function openCachectl(
  packets: readonly Buffer[],
  prepare: (root: string) => void = () => undefined,
): Promise<CachectlLab> {
  const root = await mkdtemp(path.join(tmpdir(), "encore-cachectl-"));
  prepare(root);
  const database = path.join(root, "data/encore.sqlite");
  const { db } = await openDatabase(database);
  onTestFinished(async () => {
    await db.destroy();
    await rm(root, { recursive: true, force: true });
  });
  const lab = new CacheLab(db, path.join(root, "cache"), packets);
  for (const folder of Object.values(lab.deps.folders)) await mkdir(folder, { recursive: true });
  const env = {
    PATH: process.env["PATH"] ?? "",
    CACHE_DIR: lab.cache,
    DATABASE_URL: `file:${database}`,
  };
  const start: CachectlLab["start"] = (words, settings = {}) => {
    const child = spawn(process.execPath, [LAUNCH, SCRIPT, ...words], {
      env: { ...env, ...settings },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let out = "";
    let err = "";
    child.stdout.on("data", (part: Buffer) => (out += part.toString()));
    child.stderr.on("data", (part: Buffer) => (err += part.toString()));
    const done = new Promise<Finished>((resolve) => {
      child.on("close", (exitCode) => resolve({ exitCode, out, err, json: jsonOf(out) }));
    });
    return { done, interrupt: () => child.kill("SIGINT") };
  };
  return { lab, root, env, start, run: (...words) => start(words).done };
}

function jsonOf(out: string): Record<string, unknown> {
  try {
    return JSON.parse(out) as Record<string, unknown>;
  } catch {
    return {};
  }
}
