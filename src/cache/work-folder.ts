import { randomBytes } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import * as path from "node:path";

/** `<key>.<pid>-<random>.src`: the process that made it, and a part that no other try ever has. */
const WORK_NAME = /\.(?<pid>\d{1,10})-[0-9a-f]{12}\.[a-z.]+$/u;

/** Makes scratch names ours alone: what an earlier try left behind can never be mistaken for this one's. */
export function newWorkToken(pid: number = process.pid): string {
  return `${pid}-${randomBytes(6).toString("hex")}`;
}

/**
 * Removes scratch files whose process is gone (this process has none yet when it starts). Names that are not ours
 * stay. Returns how many were removed.
 */
export async function sweepWorkFolder(directory: string, ownPid: number = process.pid): Promise<number> {
  const names = await readdir(directory);
  const dead = names.filter((name) => {
    const pid = Number(WORK_NAME.exec(name)?.groups?.["pid"] ?? Number.NaN);
    return pid === ownPid || (Number.isInteger(pid) && !isAlive(pid));
  });
  await Promise.all(dead.map((name) => rm(path.join(directory, name), { recursive: true, force: true })));
  return dead.length;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
