/** What `setup` and `doctor` say about the database and its backups. */
import path from "node:path";
import type { Config } from "../config/config.ts";
import type { Clock } from "../core/clock.ts";
import { AppError, toAppError } from "../core/errors.ts";
import { formatBytes, plural } from "../core/format.ts";
import { silentLogger } from "../core/logger.ts";
import { backupFolder, listBackups } from "../db/backup.ts";
import { isDamage, requireWhole } from "../db/dialects/sqlite-file.ts";
import { inspectDatabase } from "../db/inspect.ts";
import { isTooFullToOpen } from "../db/spare.ts";
import type { KeptDatabase } from "../db/kept-database.ts";
import type { Recovery } from "../db/recovery.ts";
import { openKeptDatabase } from "./database.ts";
import { probeFileSystem } from "./file-system.ts";
import type { Finding } from "./finding.ts";

/** Opens the database as the bot does: brings it back when it was lost, and up to date. */
export async function setUpDatabase(config: Config, signal: AbortSignal): Promise<Finding> {
  const name = "database";
  try {
    const kept = await openKeptDatabase(config, silentLogger, signal);
    await kept.close();
    const recovered = kept.recovery ? `${recoveryText(kept.recovery)}; ` : "";
    const text = `${recovered}${migrationText(kept)}, ${config.database.path}`;
    return { name, status: kept.recovery ? "warning" : "ok", text };
  } catch (error) {
    return { name, status: "problem", text: toAppError(error).message };
  }
}

function migrationText({ migration }: KeptDatabase): string {
  return migration.applied.length === 0 ? "up to date" : `migrated by ${migration.applied.join(", ")}`;
}

/** What was wrong with the database and where everything is now. */
export function recoveryText({ found, setAside, restoredFrom }: Recovery): string {
  const aside = setAside === undefined ? "" : ` and is now ${setAside}`;
  const back = restoredFrom === undefined ? "begun anew" : `brought back from ${restoredFrom}`;
  return `was ${found}${aside}, ${back}; songs in the cache are found again when the bot starts`;
}

/** Reads the database from end to end and changes nothing. */
export async function checkDatabase(config: Config): Promise<Finding> {
  const name = "database";
  const file = config.database.path;
  try {
    if (await isTooFullToOpen(file)) throw new AppError("DISK_TOO_FULL");
    const state = await inspectDatabase(file);
    if (!state) return { name, status: "warning", text: `not there yet: ${file}. Run: npm run setup` };
    const { network } = await probeFileSystem(path.dirname(file));
    const facts = { ...state, path: file, quickCheck: "ok" };
    const judged = (status: Finding["status"], text: string): Finding => ({ name, status, text, facts });
    if (network !== undefined) {
      return judged(
        "problem",
        `${file} is on a network file system (${network}), where SQLite can lose data. Set DATABASE_URL to a local disk.`,
      );
    }
    if (state.pending.length > 0)
      return judged("warning", `${state.pending.length} migrations behind. Run: npm run setup`);
    return judged("ok", `version ${state.version}, quick check passed, ${file}`);
  } catch (error) {
    const { message, cause } = toAppError(error);
    const cure = isDamage(cause)
      ? " At its next start the bot sets it aside and brings back the newest good backup."
      : "";
    return { name, status: "problem", text: `${message}${cure}` };
  }
}

const DAY_MS = 24 * 60 * 60 * 1000;
const OLD_DAYS = 7;

/** How many backups there are, how old the newest is, and whether it is whole. */
export async function checkBackups(config: Config, clock: Clock): Promise<Finding> {
  const name = "backups";
  const file = config.database.path;
  const backups = await listBackups(file);
  const [newest] = backups;
  if (!newest)
    return { name, status: "ok", text: `none yet in ${backupFolder(file)}; the bot makes one a day` };
  const ageMs = clock.nowMs() - newest.madeAtMs;
  const facts = { count: backups.length, newest: newest.path, bytes: newest.bytes, ageMs };
  const judged = (status: Finding["status"], text: string): Finding => ({ name, status, text, facts });
  try {
    requireWhole(newest.path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return judged("warning", `${newest.path} cannot be read (${reason}). The bot will use an older one.`);
  }
  const age = ageMs < DAY_MS ? "less than a day" : plural(Math.floor(ageMs / DAY_MS), "day");
  const text = `${plural(backups.length, "backup")}, the newest ${age} old, ${formatBytes(newest.bytes)}, quick check passed`;
  return ageMs > OLD_DAYS * DAY_MS
    ? judged("warning", `${text}. The bot makes one a day while it runs.`)
    : judged("ok", text);
}
