/** The only place that touches the process environment and the `.env` file. */
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { AppError } from "../core/errors.ts";
import { describeSettings } from "./settings.ts";
import type { ConfigFiles } from "./config.ts";

/**
 * The environment with `.env` of that folder read into it; a variable of the shell wins over the file.
 * Secrets are taken out of `process.env`, so that no child and no report can show them.
 * @throws {AppError} `CONFIG_INVALID` when `.env` exists but cannot be read.
 */
export function readEnvironment(root: string): NodeJS.ProcessEnv {
  const file = path.join(root, ".env");
  if (existsSync(file)) loadEnvFile(file);
  return takeFromEnvironment(process.env);
}

function loadEnvFile(file: string): void {
  try {
    process.loadEnvFile(file);
  } catch (cause) {
    throw new AppError(
      "CONFIG_INVALID",
      { problems: `${file} cannot be read. Check its permissions.` },
      { cause },
    );
  }
}

/** A copy of the environment; the secrets in it are removed from the original. */
export function takeFromEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const taken = { ...environment };
  for (const { name, secret } of describeSettings()) {
    if (secret) delete environment[name];
  }
  return taken;
}

/** The files of one machine, as the configuration needs them. */
export function configFiles(root: string): ConfigFiles {
  return {
    root,
    readText: (file) => readFileSync(file, "utf8"),
    mode: (file) => statSync(file, { throwIfNoEntry: false })?.mode,
  };
}

/** Sets variables of this process, for a library that reads them itself. */
export function setEnvironment(variables: Readonly<Record<string, string>>): void {
  Object.assign(process.env, variables);
}
