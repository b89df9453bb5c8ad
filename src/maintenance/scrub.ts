// A few files at a time, round and round: what rots on the disk is found before somebody wants to hear it.
import { attempt, type Task } from "./record.ts";
import { verifyOne, type VerifyDeps } from "./verify.ts";

export interface ScrubOptions {
  /** Files to read. */
  readonly count: number;
  /** Profile and key of the song that was read last, with a slash between; `undefined` = begin anew. */
  readonly after: string | undefined;
}

/** Reads the next files and sets damaged ones aside. Returns where to go on; `undefined` = it came round. */
export async function scrub(
  deps: VerifyDeps,
  task: Task,
  { count, after }: ScrubOptions,
): Promise<string | undefined> {
  const [profileId = "", key = ""] = after?.split("/") ?? [];
  const next = await deps.rows.after({ profileId, key }, count);
  for (const row of next)
    await attempt(task, row.blobRef, () => verifyOne(deps, task, row, { withLoudness: false, repair: true }));
  const last = next.at(-1);
  return next.length < count || !last ? undefined : `${last.profileId}/${last.key}`;
}
