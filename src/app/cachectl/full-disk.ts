// After room was made with a copy of the database: the real one learns of it.
import type { Config } from "../../config/config.ts";
import type { Logger } from "../../core/logger.ts";
import type { MaintenanceLog, MaintenanceRun } from "../../db/maintenance-log.ts";
import { isTooFullToOpen } from "../../db/spare.ts";
import { reconcile } from "../../maintenance/reconcile.ts";
import { openCaretaker } from "../caretaker.ts";
import type { Person } from "./context.ts";

const STILL_FULL =
  "The disk is still too full for the database. Make more room, then run: npm run cache -- reconcile";

export interface CatchUpOptions {
  readonly config: Config;
  readonly log: Logger;
  /** Who asked for it. */
  readonly actor: string;
  readonly person: Pick<Person, "say">;
  /** What only the copy knows: the run that has just ended, if it changed anything. */
  readonly copy: Pick<MaintenanceLog, "recent">;
  readonly sinceMs: number;
}

/**
 * Writes the audit rows that only a copy has, and makes rows and files agree. When there still is no room, the next
 * reconcile does that; until then a row without its file heals when its song is played.
 */
export async function catchUp(options: CatchUpOptions, signal: AbortSignal): Promise<void> {
  const { config, log, person, copy, sinceMs } = options;
  const runs = (await copy.recent(1)).filter(({ startedAtMs }) => startedAtMs >= sinceMs);
  if (runs.length === 0) return;
  if (await isTooFullToOpen(config.database.path)) return person.say(STILL_FULL);
  try {
    await tellRows(options, runs, signal);
  } catch (error) {
    // What was asked for is done.
    log.error("cache.catch_up_failed", { error, cure: "npm run cache -- reconcile" });
  }
}

async function tellRows(
  { config, log, actor }: CatchUpOptions,
  runs: readonly MaintenanceRun[],
  signal: AbortSignal,
): Promise<void> {
  const caretaker = await openCaretaker({ config, log }, signal);
  try {
    for (const run of runs) await caretaker.runs.record(run);
    const detail = "after making room on a full disk";
    const request = { kind: "reconcile", actor, origin: "cli", detail, dryRun: false } as const;
    await caretaker.maintenance.perform(request, (task) => reconcile(caretaker.deps, task), { signal });
  } finally {
    await caretaker.close();
  }
}
