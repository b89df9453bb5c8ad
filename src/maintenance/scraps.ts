// Files beside the songs that a clean-up may take: scratch, set aside, old logs, kept downloads.
import * as path from "node:path";
import type { Clock } from "../core/clock.ts";
import { parseCacheKey } from "../core/track.ts";
import type { CacheRows } from "../db/cache-rows.ts";
import type { Leases } from "../db/leases.ts";
import { type FolderEntry, lookAt, readFolder, removeEntry } from "./folder.ts";
import { isLeftover } from "./leftovers.ts";
import { attempt, perform, type Task } from "./record.ts";
import { oldRunLogs } from "./run-logs.ts";

export const SCRAP_CATEGORIES = ["work", "quarantine", "logs", "originals"] as const;

export type ScrapCategory = (typeof SCRAP_CATEGORIES)[number];

export interface Scrap {
  readonly category: ScrapCategory;
  readonly name: string;
  readonly bytes: number;
}

export interface ScrapDeps {
  /** Absolute paths. */
  readonly folders: Readonly<Record<ScrapCategory, string>>;
  readonly leases: Pick<Leases, "livingKeys">;
  readonly rows: Pick<CacheRows, "ofKey">;
  readonly clock: Clock;
}

/** What a category gives up: what has aged, or everything that nobody needs. */
export type Thoroughness = "aged" | "all";

/** What was set aside can be looked into for so long. */
const QUARANTINE_MS = 30 * 24 * 60 * 60 * 1000;

/** What a clean-up of a category would take now. Changes nothing. */
export async function findScraps(
  deps: ScrapDeps,
  category: ScrapCategory,
  how: Thoroughness,
): Promise<Scrap[]> {
  if (category === "logs") {
    const logs = await oldRunLogs(deps.folders.logs, how === "all" ? 0 : undefined);
    return logs.map((log) => ({ category, ...log }));
  }
  const live = await deps.leases.livingKeys();
  const found: Scrap[] = [];
  for await (const entry of readFolder(deps.folders[category])) {
    const rule = { category, how, live, nowMs: deps.clock.nowMs() };
    if (goes(entry, rule) || (category === "originals" && (await isWidowed(deps, entry, live))))
      found.push({ category, name: entry.name, bytes: entry.bytes });
  }
  return found;
}

function goes(
  entry: FolderEntry,
  rule: {
    readonly category: ScrapCategory;
    readonly how: Thoroughness;
    readonly live: ReadonlySet<string>;
    readonly nowMs: number;
  },
): boolean {
  if (entry.name === ".gitkeep") return false;
  if (rule.category === "work") return isLeftover(entry, rule.live, rule.nowMs);
  if (rule.category === "quarantine")
    return rule.how === "all" || rule.nowMs - entry.modifiedAtMs > QUARANTINE_MS;
  // A download is read under the lease of its song.
  return rule.how === "all" && !rule.live.has(entry.name.replace(/\.src$/u, ""));
}

/** A kept download goes with the last file of its song; else it would outlive every limit. */
async function isWidowed(
  { rows }: ScrapDeps,
  { name }: FolderEntry,
  live: ReadonlySet<string>,
): Promise<boolean> {
  const key = name.endsWith(".src") ? parseCacheKey(name.slice(0, -".src".length))?.key : undefined;
  return key !== undefined && !live.has(key) && (await rows.ofKey(key)).length === 0;
}

/** Removes what is still there; what cannot be removed is counted. */
export async function removeScraps(deps: ScrapDeps, scraps: readonly Scrap[], task: Task): Promise<void> {
  for (const { category, name, bytes } of scraps) {
    const subject = `${category}/${name}`;
    const file = path.join(deps.folders[category], name);
    await attempt(task, subject, async () => {
      // Somebody may have been faster.
      if (!(await lookAt(file))) return;
      const isHeld = category === "work" && (await deps.leases.livingKeys()).has(name.split(".")[0] ?? "");
      if (isHeld) return;
      const step = { action: "removed", subject, reason: category, bytes };
      await perform(task, step, () => removeEntry(file, { recursive: category === "work" }));
    });
  }
}
