/** File systems of a chosen size, where the one who runs the tests may mount them. */
import { spawnSync } from "node:child_process";

function mount(...args: readonly string[]): boolean {
  return spawnSync("mount", args, { stdio: "ignore" }).status === 0;
}

/** A small empty file system in memory on a folder. False = not allowed here. */
export function mountSmall(folder: string, bytes: number): boolean {
  return process.platform === "linux" && mount("-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", folder);
}

export function remount(folder: string, mode: "ro" | "rw"): boolean {
  return mount("-o", `remount,${mode}`, folder);
}

export function unmount(folder: string): void {
  spawnSync("umount", ["-l", folder], { stdio: "ignore" });
}

/** Why the tests that need it did not run, so that nobody takes them for passed. */
export const NOT_MOUNTED = "SKIPPED: file systems may not be mounted here; run as root to see a full disk\n";
