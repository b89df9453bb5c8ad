/** CPU time of a process and everything it started, from /proc. Children that have ended are in their parent's sum. */
import { readdir, readFile } from "node:fs/promises";

/** The kernel counts here in hundredths of a second (USER_HZ). */
const TICK_MS = 10;
const PAGE_BYTES = 4_096;

export interface FamilyUse {
  /** User and system time of the children so far, running and ended. */
  readonly childrenCpuMs: number;
  /** Running children and theirs. */
  readonly children: number;
  readonly childrenRssBytes: number;
}

/** What the children of a process used so far; nothing on systems without /proc. */
export async function familyUse(pid: number): Promise<FamilyUse> {
  const all = await processes();
  const family = descendants(all, pid);
  const own = all.find((one) => one.pid === pid);
  return {
    childrenCpuMs: family.reduce((sum, one) => sum + one.cpuMs + one.endedCpuMs, own?.endedCpuMs ?? 0),
    children: family.length,
    childrenRssBytes: family.reduce((sum, one) => sum + one.rssBytes, 0),
  };
}

interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  readonly cpuMs: number;
  readonly endedCpuMs: number;
  readonly rssBytes: number;
}

async function processes(): Promise<ProcessFacts[]> {
  const names = await readdir("/proc").catch(() => []);
  const pids = names.filter((name) => /^\d+$/u.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => readFile(`/proc/${pid}/stat`, "utf8").catch(() => "")),
  );
  return found.filter(Boolean).map(parse);
}

/** The fields of proc_pid_stat(5); the name in brackets may contain anything. */
function parse(stat: string): ProcessFacts {
  const fields = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  const [, parent = 0] = fields;
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15);
  return {
    pid: Number.parseInt(stat, 10),
    parent,
    cpuMs: (user + system) * TICK_MS,
    endedCpuMs: (endedUser + endedSystem) * TICK_MS,
    rssBytes: (fields[21] ?? 0) * PAGE_BYTES,
  };
}

function descendants(all: readonly ProcessFacts[], pid: number): ProcessFacts[] {
  const children = all.filter(({ parent }) => parent === pid);
  return children.flatMap((child) => [child, ...descendants(all, child.pid)]);
}
