import type { Preparation } from "../core/preparation.ts";

const WORTH_FINISHING = 0.5;

/** True when a fill that nobody waits for any more is far enough to be finished for the next time. */
export function worthFinishing(progress: Preparation): boolean {
  if (progress.status === "normalizing") return true;
  if (progress.status !== "downloading" || progress.totalBytes === null) return false;
  return progress.receivedBytes / progress.totalBytes > WORTH_FINISHING;
}
