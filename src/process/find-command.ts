// Finds the program behind a name, so that a missing one is told apart from one that failed.
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import path from "node:path";
import { AppError } from "../core/errors.ts";

/** POSIX folders tried when the operator names no others. */
export const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * Absolute path of an executable file. Done here and not left to the system, because behind a wrapper program a
 * missing command would look like the wrapper's own failure.
 * @param command an absolute path, or a bare name that is looked for in `searchPath`.
 * @throws {AppError} `CHILD_FAILED` with `context.reason`: `ENOENT` = no such file, `EACCES` = not executable.
 */
export async function findCommand(command: string, searchPath: string): Promise<string> {
  let reason = "ENOENT";
  for (const candidate of candidates(command, searchPath)) {
    const problem = await whyNotExecutable(candidate);
    if (problem === undefined) return candidate;
    // As execvp(3) does: a file that may not be run is the better explanation than the folders without one.
    if (problem !== "ENOENT") reason = problem;
  }
  throw new AppError("CHILD_FAILED", { reason, command });
}

function candidates(command: string, searchPath: string): string[] {
  if (path.isAbsolute(command)) return [command];
  if (command === "" || path.basename(command) !== command) return [];
  return searchPath
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder))
    .map((folder) => path.join(folder, command));
}

async function whyNotExecutable(file: string): Promise<string | undefined> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile() ? undefined : "EACCES";
  } catch (error) {
    return errorReason(error);
  }
}

/** The system's name for what went wrong, e.g. `EMFILE`. */
export function errorReason(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "UNKNOWN";
}
