/** The peers are installed when somebody runs a benchmark for the first time, never by the set-up of Encore itself. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { runTool } from "../scripts/run-tool.cjs";

const FOLDER = import.meta.dirname;

/** False = it failed and has said why. */
export async function install(): Promise<boolean> {
  if (await isInstalled()) return true;
  process.stderr.write(
    "Installing the bots and libraries that Encore is compared with (bench/, about a minute, once).\n",
  );
  const isWindows = process.platform === "win32";
  const { exitCode, output } = await runTool("npm", ["ci"], { cwd: FOLDER, shell: isWindows });
  if (exitCode !== 0) process.stderr.write(`npm ci failed in bench/:\n${output.slice(-2_000)}\n`);
  return exitCode === 0;
}

/** npm's own note of what it installed says the same versions as the lock. */
async function isInstalled(): Promise<boolean> {
  const [wanted, there] = await Promise.all([
    packagesOf(path.join(FOLDER, "package-lock.json")),
    packagesOf(path.join(FOLDER, "node_modules", ".package-lock.json")),
  ]);
  return Object.entries(wanted).every(([name, { version, optional }]) => {
    return name === "" || optional === true || there[name]?.version === version;
  });
}

type Packages = Readonly<Record<string, { readonly version?: string; readonly optional?: boolean }>>;

async function packagesOf(lock: string): Promise<Packages> {
  const text = await readFile(lock, "utf8").catch(() => '{ "packages": {} }');
  return (JSON.parse(text) as { packages: Packages }).packages;
}
