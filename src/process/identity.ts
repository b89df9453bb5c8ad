// Who this process is, in a way that another process on this host can check after a crash.
import { readFileSync, readlinkSync } from "node:fs";

/**
 * `<boot id>/<pid namespace>/<pid>/<start time>`: a pid alone comes back after a while, and two containers both have
 * a pid 17. Where /proc does not exist the parts are `-`, and nobody is ever provably dead.
 */
export type OwnerId = string;

const UNKNOWN = "-";

/** Identity of a process; default: this one. */
export function ownerId(pid: number = process.pid): OwnerId {
  return [bootId(), pidNamespace(), String(pid), startTime(pid) ?? UNKNOWN].join("/");
}

/**
 * True when the owner can be shown to be gone: its pid, in our boot and our pid namespace, is free or belongs to
 * another process. False when it lives or when we cannot tell: another boot id can be a restart of this machine or
 * another machine with the same folder, so there only time helps.
 */
export function isProvablyDead(owner: OwnerId): boolean {
  const [boot, namespace, pid, started] = owner.split("/");
  const isOurs = boot === bootId() && boot !== UNKNOWN && namespace === pidNamespace();
  if (!isOurs || started === undefined || started === UNKNOWN) return false;
  return startTime(Number(pid)) !== started;
}

/** True when the owner runs on this start of this machine, so that its uptime is ours. */
export function sharesBoot(owner: OwnerId): boolean {
  return bootId() !== UNKNOWN && owner.startsWith(`${bootId()}/`);
}

function bootId(): string {
  return readOr("/proc/sys/kernel/random/boot_id");
}

function pidNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return UNKNOWN;
  }
}

/** Field 22 of /proc/PID/stat: start time in clock ticks since boot (proc_pid_stat(5)); `undefined` = no such process. */
function startTime(pid: number): string | undefined {
  const stat = readOr(`/proc/${pid}/stat`);
  // The name in parentheses may hold blanks and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // A zombie holds its pid, but it will never do anything again.
  return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
}

function readOr(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return UNKNOWN;
  }
}
