// The chores of the running bot: nightly clean-up, a slow scrub, warnings, the ballast.
import type { Config } from "../config/config.ts";
import type { Clock } from "../core/clock.ts";
import { AppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { type Notice, notice } from "../core/notices.ts";
import { countOldPlays, forgetOldPlays } from "../maintenance/old-plays.ts";
import { TaskRecord } from "../maintenance/record.ts";
import { findScraps, removeScraps, SCRAP_CATEGORIES } from "../maintenance/scraps.ts";
import { type Chore, isDaily, isHourly, isNightly, Schedule } from "../maintenance/schedule.ts";
import { scrub } from "../maintenance/scrub.ts";
import type { Settings } from "../db/settings.ts";
import type { Caretaker } from "./caretaker.ts";
import { layBallastIn } from "./folders.ts";
import type { OwnerNotices } from "./owner-notices.ts";

export interface HousekeepingDeps {
  readonly config: Config;
  readonly log: Logger;
  readonly caretaker: Caretaker;
  readonly notices: Pick<OwnerNotices, "tell">;
  readonly settings: Pick<Settings, "get" | "set">;
  readonly clock: Clock;
}

/** Files of 4 MB are read in well under a second; a cache of 8 GiB comes round in three weeks. */
const SCRUB_FILES = 4;
const SCRUB_PLACE = "scrub.place";

/** Begins with the chores; close it when the bot ends. */
export function startHousekeeping(deps: HousekeepingDeps): Schedule {
  const { config, log, settings, clock } = deps;
  const chores: Chore[] = [
    { name: "ballast", isDue: isDaily, work: async () => void (await layBallastIn(config)) },
    { name: "warning", isDue: isHourly, work: () => warn(deps) },
    { name: "scrub", isDue: isHourly, work: (signal) => scrubSome(deps, signal) },
  ];
  if (config.cache.autoCleanup)
    chores.push({ name: "cleanup", isDue: isNightly, work: (signal) => cleanUp(deps, signal) });
  return new Schedule({ chores, memory: settings, clock, log });
}

async function cleanUp({ caretaker, log }: HousekeepingDeps, signal: AbortSignal): Promise<void> {
  const { maintenance, deps } = caretaker;
  const plan = await maintenance.plan("cleanup");
  const found = await Promise.all(SCRAP_CATEGORIES.map((category) => findScraps(deps, category, "aged")));
  const scraps = found.flat();
  if (plan.removals.count + scraps.length + (await countOldPlays(deps)) === 0) return;
  const request = {
    kind: "cleanup",
    actor: "schedule",
    origin: "schedule",
    detail: "nightly",
    dryRun: false,
  } as const;
  try {
    const { failed } = await maintenance.perform(
      request,
      async (task) => {
        await maintenance.apply(plan, task);
        await removeScraps(deps, scraps, task);
        await forgetOldPlays(deps, task);
      },
      { signal },
    );
    if (failed > 0) log.warn("cache.cleanup_incomplete", { failed });
  } catch (error) {
    // Somebody is cleaning up already.
    if (!(error instanceof AppError) || error.code !== "BUSY_MAINTENANCE") throw error;
  }
}

async function scrubSome({ caretaker, settings, log }: HousekeepingDeps, signal: AbortSignal): Promise<void> {
  const record = new TaskRecord([
    {
      onStep: ({ action, subject, reason }) =>
        log.warn("cache.repaired", { file: subject, found: reason, action }),
      onFailure: (failure) => log.warn("cache.scrub_failed", { ...failure }),
    },
  ]);
  const after = await settings.get(SCRUB_PLACE);
  const task = { record, dryRun: false, signal };
  const place = await scrub(caretaker.deps, task, { count: SCRUB_FILES, after: after || undefined });
  await settings.set(SCRUB_PLACE, place ?? "");
}

async function warn({ caretaker, notices }: HousekeepingDeps): Promise<void> {
  const warnings = await caretaker.warnings().catch(ifUnwritable);
  for (const warning of warnings) await notices.tell(warning);
}

function ifUnwritable(error: unknown): Notice[] {
  if (error instanceof AppError && error.code === "CACHE_UNWRITABLE") return [notice("cache-unwritable")];
  throw error;
}
