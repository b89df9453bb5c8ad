/** A machine of its own for one test: a root folder, and a PATH that holds the programs the test puts there. */
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import type { Config } from "../../src/config/config.ts";
import { configFiles } from "../../src/config/environment.ts";

/** What a test may do with it. */
export interface Machine {
  readonly root: string;
  readonly searchPath: string;
  /** Configuration of this machine with the given settings. */
  config(settings?: NodeJS.ProcessEnv): Config;
  /** Puts a shell script on PATH. */
  program(name: string, script: string): Promise<string>;
}

const ESSENTIALS = ["sh", "cat", "env", "mkdir", "chmod", "true"];

/** Makes an empty machine that goes with the test. */
export async function createMachine(): Promise<Machine> {
  const root = await mkdtemp(path.join(tmpdir(), "encore-machine-"));
  onTestFinished(() => rm(root, { recursive: true }));
  const searchPath = path.join(root, "bin");
  await mkdir(searchPath);
  for (const name of ESSENTIALS) await symlink(path.join("/bin", name), path.join(searchPath, name));
  return {
    root,
    searchPath,
    config: (settings = {}) => loadConfig({ PATH: searchPath, ...settings }, configFiles(root)).config,
    async program(name, script) {
      const file = path.join(searchPath, name);
      await writeFile(file, `#!/bin/sh\n${script}\n`);
      await chmod(file, 0o755);
      return file;
    },
  };
}

/** An ffmpeg that answers the questions asked of it and can do nothing else. */
export function fakeFfmpeg(version: string, encoders = "libopus"): string {
  const filters = "aformat alimiter asetpts ebur128 volume";
  const formats = "aac flac matroska mov mp3 ogg wav null";
  return `
for last; do :; done
case "$last" in
  -version) echo "ffmpeg version ${version} Copyright" ;;
  -encoders) for name in ${encoders}; do echo " A....D $name encoder"; done ;;
  -filters) for name in ${filters}; do echo " ... $name A->A filter"; done ;;
  *) for name in ${formats}; do echo " DE $name format"; done ;;
esac`;
}
