import type { BigIntStats } from "node:fs";
import { stat } from "node:fs/promises";
import { sql } from "kysely";
import type { Logger } from "../core/logger.ts";
import { isBackupDue, makeBackup } from "./backup.ts";
import { WAL_LIMIT_BYTES } from "./dialects/sqlite.ts";
import { isDamage, withFileLock } from "./dialects/sqlite-file.ts";
import { type MigrationReport, openDatabase, type OpenedDatabase, writeTransaction } from "./open.ts";
import { ensureDatabase, type Recovery, type RecoveryOptions } from "./recovery.ts";
import type { Database } from "./schema.ts";

export interface KeptDatabaseOptions extends RecoveryOptions {
  readonly log: Logger;
  /** Size of the -wal from which on the log is told. Not given: 64 MiB. */
  readonly walAlarmBytes?: number;
}

/** Which files on the disk a connection works on. */
interface Identity {
  readonly database: string | undefined;
  readonly wal: string | undefined;
  readonly walBytes: number;
}

interface Opened extends OpenedDatabase {
  readonly recovery: Recovery | undefined;
  readonly identity: Identity;
}

/**
 * The database of a running bot. Everybody holds the same `db` for as long as the process lives; when the file under
 * its name is lost or replaced, the connection behind it changes, between two queries and never within a transaction.
 */
export class KeptDatabase {
  readonly db: Database;
  /** What opening it did. */
  readonly migration: MigrationReport;
  readonly #options: KeptDatabaseOptions;
  readonly #reopen: () => Promise<void>;
  #recovery: Recovery | undefined;
  #identity: Identity;
  #checking: Promise<boolean> | undefined;
  #foundDamage = false;
  #isWalLarge = false;
  #generation = 1;

  private constructor(options: KeptDatabaseOptions, opened: Opened) {
    this.db = opened.db;
    this.migration = opened.migration;
    this.#recovery = opened.recovery;
    this.#options = options;
    this.#reopen = opened.reopen;
    this.#identity = opened.identity;
  }

  /**
   * Opens it; brings it back first when it is lost or damaged.
   * @throws {AppError} `DATABASE_NEWER`, `DATABASE_UNREADABLE`, `ABORTED`
   */
  static async open(options: KeptDatabaseOptions, signal: AbortSignal): Promise<KeptDatabase> {
    const { recovery, migrated } = await ensureDatabase(options, undefined, signal);
    if (recovery) tell(options, recovery);
    const { migration, ...opened } = await openDatabase(options.file, options);
    const { backup, applied } = migration;
    if (backup !== undefined) options.log.info("database.backed_up", { path: backup, before: applied });
    return new KeptDatabase(options, {
      ...opened,
      recovery,
      migration: { ...migration, applied: [...migrated, ...applied] },
      identity: await identityOf(options.file),
    });
  }

  /** Grows each time another file is behind {@link db}: then rows and files have to be compared anew. */
  get generation(): number {
    return this.#generation;
  }

  /** What the newest opening brought back; `undefined` = nothing was wrong with it. */
  get recovery(): Recovery | undefined {
    return this.#recovery;
  }

  /**
   * Looks whether the file that is open still is the one under its name, and goes on with that one when not. In WAL
   * mode SQLite would go on writing into the deleted file without a word, and all would be lost at the end.
   * Call it every few seconds and before maintenance.
   * @returns true when the file was another one
   */
  async check(signal: AbortSignal): Promise<boolean> {
    this.#checking ??= this.#check(signal).finally(() => {
      this.#checking = undefined;
    });
    return await this.#checking;
  }

  /**
   * Makes a backup when the newest is a day old. Of several processes one does it.
   * @returns its path; `undefined` = none was due
   */
  async backupIfDue(signal: AbortSignal): Promise<string | undefined> {
    const { file, clock, log } = this.#options;
    if (!(await isBackupDue(file, clock))) return undefined;
    return await withFileLock(
      `${file}.lock`,
      async () => {
        if (!(await isBackupDue(file, clock))) return undefined;
        const path = await makeBackup(file, "daily", clock).catch((error: unknown) => {
          // It read every row, so it is the first to know. The next check brings the database back.
          this.#foundDamage ||= isDamage(error);
          throw error;
        });
        log.info("database.backed_up", { path });
        return path;
      },
      signal,
    );
  }

  async close(): Promise<void> {
    await this.#checking?.catch(() => undefined);
    await this.db.destroy();
  }

  async #check(signal: AbortSignal): Promise<boolean> {
    if (!(await this.#isLost())) return false;
    this.#foundDamage = false;
    const { file, log } = this.#options;
    log.warn("database.lost", { path: file });
    // Whoever wants to read or write waits from here on.
    await this.db.connection().execute(async (connection) => {
      const rescue = async (toPath: string): Promise<void> => {
        await sql`vacuum into ${toPath}`.execute(connection);
      };
      const { recovery } = await ensureDatabase(this.#options, rescue, signal);
      if (recovery) tell(this.#options, recovery);
      else await this.#welcomeStranger();
      this.#recovery = recovery;
      await this.#reopen();
    });
    this.#identity = await identityOf(file);
    this.#generation += 1;
    log.info("database.reopened", { path: file });
    return true;
  }

  /** A database that somebody put there may be of an older version, and older than what is in the cache. */
  async #welcomeStranger(): Promise<void> {
    const { db } = await openDatabase(this.#options.file, this.#options);
    try {
      await writeTransaction(db, this.#options.settle);
    } finally {
      await db.destroy();
    }
  }

  async #isLost(): Promise<boolean> {
    if (this.#foundDamage) return true;
    const now = await identityOf(this.#options.file);
    this.#watchWal(now.walBytes);
    if (now.database !== this.#identity.database) return true;
    // SQLite makes it when it needs it.
    if (this.#identity.wal === undefined) this.#identity = now;
    if (now.wal !== this.#identity.wal) return true;
    return await this.#isUnreadable();
  }

  #watchWal(bytes: number): void {
    const { log, walAlarmBytes = WAL_LIMIT_BYTES } = this.#options;
    const isLarge = bytes > walAlarmBytes;
    if (isLarge && !this.#isWalLarge) log.warn("database.wal_large", { bytes });
    this.#isWalLarge = isLarge;
  }

  /** Emptied or overwritten in place it is the same file still. */
  async #isUnreadable(): Promise<boolean> {
    try {
      await sql`select count(*) from sqlite_master`.execute(this.db);
      return false;
    } catch (error) {
      if (isDamage(error)) return true;
      throw error;
    }
  }
}

function tell({ log, file }: KeptDatabaseOptions, recovery: Recovery): void {
  log.warn("database.recovered", { path: file, ...recovery });
}

/** By path: opening the file, if only to ask for its number, would drop SQLite's locks on it. */
async function identityOf(file: string): Promise<Identity> {
  const [database, wal] = await Promise.all([lookAt(file), lookAt(`${file}-wal`)]);
  return { database: numberOf(database), wal: numberOf(wal), walBytes: Number(wal?.size ?? 0) };
}

async function lookAt(file: string): Promise<BigIntStats | undefined> {
  return await stat(file, { bigint: true }).catch(() => undefined);
}

function numberOf(facts: BigIntStats | undefined): string | undefined {
  return facts && `${facts.dev}:${facts.ino}`;
}
