/** Looks after the database while the bot runs: lost files noticed, daily backups, rows for files without one. */
import type { Logger } from "../core/logger.ts";
import type { KeptDatabase } from "../db/kept-database.ts";
import type { Recovery } from "../db/recovery.ts";
import type { RebuildReport } from "../maintenance/rebuild.ts";

export interface DatabaseCareDeps {
  readonly database: Pick<KeptDatabase, "check" | "backupIfDue" | "generation" | "recovery">;
  /** One pass over the files. */
  readonly rebuild: (signal: AbortSignal) => Promise<RebuildReport>;
  /** Told when the database was lost and has been brought back, before this began or since. */
  readonly onRecovered: (recovery: Recovery) => void;
  readonly log: Logger;
}

const CHECK_MS = 10_000;
/** How often files are looked through for those without a row or a loudness, and whether a backup is due. */
const TIDY_MS = 60 * 60 * 1000;

/** From now on until it is closed. */
export class DatabaseCare {
  readonly #deps: DatabaseCareDeps;
  readonly #shutdown = new AbortController();
  readonly #timers: readonly NodeJS.Timeout[];
  #generation: number;
  /** What runs now; the next waits for it. */
  #rebuilding: Promise<void>;
  readonly #running = new Set<Promise<void>>();

  constructor(deps: DatabaseCareDeps) {
    this.#deps = deps;
    this.#generation = deps.database.generation;
    this.#rebuilding = Promise.resolve();
    this.#tellRecovery();
    this.#tidy();
    this.#timers = [
      setInterval(() => this.#look(), CHECK_MS).unref(),
      setInterval(() => this.#tidy(), TIDY_MS).unref(),
    ];
  }

  /** Ends everything and waits for it. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#shutdown.abort();
    await Promise.all([...this.#running, this.#rebuilding]);
  }

  #look(): void {
    const { database } = this.#deps;
    this.#run("database.check_failed", async (signal) => {
      await database.check(signal);
      // Somebody else may have found out before us.
      if (database.generation === this.#generation) return;
      this.#generation = database.generation;
      this.#tellRecovery();
      this.#rebuildNext();
    });
  }

  #tellRecovery(): void {
    const { database, onRecovered } = this.#deps;
    if (database.recovery) onRecovered(database.recovery);
  }

  /** A backup is worth more with all rows in it. */
  #tidy(): void {
    this.#rebuildNext();
    this.#rebuilding = this.#rebuilding.then(() => this.#backUp());
  }

  #rebuildNext(): void {
    this.#rebuilding = this.#rebuilding.then(() => this.#rebuild());
  }

  #backUp(): void {
    this.#run("database.backup_failed", (signal) => this.#deps.database.backupIfDue(signal));
  }

  async #rebuild(): Promise<void> {
    const { rebuild, log } = this.#deps;
    const { signal } = this.#shutdown;
    if (signal.aborted) return;
    try {
      const { files, ...changes } = await rebuild(signal);
      if (Object.values(changes).some((count) => count > 0)) log.info("cache.rebuilt", { files, ...changes });
    } catch (error) {
      if (!signal.aborted) log.error("cache.rebuild_failed", { error });
    }
  }

  #run(failure: string, work: (signal: AbortSignal) => Promise<unknown>): void {
    const { signal } = this.#shutdown;
    if (signal.aborted) return;
    const running = work(signal)
      .catch((error: unknown) => {
        if (!signal.aborted) this.#deps.log.error(failure, { error });
      })
      .then(() => void this.#running.delete(running));
    this.#running.add(running);
  }
}
