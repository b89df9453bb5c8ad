// A child and everything it started, addressed as one: the POSIX process group.
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

const POLL_MS = 10;
/** SIGKILL cannot be refused, but a process inside a system call ends only when that returns. */
const KILL_WAIT_MS = 5_000;

/** Sends a signal to the whole group. False when nobody of it is left. */
export function signalGroup(groupId: number, signal: NodeJS.Signals | 0): boolean {
  // Windows knows no groups: the child alone is ended there.
  const target = process.platform === "win32" ? groupId : -groupId;
  try {
    process.kill(target, signal);
    return true;
  } catch {
    return false;
  }
}

/**
 * Ends the group: SIGTERM, then SIGKILL for those who are left after `graceMs`. Resolves when it is gone, at once if
 * it already was. A member that has made itself another session cannot be seen from here.
 */
export async function endGroup(groupId: number, graceMs: number): Promise<void> {
  if (!signalGroup(groupId, "SIGTERM")) return;
  if (await isGoneWithin(groupId, graceMs)) return;
  signalGroup(groupId, "SIGKILL");
  await isGoneWithin(groupId, KILL_WAIT_MS);
}

async function isGoneWithin(groupId: number, limitMs: number): Promise<boolean> {
  const deadlineMs = performance.now() + limitMs;
  while (await hasLivingMember(groupId)) {
    if (performance.now() >= deadlineMs) return false;
    await delay(POLL_MS);
  }
  return true;
}

/**
 * A dead process that nobody has waited for still takes signals. In a container without an init that is the fate of
 * every orphan, so the group's living are counted where the system lets us look.
 */
async function hasLivingMember(groupId: number): Promise<boolean> {
  if (!signalGroup(groupId, 0)) return false;
  if (process.platform !== "linux") return true;
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/u.test(name));
  for (const pid of pids) if (await isLivingMember(pid, groupId)) return true;
  return false;
}

async function isLivingMember(pid: string, groupId: number): Promise<boolean> {
  try {
    // proc(5): pid (name) state ppid pgrp; the name may hold anything, so reading starts after its last bracket.
    const stat = await readFile(`/proc/${pid}/stat`, "latin1");
    const [state, , group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return Number(group) === groupId && state !== "Z" && state !== "X";
  } catch {
    return false;
  }
}
