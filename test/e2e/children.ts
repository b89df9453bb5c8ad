// Looks for the programs a bot has started, alive or dead, whoever their parent is by now.
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { Stage } from "../sandbox/stage.ts";

const TIMEOUT_MS = 5_000;

/**
 * Command lines that name the stage's folder: of yt-dlp, ffmpeg, the programs wrapped around them, and what they
 * started. The bot's own command line does not, and other tests have other folders.
 */
export async function childrenOf(stage: Stage): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/u.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")),
  );
  return lines.filter((line) => line.includes(stage.directory)).map((line) => line.replaceAll("\0", " "));
}

/** Children of a living process that ended and are not waited for within a second. */
export async function zombiesOf(parentPid: number): Promise<string[]> {
  const deadlineMs = performance.now() + 1_000;
  for (;;) {
    const found = await zombiesNow(parentPid);
    if (found.length === 0 || performance.now() > deadlineMs) return found;
    await delay(10);
  }
}

async function zombiesNow(parentPid: number): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/u.test(name));
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, "latin1").catch(() => "")));
  return stats.filter((stat) => {
    const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" && Number(parent) === parentPid;
  });
}

/** Waits until there are such children, or none. @throws {Error} with those there are */
export async function untilChildren(stage: Stage, wanted: "some" | "none"): Promise<string[]> {
  const deadlineMs = performance.now() + TIMEOUT_MS;
  for (;;) {
    const found = await childrenOf(stage);
    if (found.length > 0 === (wanted === "some")) return found;
    if (performance.now() > deadlineMs) throw new Error(`Wanted ${wanted}, there are:\n${found.join("\n")}`);
    await delay(10);
  }
}
