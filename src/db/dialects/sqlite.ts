import { setTimeout as delay } from "node:timers/promises";
import Sqlite from "better-sqlite3";
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";

/** How long SQLite itself waits for another process before it reports "busy". */
const BUSY_TIMEOUT_MS = 5_000;
const BUSY_PAUSE_MS = 20;

/** A -wal beyond this size means that somebody reads for very long, so that nothing can be moved out of it. */
export const WAL_LIMIT_BYTES = 64 * 1024 * 1024;

/**
 * SQLite in WAL mode with every commit synced.
 * The file must never be opened with `fs` in this process: closing any descriptor of it drops SQLite's locks
 * (POSIX advisory locks, https://sqlite.org/howtocorrupt.html §2.2).
 */
export function sqliteDialect(file: string): ReopenableDialect {
  const driver = new ReopeningDriver({ database: () => connectPatiently(file) });
  return {
    createAdapter: () => new TransactionalAdapter(),
    createDriver: () => driver,
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    reopen: () => driver.reopen(),
  };
}

/** Serves one kysely instance. */
export interface ReopenableDialect extends Dialect {
  /**
   * Closes the connection and opens what has the file's name now. Only while the one connection is taken
   * (`db.connection()`), so that no query and no transaction is in between.
   */
  reopen(): Promise<void>;
}

/**
 * kysely takes SQLite for a database whose tables cannot be changed in a transaction. They can: so a migration that
 * breaks off leaves nothing behind, and of two processes that start at once the second one waits.
 */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/**
 * kysely begins with a plain BEGIN, which takes the write lock at the first write: read-then-write then fails at
 * once with SQLITE_BUSY_SNAPSHOT when another process wrote in between, whatever the busy timeout. IMMEDIATE waits.
 * It can also go on with another file under the same name.
 */
class ReopeningDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("begin immediate"));
  }

  /**
   * When the disk is full SQLite rolls back by itself (https://sqlite.org/lang_transaction.html §3.1). The error to
   * tell is that one, not that there is nothing left to roll back.
   */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await super.rollbackTransaction(connection);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes("no transaction is active")) throw error;
    }
  }

  /** SQLite leaves a file alone that is no longer its own, so closing harms nobody who has opened the new one. */
  async reopen(): Promise<void> {
    await this.destroy();
    await this.init();
  }
}

/**
 * While another process recovers, closes or switches the same database, SQLite says "busy" at once and does not wait
 * for its own timeout (https://sqlite.org/wal.html, "sometimes queries return SQLITE_BUSY in WAL mode").
 */
async function connectPatiently(file: string): Promise<Sqlite.Database> {
  const deadline = performance.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      return connect(file);
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
    }
    await delay(BUSY_PAUSE_MS);
  }
}

function connect(file: string): Sqlite.Database {
  const connection = new Sqlite(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    connection.pragma("journal_mode = WAL");
    connection.pragma("synchronous = FULL");
    connection.pragma("foreign_keys = ON");
    // What a long reader made the -wal grow to is given back once it is done.
    connection.pragma(`journal_size_limit = ${WAL_LIMIT_BYTES}`);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** True for an error that a second try can cure: another process held the lock for longer than the timeout. */
export function isBusy(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && error.code.startsWith("SQLITE_BUSY");
}
