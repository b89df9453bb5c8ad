// Limits that Node cannot set itself, put in front of a command as wrapper programs where the system has them.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { AppError } from "../core/errors.ts";
import { errorReason, findCommand } from "./find-command.ts";
import type { ProcessLimits } from "./runner.ts";

/** Wrapper programs that work here, by absolute path; `undefined` = not there, and its limits are not in force. */
export interface Wrappers {
  /** `nice`: lower priority than the bot's own voice timer. */
  readonly nice: string | undefined;
  /** `prlimit`: memory, processor time, file size, open files. */
  readonly prlimit: string | undefined;
  /** `setpriv`: the child dies with the bot, and can gain no rights. */
  readonly setpriv: string | undefined;
}

const PROBE_TIMEOUT_MS = 5_000;
const OPEN_FILES = 256;

// The signal follows the thread that started the child, so children are started from the main thread only.
const SETPRIV_ARGS = ["--pdeathsig", "KILL", "--no-new-privs", "--"];
// A dead child's memory image could be larger than the cache.
const PRLIMIT_ARGS = [`--nofile=${OPEN_FILES}`, "--core=0"];

/**
 * Tries each wrapper on a harmless command: BusyBox, for one, has a `setpriv` that lacks what we need.
 * @throws {AppError} `CHILD_FAILED` when the system is short of files or processes, which says nothing about them.
 */
export async function probeWrappers(searchPath: string): Promise<Wrappers> {
  const target = await findOrUndefined("true", searchPath);
  if (target === undefined) return { nice: undefined, prlimit: undefined, setpriv: undefined };
  const probe = async (name: string, args: readonly string[]): Promise<string | undefined> => {
    const file = await findOrUndefined(name, searchPath);
    return file !== undefined && (await succeeds(file, [...args, target])) ? file : undefined;
  };
  const [nice, prlimit, setpriv] = await Promise.all([
    probe("nice", ["-n", "1"]),
    probe("prlimit", [...PRLIMIT_ARGS, "--"]),
    probe("setpriv", SETPRIV_ARGS),
  ]);
  return { nice, prlimit, setpriv };
}

async function findOrUndefined(name: string, searchPath: string): Promise<string | undefined> {
  try {
    return await findCommand(name, searchPath);
  } catch {
    return undefined;
  }
}

function succeeds(file: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    execFile(file, args, { timeout: PROBE_TIMEOUT_MS, env: { LANG: "C.UTF-8" } }, (error) => {
      const reason = error && errorReason(error);
      if (reason === "EMFILE" || reason === "ENFILE" || reason === "EAGAIN")
        reject(new AppError("CHILD_FAILED", { reason, command: file }, { cause: error }));
      else resolve(error === null);
    });
  });
}

/** What to put in front of the command. Each wrapper replaces itself by what follows: the process id stays. */
export async function wrapperArgs(wrappers: Wrappers, limits: ProcessLimits): Promise<string[]> {
  const args: string[] = [];
  if (wrappers.nice && limits.niceness) args.push(wrappers.nice, "-n", String(limits.niceness));
  if (wrappers.prlimit) args.push(wrappers.prlimit, ...PRLIMIT_ARGS, ...(await resourceArgs(limits)), "--");
  if (wrappers.setpriv) args.push(wrappers.setpriv, ...SETPRIV_ARGS);
  return args;
}

async function resourceArgs(limits: ProcessLimits): Promise<string[]> {
  const inherited = await readFile("/proc/self/limits", "utf8").catch(() => "");
  const arg = (option: string, name: string, value: number | undefined): string[] => {
    if (value === undefined) return [];
    // A limit can only be lowered; one that is stricter already stays as it is.
    const hard = new RegExp(`^${name} +\\S+ +(\\d+)`, "mu").exec(inherited)?.[1];
    return hard !== undefined && Number(hard) <= value ? [] : [`--${option}=${Math.ceil(value)}`];
  };
  return [
    ...arg("as", "Max address space", limits.memoryBytes),
    ...arg("cpu", "Max cpu time", limits.cpuSeconds),
    ...arg("fsize", "Max file size", limits.fileBytes),
  ];
}

const EXEC_PROBLEMS: Readonly<Record<string, string>> = {
  "No such file or directory": "ENOENT",
  "Permission denied": "EACCES",
  "Exec format error": "ENOEXEC",
  "Argument list too long": "E2BIG",
  "Cannot allocate memory": "ENOMEM",
};

/**
 * Why the wrapper could not start its command (a missing interpreter or loader, say); `undefined` = it did.
 * By convention (POSIX `nice`, `env`) a wrapper then exits with 126 or 127 and says so on stderr.
 */
export function wrapperFailure(exitCode: number | null, stderr: string): string | undefined {
  if (exitCode !== 126 && exitCode !== 127) return undefined;
  const said = /^(?:nice|prlimit|setpriv): .*: ([^:\n]+)\n/u.exec(stderr)?.[1];
  return said === undefined ? undefined : (EXEC_PROBLEMS[said] ?? "UNKNOWN");
}
