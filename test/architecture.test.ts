import { glob, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { runTool } from "../scripts/run-tool.cjs";

const ROOT = path.join(import.meta.dirname, "..");
const CRUISER = path.join(ROOT, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");
const FOLDERS = ["src", "commands", "migrations", "scripts"];

/** Files that no test of their own folder reaches, and what proves them instead. */
const PROVEN_ELSEWHERE: Readonly<Record<string, string>> = {
  "^commands/": "test/e2e: people use them through Discord",
  "^src/app/(bot|cache-tools|extractors|library|load-commands|own-songs|provide|run|eviction-clock|taste)\\.ts$":
    "test/e2e: the composed bot runs as a process",
  "^src/discord/(client|interactions)\\.ts$": "test/e2e: people use the bot through a local Discord",
  "^src/app/(cachectl/.+|caretaker)\\.ts$":
    "test/scripts/cachectl.test.ts: the command line runs as a process",
  "^src/core/(clock|guild-volumes|logger|opus-packets)\\.ts$": "constants of one line that many tests use",
  "^scripts/(cachectl|check|demo|docs|doctor|setup)\\.ts$": "run by continuous integration",
};

interface CruiseResult {
  readonly modules: readonly {
    readonly source: string;
    readonly dependencies: readonly { readonly resolved: string }[];
  }[];
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  };
}

async function cruise(cwd: string, folders: readonly string[]): Promise<CruiseResult> {
  const config = path.join(ROOT, ".dependency-cruiser.cjs");
  const args = [CRUISER, "--config", config, "--output-type", "json", ...folders];
  const { output } = await runTool(process.execPath, args, { cwd });
  return JSON.parse(output) as CruiseResult;
}

async function sourceFiles(folders: readonly string[]): Promise<readonly string[]> {
  const patterns = folders.map((folder) => `${folder}/**/*.ts`);
  const found: string[] = [];
  for await (const file of glob(patterns, { cwd: ROOT })) found.push(file.replaceAll("\\", "/"));
  return found.toSorted();
}

let result: CruiseResult;

beforeAll(async () => {
  result = await cruise(ROOT, FOLDERS);
});

test("nobody imports what is not theirs to import", () => {
  expect(result.summary.violations.map(({ from, rule }) => `${from}: ${rule.name}`)).toEqual([]);
});

test("the check saw every source file", async () => {
  // Without a parser that knows TypeScript it sees none of them and finds no violation either.
  const seen = new Set(result.modules.map(({ source }) => source));
  const files = await sourceFiles(FOLDERS);
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((file) => !seen.has(file))).toEqual([]);
});

test("forbidden imports are caught", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "encore-seeded-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const seeds: Readonly<Record<string, string>> = {
    "src/core/layer.ts": 'import "../db/open.ts";',
    "src/cache/port.ts": 'import "../storage/fs.ts";',
    "src/player/owner.ts": 'import "discord.js";',
    "src/sources/child.ts": 'import "node:child_process";',
    "src/cache/app.ts": 'import "../app/bot.ts";',
    "src/policy/circle.ts": 'import "./circle.ts";',
    "src/audio/typed.ts": 'import type { Nothing } from "../db/open.ts";',
    "commands/inside.ts": 'import "../src/db/open.ts";',
    "migrations/ours.ts": 'import "../src/db/open.ts";',
    "scripts/deep.ts": 'import "../src/db/open.ts";',
    "src/db/open.ts": "export interface Nothing {}",
    "src/storage/fs.ts": "export {};",
    "src/app/bot.ts": "export {};",
  };
  for (const [file, text] of Object.entries(seeds)) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), text);
  }
  await symlink(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"));
  const { summary } = await cruise(folder, FOLDERS);
  const caught = new Set(summary.violations.map(({ from }) => from));
  const guilty = Object.entries(seeds).filter(([, text]) => text.startsWith("import"));
  expect(guilty.map(([file]) => file).filter((file) => !caught.has(file))).toEqual([]);
});

test("every file with behaviour is reached by a test of its own folder, or by one that is named", async () => {
  const imports = await allImports();
  const reached = new Map<string, ReadonlySet<string>>();
  const unproven: string[] = [];
  for (const file of await sourceFiles(["src", "commands", "scripts"])) {
    const text = await readFile(path.join(ROOT, file), "utf8");
    if (!/^export (?:async )?(?:function|class|const|let)\b/mu.test(text)) continue;
    if (Object.keys(PROVEN_ELSEWHERE).some((pattern) => new RegExp(pattern, "u").test(file))) continue;
    const folder = /^(?:src\/)?([^/]+)/u.exec(file)?.[1] ?? "";
    if (!reached.has(folder)) reached.set(folder, reachableFrom(`test/${folder}/`, imports));
    if (!reached.get(folder)?.has(file)) unproven.push(file);
  }
  expect(unproven).toEqual([]);
});

/** Who imports what: sources as the checker sees them, tests (which it does not look into) by their text. */
async function allImports(): Promise<ReadonlyMap<string, readonly string[]>> {
  const imports = new Map<string, readonly string[]>();
  for (const { source, dependencies } of result.modules) {
    imports.set(
      source,
      dependencies.map(({ resolved }) => resolved),
    );
  }
  for (const file of await sourceFiles(["test"])) {
    const text = await readFile(path.join(ROOT, file), "utf8");
    const named = [...text.matchAll(/(?:from |import\()"(\.{1,2}\/[^"]+)"/gu)].map(([, name]) => name ?? "");
    imports.set(
      file,
      named.map((name) => path.posix.join(path.posix.dirname(file), name)),
    );
  }
  return imports;
}

function reachableFrom(prefix: string, imports: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const waiting = [...imports.keys()].filter((file) => file.startsWith(prefix));
  const reached = new Set<string>();
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    waiting.push(...(imports.get(file) ?? []));
  }
  return reached;
}
