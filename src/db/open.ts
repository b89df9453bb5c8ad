import { mkdir } from "node:fs/promises";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { Kysely, type Transaction } from "kysely";
import { FileMigrationProvider, Migrator } from "kysely/migration";
import { type Clock, systemClock } from "../core/clock.ts";
import { AppError } from "../core/errors.ts";
import { makeBackup } from "./backup.ts";
import { isBusy, type ReopenableDialect, sqliteDialect } from "./dialects/sqlite.ts";
import { MIGRATIONS, migrationState } from "./migrations.ts";
import type { Database, Schema } from "./schema.ts";

const BUSY_TRIES = 4;

/** What opening did, for `setup` and `doctor`. */
export interface MigrationReport {
  /** Names of the migrations carried out now; empty = it was up to date. */
  readonly applied: readonly string[];
  /** Newest migration in the database. */
  readonly version: string;
  /** Path of the backup that was made before; only a database with something in it gets one. */
  readonly backup: string | undefined;
}

export interface OpenOptions {
  /** Folder of migrations. Not given: this Encore's. */
  readonly migrations?: string;
  readonly clock?: Clock;
  /** False = migrate without a backup before. */
  readonly backup?: boolean;
}

export interface OpenedDatabase extends Pick<ReopenableDialect, "reopen"> {
  readonly db: Database;
  readonly migration: MigrationReport;
}

/**
 * Opens the database at `file` (created with its folder when missing) and brings it up to date.
 * @throws {AppError} `DATABASE_NEWER` (nothing is changed), `DATABASE_UNREADABLE`
 */
export async function openDatabase(file: string, options: OpenOptions = {}): Promise<OpenedDatabase> {
  const dialect = sqliteDialect(file);
  const db: Database = new Kysely<Schema>({ dialect });
  try {
    await mkdir(path.dirname(file), { recursive: true });
    return { db, reopen: () => dialect.reopen(), migration: await migrate(db, file, options) };
  } catch (error) {
    await db.destroy();
    if (error instanceof AppError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError("DATABASE_UNREADABLE", { path: file, reason }, { cause: error });
  }
}

async function migrate(db: Database, file: string, options: OpenOptions): Promise<MigrationReport> {
  const { migrations = MIGRATIONS } = options;
  const { applied: before, pending } = await migrationState(db, file, migrations);
  const backup = before.length > 0 ? await backUpBefore(pending[0], file, options) : undefined;
  const provider = new FileMigrationProvider({
    fs,
    path,
    migrationFolder: migrations,
    onFileIgnored: (name, reason) => {
      throw new AppError("INTERNAL", { detail: `migration ${name} is not usable: ${reason}` });
    },
  });
  const { error, results } = await new Migrator({ db, provider }).migrateToLatest();
  if (error) throw error;
  const applied = (results ?? []).map((result) => result.migrationName);
  return { applied, version: [...before, ...pending].toSorted().at(-1) ?? "none", backup };
}

async function backUpBefore(
  migration: string | undefined,
  file: string,
  { clock = systemClock, backup = true }: OpenOptions,
): Promise<string | undefined> {
  if (migration === undefined || !backup) return undefined;
  return await makeBackup(file, `before-${migration}`, clock);
}

/** Runs a writing transaction (BEGIN IMMEDIATE), again when another process held the lock for too long. */
export async function writeTransaction<T>(
  db: Database,
  work: (transaction: Transaction<Schema>) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (!isBusy(error) || attempt >= BUSY_TRIES) throw error;
    }
  }
}
