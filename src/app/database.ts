/** The database as everything that is Encore opens it: brought back when it was lost. */
import type { Config } from "../config/config.ts";
import { systemClock } from "../core/clock.ts";
import { AppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { CacheIndex } from "../db/cache-index.ts";
import { CacheRows } from "../db/cache-rows.ts";
import { KeptDatabase } from "../db/kept-database.ts";
import type { Database } from "../db/schema.ts";
import { isTooFullToOpen } from "../db/spare.ts";
import { demoteStaleRows } from "../maintenance/demote.ts";
import { FsBlobStore } from "../storage/fs.ts";
import { cacheFolders } from "./folders.ts";

/**
 * Opens it and brings it up to date. The rows of files that no backup knows come back by `Library.rebuild`.
 * @throws {AppError} `DATABASE_NEWER`, `DATABASE_UNREADABLE`, `DISK_TOO_FULL`, `ABORTED`
 */
export async function openKeptDatabase(
  config: Config,
  log: Logger,
  signal: AbortSignal,
): Promise<KeptDatabase> {
  const { audio: root, quarantine } = cacheFolders(config);
  const file = config.database.path;
  const blobs = new FsBlobStore({ root, quarantine });
  const settle = async (db: Database): Promise<void> => {
    const rows = await demoteStaleRows({ rows: new CacheRows(db), index: new CacheIndex(db), blobs });
    if (rows > 0) log.warn("database.rows_distrusted", { rows });
  };
  try {
    return await KeptDatabase.open({ file, clock: systemClock, log, settle }, signal);
  } catch (error) {
    // SQLite calls it "disk I/O error".
    if (await isTooFullToOpen(file)) throw new AppError("DISK_TOO_FULL", {}, { cause: error });
    throw error;
  }
}
