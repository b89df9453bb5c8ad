/** The database as everything that is Encore opens it: brought back when it was lost. */
import type { Config } from "../config/config.ts";
import { systemClock } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import { CacheIndex } from "../db/cache-index.ts";
import { CacheRows } from "../db/cache-rows.ts";
import { KeptDatabase } from "../db/kept-database.ts";
import { demoteStaleRows } from "../maintenance/demote.ts";
import { FsBlobStore } from "../storage/fs.ts";
import { cacheFolders } from "./folders.ts";

/**
 * Opens it and brings it up to date. The rows of files that no backup knows come back by `Library.rebuild`.
 * @throws {AppError} `DATABASE_NEWER`, `DATABASE_UNREADABLE`, `ABORTED`
 */
export async function openKeptDatabase(
  config: Config,
  log: Logger,
  signal: AbortSignal,
): Promise<KeptDatabase> {
  const { audio: root, quarantine } = cacheFolders(config);
  const blobs = new FsBlobStore({ root, quarantine });
  return await KeptDatabase.open(
    {
      file: config.database.path,
      clock: systemClock,
      log,
      settle: async (db) => {
        const rows = await demoteStaleRows({ rows: new CacheRows(db), index: new CacheIndex(db), blobs });
        if (rows > 0) log.warn("database.rows_distrusted", { rows });
      },
    },
    signal,
  );
}
